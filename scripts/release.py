"""Makes a release, step by step.

    python3 scripts/release.py check            the fragments, the changelog and the version are sound and agree
    python3 scripts/release.py check 0.2.0      and the next version may be 0.2.0
    python3 scripts/release.py prepare 0.2.0    version and changelog; the fragments become the newest entry
    python3 scripts/release.py build            wheel and sdist into dist, built twice: byte for byte the same
    python3 scripts/release.py verify           build, and run the wheel's tests where no sources are

Between `prepare` and `build`, read CHANGELOG.md and commit. `prepare` also puts the new sdist into
tests/compatibility/last_release, with which later code is compared. Nothing is committed, tagged or uploaded here.
`verify` takes one Python; scripts/python_versions_lane.py takes all that are supported.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from _environment import ROOT, ensure_environment
from real_server.errors import LaneError
from release_tools.building import Distribution, build
from release_tools.changelog import source_date_epoch
from release_tools.clean_environment import Ingredients, new_environment
from release_tools.preparing import demand_next, prepare, read_state
from release_tools.source_tree import SourceTree
from release_tools.user_tests import LEFT_OUT, run_copied_tests, tell_left_out
from release_tools.versions import Version
from schema_tools.command import argument_parser, run

TREE = SourceTree(ROOT)
CANNOT_RUN = 10  # as in the lanes


def check(wanted: Version | None) -> None:
    """Tell where the tree stands; fail when it is not sound, or when `wanted` cannot come next."""
    state = read_state(TREE)
    if wanted:
        demand_next(state, wanted)
    status = "released" if state.is_released else "not released yet"
    following = " or ".join(map(str, state.next_versions)) or "nothing to release"
    print(f"{state.version}, {status}; {len(state.fragments)} fragments; next: {following}")


def build_all(python: Path) -> Distribution:
    """Build into dist and tell what came out."""
    built = build(TREE, ROOT / "dist", python)
    for path in (built.wheel, built.sdist):
        content = path.read_bytes()
        print(f"{hashlib.sha256(content).hexdigest()}  {path.relative_to(ROOT)}  {len(content):,} bytes")
    print(
        f"twice the same bytes, and the wheel from the sdist; SOURCE_DATE_EPOCH={source_date_epoch(TREE)}", flush=True
    )
    return built


def verify(python: Path) -> bool:
    """Build, and run the tests in a new environment; gives whether all passed."""
    wheel = build_all(python).wheel
    tell_left_out(LEFT_OUT)
    with new_environment(Ingredients(TREE, wheel, interpreter=python, tools=python)) as installed:
        result = run_copied_tests(installed, ROOT, list(LEFT_OUT))
    print(result)
    return result.is_good


def main() -> None:
    """Run one command."""
    arguments = parse()
    python = ensure_environment(extras=["all"], groups=["dev"])
    try:
        match arguments.command:
            case "check":
                check(arguments.version)
            case "prepare":
                print(f"kept: {TREE.name(prepare(TREE, arguments.version, arguments.date, python))}")
                check(None)
            case "build":
                build_all(python)
            case _:
                sys.exit(0 if verify(python) else 1)
    except LaneError as error:
        print(error, file=sys.stderr)
        sys.exit(CANNOT_RUN)


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argument_parser(__doc__)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    checking = commands.add_parser("check", help="is the tree releasable?")
    checking.add_argument("version", type=version, nargs="?", help="the version that is to be next")
    preparing = commands.add_parser("prepare", help="write the version and the changelog")
    preparing.add_argument("version", type=version)
    preparing.add_argument("--date", type=date.fromisoformat, default=datetime.now(UTC).date(), help="today, in UTC")
    commands.add_parser("build", help="wheel and sdist into dist")
    commands.add_parser("verify", help="build, and test the wheel in a new environment")
    return parser.parse_args()


def version(text: str) -> Version:
    """Read an argument."""
    return Version.parse(text, "the command line")


if __name__ == "__main__":
    run(main)
