"""Take a snapshot of the server's OpenAPI document, or see whether a server still equals it.

    python scripts/pull_schema.py --url http://127.0.0.1:9001      from a running server
    python scripts/pull_schema.py --file openapi-1.8.3.json        from a saved document
    python scripts/pull_schema.py --url ... --check                write nothing, compare

Writes openapi/upstream.json (the server's prose removed) and openapi/upstream.lock.json. The server must run
with the flags of openapi/profile.yaml, otherwise it hides routes; a document that lacks one is refused.

With --check a server with other flags is compared as well: by all that both documents list. Operations that are
missing because a flag is off are told apart from those that the server has lost.

Exit codes: 0 fine, 1 the server has changed or the input is unusable, 2 the server runs with other flags and has
not changed as far as its document shows (with --check), or the document is refused for its flags (without).
"""

from __future__ import annotations

from pathlib import Path

from schema_tools import snapshot
from schema_tools.command import argument_parser, run
from schema_tools.layout import Layout
from schema_tools.profile import load_profile


def main() -> None:
    """Read the arguments and pull or check."""
    parser = argument_parser(__doc__)
    origin = parser.add_mutually_exclusive_group(required=True)
    origin.add_argument("--url", help="address of a running server, e.g. http://127.0.0.1:9001")
    origin.add_argument("--file", type=Path, help="a saved openapi.json of a server")
    parser.add_argument("--check", action="store_true", help="compare with the snapshot, write nothing")
    arguments = parser.parse_args()

    layout = Layout()
    raw = snapshot.from_file(arguments.file) if arguments.file else snapshot.from_server(arguments.url)
    profile = load_profile(layout)
    if arguments.check:
        version = snapshot.check(raw, profile, layout)
        print(f"no drift: server {version} equals {layout.name(layout.upstream)}")
        return
    taken = snapshot.take(raw, profile)
    snapshot.write(taken, layout)
    lock = taken.lock
    print(f"server {lock['server_version']}: {lock['operations']} operations, {lock['schemas']} schemas")


if __name__ == "__main__":
    run(main)
