"""A TCP server on loopback that does with each connection what a test tells it, byte for byte."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

__all__ = ["RawServer", "raw_server", "read_request", "read_whole_request", "reply", "reset"]

LIMIT = 30.0
"""Seconds after which a connection of the server gives up."""

Handler = Callable[[socket.socket, int], None]
"""Gets each connection with its number, from 0, on a thread of its own."""


class RawServer:
    """What the server saw."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.connections = 0
        self.requests: list[bytes] = []
        """The heads of all requests, in the order they were read."""


def read_request(connected: socket.socket, server: RawServer) -> bytes | None:
    """Read one whole request; notes its head and gives its body, `None` when the client hung up."""
    request = read_whole_request(connected)
    if request is None:
        return None
    head, body = request
    server.requests.append(head)
    return body


def read_whole_request(connected: socket.socket) -> tuple[bytes, bytes] | None:
    """Read one request with `Content-Length`; gives head and body, `None` when the client hung up."""
    data = b""
    while b"\r\n\r\n" not in data:
        taken = connected.recv(65536)
        if not taken:
            return None
        data += taken
    head, _, body = data.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        taken = connected.recv(1 << 20)
        if not taken:
            return None
        body += taken
    return head, body


def reply(body: bytes, *lines: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """Put an answer together; `lines` are further headers, `length` one that is not the body's."""
    head = [f"HTTP/1.1 {status}", "Content-Type: application/json", *lines]
    head.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*head, "", ""]).encode() + body


def reset(connected: socket.socket) -> None:
    """End a connection as a machine does that crashed: with RST."""
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connected.close()


@contextmanager
def raw_server(handler: Callable[[socket.socket, int, RawServer], None]) -> Generator[RawServer]:
    """Serve while the block runs. A connection is closed when its handler returns."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        server = RawServer(f"http://127.0.0.1:{listener.getsockname()[1]}")
        opened: list[socket.socket] = []
        threads: list[threading.Thread] = []

        def serve(connected: socket.socket, number: int) -> None:
            # OSError: the client went away, or the test is over.
            with suppress(OSError), connected:
                connected.settimeout(LIMIT)
                handler(connected, number, server)

        def accept() -> None:
            while True:
                try:
                    connected, _ = listener.accept()
                except OSError:
                    return
                opened.append(connected)
                threads.append(threading.Thread(target=serve, args=(connected, server.connections), daemon=True))
                server.connections += 1
                threads[-1].start()

        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield server
        finally:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            accepting.join(LIMIT)
            for connected in opened:
                with suppress(OSError):
                    connected.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join(LIMIT)
