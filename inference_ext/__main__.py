"""Command line: `python -m inference_ext serve` runs the embedded backend."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from inference_ext.errors import HTTPClientError

if TYPE_CHECKING:
    from collections.abc import Sequence


def serve(arguments: argparse.Namespace) -> None:
    """Serve the embedded backend until interrupted."""
    from inference_ext.local import LocalBackend
    from inference_ext.local import serve as serve_backend

    serve_backend(LocalBackend(), host=arguments.host, port=arguments.port)


def make_parser() -> argparse.ArgumentParser:
    """One subparser per command; each sets `run` to the function that does it."""
    parser = argparse.ArgumentParser(prog="python -m inference_ext", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    server = commands.add_parser("serve", help="run the embedded backend, for development and tests")
    server.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    server.add_argument("--port", default=9001, type=int, help="port; 0 takes a free one (default: %(default)s)")
    server.set_defaults(run=serve)
    return parser


def main(given: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 1 when it cannot be done."""
    arguments = make_parser().parse_args(given)
    try:
        arguments.run(arguments)
    except (HTTPClientError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
