"""The kept-alive connections of one client's blocking calls."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import cast

import httpx

from ...errors import ClientClosedError
from ..cancellation import Cancellation
from ..fifo_gate import FIFOGate
from .connection import KEEP_ALIVE_SECONDS, Connection

__all__ = ["BlockingConnections", "closed_error"]


def closed_error() -> ClientClosedError:
    """Make the error of a call on a closed client."""
    return ClientClosedError("this client is closed: make a new one, or close it later")


class BlockingConnections(httpx.BaseTransport):
    """Connections to one server, shared by all threads; the one used last is used next.

    Args:
        limit: Most connections at a time; requests beyond wait in turn.
        proxy: Address of an HTTP proxy on the way, `None` for a direct connection.

    """

    def __init__(self, limit: int, proxy: str | None) -> None:
        self._gate = FIFOGate(limit)
        self._proxy = proxy
        self._lock = threading.Lock()
        self._idle: deque[Connection] = deque()
        self._in_use: set[Connection] = set()
        self._closed = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request over the next connection; it is given back when the answer is closed."""
        patience: float | None = request.extensions["timeout"]["pool"]
        if not self._gate.enter(patience):
            raise httpx.PoolTimeout(f"all connections were busy for {patience} s")
        lease = _Lease(self)
        try:
            response = lease.connection.handle(request)
        except BaseException:
            lease.end(reusable=False)
            raise
        response.stream = _LeasedStream(cast("httpx.SyncByteStream", response.stream), lease)
        return response

    def close(self) -> None:
        """Close all connections, also those in use, and refuse further requests."""
        with self._lock:
            self._closed = True
            idle = [*self._idle]
            self._idle.clear()
            for connection in self._in_use:
                connection.interrupt()
        for connection in idle:
            connection.close()

    def take(self) -> Connection:
        """Take a connection out; the place at the gate is held already."""
        with self._lock:
            if self._closed:
                self._gate.leave()
                raise closed_error()
            connection = self._idle.pop() if self._idle else Connection(self._proxy)
            self._in_use.add(connection)
            return connection

    def give_back(self, connection: Connection, *, reusable: bool) -> None:
        """Put a connection back; those that cannot be used again or were not needed for a while are closed."""
        now = time.monotonic()
        connection.idle_since = now
        unusable: list[Connection] = []
        with self._lock:
            self._in_use.discard(connection)
            if reusable and not self._closed:
                self._idle.append(connection)
            else:
                unusable.append(connection)
            # The stack's bottom: what has lain there for so long the server has closed.
            while self._idle and now - self._idle[0].idle_since > KEEP_ALIVE_SECONDS:
                unusable.append(self._idle.popleft())
        self._gate.leave()
        for each in unusable:
            each.close()


class _Lease:
    """A connection in the hands of one request, and interrupted with the request's call."""

    def __init__(self, connections: BlockingConnections) -> None:
        self._connections = connections
        self.connection = connections.take()
        cancellation = Cancellation.current()
        self._interrupting: AbstractContextManager[None] = (
            nullcontext() if cancellation is None else cancellation.interrupting(self.connection.interrupt)
        )
        self._interrupting.__enter__()
        self._ended = False

    def end(self, *, reusable: bool) -> None:
        if not self._ended:
            self._ended = True
            self._interrupting.__exit__(None, None, None)
            self._connections.give_back(self.connection, reusable=reusable and not self.connection.is_interrupted)


class _LeasedStream(httpx.SyncByteStream):
    """An answer's body; closing it gives the connection back."""

    def __init__(self, stream: httpx.SyncByteStream, lease: _Lease) -> None:
        self._stream = stream
        self._lease = lease
        self._complete = False

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream
        self._complete = True

    def close(self) -> None:
        try:
            self._stream.close()
        finally:
            self._lease.end(reusable=self._complete)
