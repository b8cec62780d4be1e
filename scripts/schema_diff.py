"""Report what changed between two server documents, as markdown.

    python scripts/schema_diff.py openapi/history/0.58.3.json openapi/upstream.json

Judged from the caller's side: a request that accepts less or an answer that promises less is breaking. Both
files are documents of servers, raw or as openapi/upstream.json.
"""

from __future__ import annotations

import sys
from pathlib import Path

from schema_tools.command import argument_parser, run
from schema_tools.differences import compare, markdown
from schema_tools.snapshot import from_file


def main() -> None:
    """Read the arguments and print the report."""
    parser = argument_parser(__doc__)
    parser.add_argument("old", type=Path, help="document of the older server")
    parser.add_argument("new", type=Path, help="document of the newer server")
    parser.add_argument("--fail-on-breaking", action="store_true", help="exit with 1 when a change is breaking")
    arguments = parser.parse_args()

    old, new = from_file(arguments.old), from_file(arguments.new)
    found = compare(old, new)
    print(markdown(old, new, found), end="")
    if arguments.fail_on_breaking and any(row.severity == "breaking" for row in found):
        sys.exit(1)


if __name__ == "__main__":
    run(main)
