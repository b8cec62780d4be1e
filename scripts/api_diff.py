"""Report what changed for callers since the last release, as markdown.

    python scripts/api_diff.py                          against the sdist in tests/compatibility/last_release
    python scripts/api_diff.py --against PATH           against a folder that holds the packages, a wheel or an sdist
    python scripts/api_diff.py --type-check             and type-check the last release's files of calls

One section for the generated package and one for the handwritten one. `breaking` is what a caller's code no longer
runs or type-checks with, `changed` is what still works and may do or give something else, `added` is new.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from api_tools.comparison import compare
from api_tools.releases import Release, last_release, open_release
from api_tools.report import calls_section, changes_report
from api_tools.surface import PACKAGES
from api_tools.type_checking import type_check
from schema_tools.command import argument_parser, run
from schema_tools.layout import REPOSITORY


def main() -> None:
    """Read the arguments and print the report."""
    parser = argument_parser(__doc__)
    parser.add_argument("--against", type=Path, metavar="PATH", help="a folder that holds the packages, wheel or sdist")
    parser.add_argument("--type-check", action="store_true", help="run mypy on the calls of the last release, too")
    parser.add_argument("--fail-on-breaking", action="store_true", help="exit with 1 when a change is breaking")
    arguments = parser.parse_args()

    present = Release("the present tree", REPOSITORY)
    with tempfile.TemporaryDirectory() as scratch:
        release = open_release(arguments.against or last_release(), Path(scratch))
        calls = release.calls if arguments.type_check else None  # before the long work
        old, new = release.tree(), present.tree()
        changes = {package: compare(old, new, package) for package in PACKAGES}
        print(changes_report(release.name, changes))
        errors = type_check(calls, present.import_folders) if calls else []
        if calls:
            print(calls_section(errors))
    is_breaking = bool(errors) or any(one.severity == "breaking" for found in changes.values() for one in found)
    if arguments.fail_on_breaking and is_breaking:
        sys.exit(1)


if __name__ == "__main__":
    run(main)
