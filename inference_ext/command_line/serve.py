"""`inference-ext serve`: the embedded backend behind HTTP."""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated

import typer

from .exit_codes import ExitCode
from .options import examples

__all__ = ["EPILOG", "serve"]

EPILOG = examples("inference-ext serve --port 0", "inference-ext serve --host 127.0.0.1 --port 0")


def serve(
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on; others than this open it to all.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="NUMBER", min=0, max=65535, help="Port; 0 takes a free one.")
    ] = 9001,
) -> int:
    """Serve the embedded backend, for development and tests, until Ctrl-C, which ends it with exit code 0.

    The first line on standard output holds the address.
    """
    from ..local import LocalBackend
    from ..local import serve as serve_backend

    with suppress(KeyboardInterrupt):  # of the moment before it is awaited there
        serve_backend(LocalBackend(), host=host, port=port)
    return ExitCode.DONE
