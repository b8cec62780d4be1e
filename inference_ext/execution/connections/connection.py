"""One connection to the server, for blocking calls."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from functools import cache
from typing import Any

import httpx

__all__ = ["KEEP_ALIVE_SECONDS", "SINGLE", "Connection", "ssl_context"]

#: Seconds an idle connection is kept. The server closes at 5; closing later than it does loses requests.
KEEP_ALIVE_SECONDS = 4.0
SINGLE = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=KEEP_ALIVE_SECONDS)

_CONNECTED = (".connect_tcp.complete", ".start_tls.complete")


@cache
def ssl_context() -> ssl.SSLContext:
    """Give the one that all connections share: building one takes 30 ms, and it holds no state of a client."""
    return httpx.create_ssl_context()


class Connection:
    """An httpx transport that holds one connection, and whose socket can be reached from another thread."""

    def __init__(self, proxy: str | None) -> None:
        self._transport = httpx.HTTPTransport(verify=ssl_context(), limits=SINGLE, proxy=proxy)
        self._socket: socket.socket | None = None
        self.is_interrupted = False
        self.idle_since = 0.0

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body is still to be read."""
        request.extensions["trace"] = self._note_socket
        return self._transport.handle_request(request)

    def interrupt(self) -> None:
        """End what is under way; the thread that waits for it gets a network error."""
        self.is_interrupted = True
        if self._socket is not None:
            # Of the base class: the one of a TLS socket would take its state away from under the thread that reads.
            # OSError: the server has closed it in the meantime.
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        self._socket = None
        self._transport.close()

    def _note_socket(self, event: str, details: dict[str, Any]) -> None:
        if event.endswith(_CONNECTED):
            self._socket = details["return_value"].get_extra_info("socket")
            if self.is_interrupted:
                self.interrupt()
