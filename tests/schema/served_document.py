"""A document served as a server serves its own, and the script that pulls it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

from schema_tools.layout import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Handler(BaseHTTPRequestHandler):
    body = b""

    def do_GET(self) -> None:
        found = self.path == "/openapi.json"
        self.send_response(200 if found else 404)
        self.end_headers()
        self.wfile.write(self.body if found else b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep the test output quiet."""


@contextmanager
def served(document: dict[str, Any] | bytes) -> Iterator[str]:
    """Serve a document, or any bytes, as /openapi.json on a loopback port and give the address."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"body": body}))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def pull(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run scripts/pull_schema.py."""
    command = [sys.executable, str(REPOSITORY / "scripts" / "pull_schema.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)
