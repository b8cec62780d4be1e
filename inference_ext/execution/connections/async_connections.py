"""The kept-alive connections of one client on one event loop."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import nullcontext
from typing import cast

import httpx

from .connection import KEEP_ALIVE_SECONDS, SINGLE, ssl_context

__all__ = ["AsyncConnections"]


class AsyncConnections(httpx.AsyncBaseTransport):
    """Connections to one server, shared by all tasks of a loop; the one used last is used next.

    Args:
        limit: Most connections at a time; requests beyond wait in turn.
        proxy: Address of an HTTP proxy on the way, `None` for a direct connection.

    """

    def __init__(self, limit: int, proxy: str | None) -> None:
        self._gate = asyncio.Semaphore(limit)
        self._proxy = proxy
        self._idle: deque[_IdleConnection] = deque()
        self._all: set[httpx.AsyncHTTPTransport] = set()
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request over the next connection; it is given back when the answer is closed."""
        await self._enter(request.extensions["timeout"]["pool"])
        connection = self._take()
        try:
            response = await connection.handle_async_request(request)
        except BaseException:
            await self.give_back(connection, reusable=False)
            raise
        body = cast("httpx.AsyncByteStream", response.stream)
        response.stream = _LeasedStream(body, self, connection)
        return response

    async def aclose(self) -> None:
        """Close all connections, also those in use."""
        self._closed = True
        self._idle.clear()
        connections = [*self._all]
        self._all.clear()
        for connection in connections:
            await connection.aclose()

    async def give_back(self, connection: httpx.AsyncHTTPTransport, *, reusable: bool) -> None:
        """Put a connection back; those that cannot be used again or were not needed for a while are closed.

        Args:
            connection: What `handle_async_request` took.
            reusable: Whether the last answer was read to its end. httpx does not always recover from a request that
                was cancelled, and the next one would wait for ever.

        """
        now = time.monotonic()
        unusable: list[httpx.AsyncHTTPTransport] = []
        if reusable and not self._closed:
            self._idle.append(_IdleConnection(connection, now))
        else:
            unusable.append(connection)
        # The stack's bottom: what has lain there for so long the server has closed.
        while self._idle and now - self._idle[0].since > KEEP_ALIVE_SECONDS:
            unusable.append(self._idle.popleft().connection)
        self._gate.release()
        for each in unusable:
            await each.aclose()
            self._all.discard(each)

    async def _enter(self, patience: float | None) -> None:
        try:
            # Asked first, because a timeout costs more than a free place.
            async with asyncio.timeout(patience) if self._gate.locked() else nullcontext():
                await self._gate.acquire()
        except TimeoutError:
            raise httpx.PoolTimeout(f"all connections were busy for {patience} s") from None

    def _take(self) -> httpx.AsyncHTTPTransport:
        if self._idle:
            return self._idle.pop().connection
        connection = httpx.AsyncHTTPTransport(verify=ssl_context(), limits=SINGLE, proxy=self._proxy)
        self._all.add(connection)
        return connection


class _IdleConnection:
    def __init__(self, connection: httpx.AsyncHTTPTransport, since: float) -> None:
        self.connection = connection
        self.since = since


class _LeasedStream(httpx.AsyncByteStream):
    """An answer's body; closing it gives the connection back."""

    def __init__(
        self, stream: httpx.AsyncByteStream, connections: AsyncConnections, connection: httpx.AsyncHTTPTransport
    ) -> None:
        self._stream = stream
        self._connections = connections
        self._connection: httpx.AsyncHTTPTransport | None = connection
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
            await self._connections.give_back(connection, reusable=self._complete)
