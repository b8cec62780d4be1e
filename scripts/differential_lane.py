"""Compares the client with inference-sdk 1.8.3, call by call, against one recording server.

    python scripts/differential_lane.py                    install if needed, compare, print the counts
    python scripts/differential_lane.py test -k workflow   the same with arguments for pytest
    python scripts/differential_lane.py install            only make the environment of inference-sdk
    python scripts/differential_lane.py page               write docs/differences.md from its table

inference-sdk has an environment of its own in ~/.cache/inference-ext (INFERENCE_EXT_CACHE names another place); the
tests run in the project's `.venv`. What may differ stands in tests/differential/differences.toml; anything else fails.
Nothing is ever skipped: what cannot be installed ends this command with exit code 10 and the end of the log.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from _environment import ROOT, ensure_environment
from peer_environment import ensure_peer
from real_server.errors import LaneError

TESTS = "tests/differential"
PEER_VARIABLE = "INFERENCE_EXT_PEER_PYTHON"
CANNOT_RUN = 10  # apart from pytest's own codes, 0 to 5


def test(pytest_arguments: list[str]) -> int:
    """Run the comparison and return pytest's exit code."""
    python = ensure_environment(extras=["all"], groups=["dev"])
    variables = {**os.environ, PEER_VARIABLE: str(ensure_peer())}
    # One dot per case would bury the counts.
    command = [str(python), "-m", "pytest", "-q", TESTS, *pytest_arguments]
    return subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode


def write_page() -> int:
    """Write docs/differences.md."""
    command = [sys.executable, "-m", "differential.intended"]
    return subprocess.run(command, cwd=ROOT / "tests", check=False).returncode


def main() -> int:
    """Run one command and return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", nargs="?", choices=["test", "install", "page"], default="test")
    known, others = parser.parse_known_args()
    if others and known.command != "test":
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    try:
        match known.command:
            case "install":
                print(f"inference-sdk: {ensure_peer()}")
                return 0
            case "page":
                return write_page()
            case _:
                return test(others)
    except LaneError as error:
        print(error, file=sys.stderr)
        return CANNOT_RUN


if __name__ == "__main__":
    sys.exit(main())
