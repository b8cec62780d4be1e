"""The kept-alive connections of one client on one event loop."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import nullcontext
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, cast

import httpx

from .address import KEEP_ALIVE_SECONDS
from .secret_query import join_secret_query
from .time_limits import TimeLimits

if TYPE_CHECKING:
    import httpcore

__all__ = ["AsyncConnections"]


class _Connection(Protocol):
    idle_since: float
    has_whole_answer: bool

    def can_be_used_again(self) -> bool: ...
    async def handle_request(self, request: httpcore.Request, limits: TimeLimits) -> httpcore.Response: ...
    async def aclose(self) -> None: ...


class AsyncConnections:
    """Connections to one server, shared by all tasks of a loop; the one used last is used next.

    Args:
        limit: Most connections at a time; requests beyond wait in turn.
        make: Makes a connection, not yet open.

    """

    def __init__(self, limit: int, make: Callable[[], _Connection]) -> None:
        self._gate = asyncio.Semaphore(limit)
        self._make = make
        self._idle: deque[_Connection] = deque()
        self._all: set[_Connection] = set()
        self._closed = False

    async def handle_async_request(self, request: httpcore.Request) -> httpcore.Response:
        """Send a request over the next connection; it is given back when the answer was read or is closed."""
        join_secret_query(request)
        limits = TimeLimits.of(request)
        await self._enter(limits.pool)
        connection = self._take()
        try:
            response = await connection.handle_request(request, limits)
        except BaseException:
            await self.give_back(connection, is_complete=False)
            raise
        if connection.has_whole_answer:
            await self.give_back(connection, is_complete=True)
            return response
        response.stream = _LeasedStream(cast("AsyncGenerator[bytes]", response.stream), self, connection)
        return response

    async def aclose(self) -> None:
        """Close all connections, also those in use."""
        self._closed = True
        self._idle.clear()
        connections = [*self._all]
        self._all.clear()
        for connection in connections:
            await connection.aclose()

    async def __aenter__(self) -> Self:
        """Give the connections; leaving the block closes them."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self.aclose()

    async def give_back(self, connection: _Connection, *, is_complete: bool) -> None:
        """Put a connection back; those that cannot be used again or were not needed for a while are closed.

        Args:
            connection: What `handle_async_request` took.
            is_complete: Whether the answer was read to its end. A request that was cancelled leaves a connection on
                which nobody knows what comes next.

        """
        now = connection.idle_since = time.monotonic()
        unusable: list[_Connection] = []
        if is_complete and not self._closed and connection.can_be_used_again():
            self._idle.append(connection)
        else:
            unusable.append(connection)
        # The stack's bottom: what has lain there for so long the server has closed.
        while self._idle and now - self._idle[0].idle_since > KEEP_ALIVE_SECONDS:
            unusable.append(self._idle.popleft())
        self._gate.release()
        for each in unusable:
            self._all.discard(each)
            await each.aclose()

    async def _enter(self, patience: float) -> None:
        try:
            # Asked first, because a timeout costs more than a free place.
            async with asyncio.timeout(patience) if self._gate.locked() else nullcontext():
                await self._gate.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout(f"all connections were busy for {patience} s") from None

    def _take(self) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.can_be_used_again():
                return connection
            # The server closed it, and so it is closed here too.
            self._all.discard(connection)
        connection = self._make()
        self._all.add(connection)
        return connection


class _LeasedStream:
    """An answer's body; closing it gives the connection back."""

    def __init__(self, stream: AsyncGenerator[bytes], connections: AsyncConnections, connection: _Connection) -> None:
        self._stream = stream
        self._connections = connections
        self._connection: _Connection | None = connection
        self._complete = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part
        self._complete = True

    async def aclose(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            await self._stream.aclose()
        finally:
            await self._connections.give_back(connection, is_complete=self._complete)
