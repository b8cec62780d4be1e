"""Report what changed for callers since the last release, as markdown.

    python scripts/api_diff.py                          against the sdist in tests/compatibility/last_release
    python scripts/api_diff.py --against PATH           against a folder that holds the packages, a wheel or an sdist
    python scripts/api_diff.py --type-check             and type-check the last release's files of calls

One section for the generated package and one for the handwritten one. `breaking` is what a caller's code no longer
runs or type-checks with, `changed` is what still works and may do or give something else, `added` is new.

With --fail-on-breaking, breaking changes need a fragment of the changelog that announces one (changes/README.md).
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
from release_tools.fragments import read_fragments
from release_tools.source_tree import SourceTree
from release_tools.versions import Change
from schema_tools.command import argument_parser, run
from schema_tools.layout import REPOSITORY


def main() -> None:
    """Read the arguments and print the report."""
    parser = argument_parser(__doc__)
    parser.add_argument("--against", type=Path, metavar="PATH", help="a folder that holds the packages, wheel or sdist")
    parser.add_argument("--type-check", action="store_true", help="run mypy on the calls of the last release, too")
    parser.add_argument("--fail-on-breaking", action="store_true", help="exit with 1 when one breaks, unannounced")
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
    if arguments.fail_on_breaking and is_breaking and not is_announced(SourceTree(REPOSITORY)):
        sys.exit("breaking changes: take them back, or say in changes/+WHAT.breaking.md what users have to change")


def is_announced(tree: SourceTree) -> bool:
    """Whether the next release says that it breaks something."""
    return any(fragment.change is Change.BREAKING for fragment in read_fragments(tree))


if __name__ == "__main__":
    run(main)
