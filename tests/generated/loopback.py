"""A real HTTP server on the loopback interface that gives prepared answers and remembers what it was asked."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Self

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    port: int


@dataclass(frozen=True)
class Prepared:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class LoopbackServer:
    """Use as a context manager; `answer` prepares what every request gets from then on."""

    seen: list[Seen] = field(default_factory=list[Seen])
    prepared: Prepared = field(default_factory=lambda: Prepared(200, JSON, b"{}"))
    released: Event = field(default_factory=Event)
    ending: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def answer(self, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Prepare an answer: bytes as they are, anything else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.prepared = Prepared(status, JSON if headers is None else headers, content)
        self.released.set()

    def never_answer(self) -> None:
        """Take requests and leave them waiting until the server ends or `answer` is called."""
        self.released.clear()

    def __enter__(self) -> Self:
        owner = self
        self.released.set()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                body = self.rfile.read(length)
                owner.seen.append(Seen(self.command, self.path, headers, body, self.client_address[1]))
                owner.released.wait()
                if owner.ending:
                    self.close_connection = True  # nobody waits for this answer any more
                    return
                prepared = owner.prepared
                self.send_response(prepared.status)
                for name, value in prepared.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(prepared.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(prepared.body)

            do_GET = do_HEAD = do_POST = do_DELETE = handle_any  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Keep the test output quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.ending = True
        self.released.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
