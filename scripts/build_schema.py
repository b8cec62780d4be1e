"""Build openapi/openapi.json from the server's document, our corrections and our texts.

    python scripts/build_schema.py            write openapi/openapi.json
    python scripts/build_schema.py --check    write nothing, fail when it is stale

openapi/README.md lists the inputs. A correction or a text that no longer applies stops the build; the message
names the file and the row to edit.
"""

from __future__ import annotations

from schema_tools.build import build, check, write
from schema_tools.command import argument_parser, run
from schema_tools.layout import Layout


def main() -> None:
    """Read the arguments and build or check."""
    parser = argument_parser(__doc__)
    parser.add_argument("--check", action="store_true", help="compare with openapi/openapi.json, write nothing")
    arguments = parser.parse_args()

    layout = Layout()
    built = build(layout)
    if arguments.check:
        check(built, layout)
        print(f"{layout.name(layout.document)} is current")
        return
    write(built, layout)
    for what, count in built.statistics.items():
        print(f"{count:5} {what}")


if __name__ == "__main__":
    run(main)
