"""Tests the wheel with every Python version that is supported: `python3 scripts/python_versions_lane.py`.

    python3 scripts/python_versions_lane.py                   all versions that are on this machine
    python3 scripts/python_versions_lane.py --version 3.13    one of them; may be given several times
    python3 scripts/python_versions_lane.py --all             with the tests that take long
    python3 scripts/python_versions_lane.py -k images         all other arguments go to pytest

The wheel is built and installed into an environment of its own for each version; the tests run in a folder that has no
sources. A Python is looked for in INFERENCE_EXT_PYTHONS (paths, separated as in PATH), on PATH and among pyenv's; what
is not there is named at the end. What is left out is told with the reason.

What the wheel depends on is kept in ~/.cache/inference-ext (INFERENCE_EXT_CACHE names another place), about 1 GB for
each version. Exit code 1: a test failed or was skipped, or no version was found; 10: an installation failed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from _environment import ROOT, ensure_environment
from real_server.errors import LaneError
from release_tools.building import HERE, build_in
from release_tools.python_versions import run_versions, supported_versions
from release_tools.source_tree import SourceTree
from schema_tools.command import argument_parser, run

CANNOT_RUN = 10  # as in the other lanes


def main() -> None:
    """Build the wheel and test it."""
    tree = SourceTree(ROOT)
    supported = supported_versions(tree)
    parser = argument_parser(__doc__)
    parser.add_argument("--version", choices=supported, action="append", default=[], help="all when none is named")
    parser.add_argument("--all", action="store_true", help="also the tests that take long")
    arguments, others = parser.parse_known_args()
    python = ensure_environment(extras=["all"], groups=["dev"])
    try:
        with TemporaryDirectory() as scratch:
            wheel = build_in(HERE, tree, Path(scratch), python).wheel
            versions = arguments.version or supported
            good = run_versions(tree, wheel, python, versions, with_slow=arguments.all, pytest_arguments=others)
    except LaneError as error:
        print(error, file=sys.stderr)
        sys.exit(CANNOT_RUN)
    if not good:
        sys.exit(1)


if __name__ == "__main__":
    run(main)
