"""The kept-alive connections of one client's blocking calls."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, cast

import httpx

from ...errors import ClientClosedError
from ..cancellation import Cancellation
from ..fifo_gate import FIFOGate
from .address import KEEP_ALIVE_SECONDS
from .secret_query import join_secret_query
from .time_limits import TimeLimits

if TYPE_CHECKING:
    import httpcore

__all__ = ["BlockingConnections", "closed_error"]


def closed_error() -> ClientClosedError:
    """Make the error of a call on a closed client."""
    return ClientClosedError("this client is closed: make a new one, or close it later")


class _Connection(Protocol):
    idle_since: float
    has_whole_answer: bool

    def can_be_used_again(self) -> bool: ...
    def handle_request(self, request: httpcore.Request, limits: TimeLimits) -> httpcore.Response: ...
    def interrupt(self) -> None: ...
    def close(self) -> None: ...


class BlockingConnections:
    """Connections to one server, shared by all threads; the one used last is used next.

    Args:
        limit: Most connections at a time; requests beyond wait in turn.
        make: Makes a connection, not yet open.

    """

    def __init__(self, limit: int, make: Callable[[], _Connection]) -> None:
        self._gate = FIFOGate(limit)
        self._make = make
        self._lock = threading.Lock()
        self._idle: deque[_Connection] = deque()
        self._in_use: set[_Connection] = set()
        self._closed = False

    def handle_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request over the next connection; it is given back when the answer was read or is closed."""
        join_secret_query(request)
        limits = TimeLimits.of(request)
        if not self._gate.enter(limits.pool):
            raise httpx.PoolTimeout(f"all connections were busy for {limits.pool} s")
        lease = _Lease(self)
        try:
            response = lease.connection.handle_request(request, limits)
        except BaseException:
            lease.end(is_complete=False)
            raise
        if lease.connection.has_whole_answer:
            lease.end(is_complete=True)
            return response
        response.stream = _LeasedStream(cast("Generator[bytes]", response.stream), lease)
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

    def abandon(self) -> None:
        """Close this process's ends in a fork; what the parent does goes on. No lock is touched."""
        for connection in [*self._idle, *self._in_use]:
            connection.close()

    def __enter__(self) -> Self:
        """Give the connections; leaving the block closes them."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the connections."""
        self.close()

    def take(self) -> _Connection:
        """Take a connection out; the place at the gate is held already."""
        while True:
            with self._lock:
                if self._closed:
                    self._gate.leave()
                    raise closed_error()
                connection = self._idle.pop() if self._idle else None
                if connection is None:
                    connection = self._make()
                    self._in_use.add(connection)
                    return connection
                self._in_use.add(connection)
            if connection.can_be_used_again():
                return connection
            with self._lock:
                self._in_use.discard(connection)
            connection.close()

    def give_back(self, connection: _Connection, *, is_complete: bool) -> None:
        """Put a connection back; those that cannot be used again or were not needed for a while are closed."""
        now = time.monotonic()
        connection.idle_since = now
        unusable: list[_Connection] = []
        with self._lock:
            self._in_use.discard(connection)
            if is_complete and not self._closed and connection.can_be_used_again():
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
        self._cancellation = Cancellation.current()
        if self._cancellation is not None:
            self._cancellation.register(self, self.connection.interrupt)
        self._ended = False

    def end(self, *, is_complete: bool) -> None:
        if not self._ended:
            self._ended = True
            if self._cancellation is not None:
                self._cancellation.unregister(self)
            self._connections.give_back(self.connection, is_complete=is_complete)


class _LeasedStream:
    """An answer's body; closing it gives the connection back."""

    def __init__(self, stream: Generator[bytes], lease: _Lease) -> None:
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
            self._lease.end(is_complete=self._complete)
