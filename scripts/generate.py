"""Generate the package generated/inference_api from openapi/openapi.json.

    python scripts/generate.py            replace the whole package
    python scripts/generate.py --check    write nothing, fail when a file differs by a byte

Nothing in the package is written by hand: change openapi/ or the templates in openapi/templates/ instead.
"""

from __future__ import annotations

from schema_tools import render
from schema_tools.command import argument_parser, run
from schema_tools.layout import Layout


def main() -> None:
    """Read the arguments and generate or check."""
    parser = argument_parser(__doc__)
    parser.add_argument("--check", action="store_true", help="compare byte for byte, write nothing")
    arguments = parser.parse_args()

    layout = Layout()
    if arguments.check:
        print(f"{layout.name(layout.package)} is current: {render.check(layout)} files compared")
        return
    print(f"{layout.name(layout.package)}: {render.replace(layout)} files written")


if __name__ == "__main__":
    run(main)
