"""The connections of one client on each event loop.

A module of its own because it needs asyncio: programs that only make blocking calls do not load it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import httpx

from .address import Address
from .application_transport import ApplicationTransport
from .async_connection import AsyncConnection
from .async_connections import AsyncConnections
from .async_transport import AsyncTransport
from .endpoint import MAX_CONNECTIONS, Endpoint
from .proxies import proxy_for

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["LoopPools"]


class LoopPools:
    """Kept-alive connections to one endpoint, made at a loop's first request and closed when it ends."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._lock = threading.Lock()
        self._per_loop: WeakKeyDictionary[
            asyncio.AbstractEventLoop, tuple[httpx.AsyncBaseTransport, AsyncGenerator[None]]
        ] = WeakKeyDictionary()

    def get(self) -> httpx.AsyncBaseTransport:
        """Give the connections of the running event loop."""
        loop = asyncio.get_running_loop()
        with self._lock:
            known = self._per_loop.get(loop)
            if known is not None:
                return known[0]
            for ended in [each for each in self._per_loop if each.is_closed()]:
                del self._per_loop[ended]  # a loop that was closed without finishing its generators
            application = self._endpoint.application
            made: httpx.AsyncBaseTransport = (
                _ThreadedTransport(application)
                if application is not None
                else _async_transport(self._endpoint.base_url)
            )
            self._per_loop[loop] = (made, self._close_with_loop(loop, made))
            return made

    async def aclose(self) -> None:
        """Close the connections of the running event loop."""
        with self._lock:
            known = self._per_loop.pop(asyncio.get_running_loop(), None)
        if known is not None:
            await known[1].aclose()

    def _close_with_loop(
        self, loop: asyncio.AbstractEventLoop, connections: httpx.AsyncBaseTransport
    ) -> AsyncGenerator[None]:
        """Make a guard that closes connections when the running event loop ends, and forgets them.

        A loop finishes the asynchronous generators that are still open before it closes (`shutdown_asyncgens`, which
        `asyncio.run` calls). That makes one the only place that runs inside the loop at its end.
        """

        async def guard() -> AsyncGenerator[None]:
            try:
                yield
            finally:
                await connections.aclose()
                # The guard holds its loop, so that the loop would never be let go of.
                with self._lock:
                    self._per_loop.pop(loop, None)

        started = guard()
        # Up to the yield nothing is awaited, so one step starts it; being started is what makes the loop know it.
        with suppress(StopIteration):
            started.__anext__().send(None)
        return started


class _ThreadedTransport(httpx.AsyncBaseTransport):
    """Calls an in-process application from asyncio without holding up the event loop."""

    def __init__(self, application: WSGIApplication) -> None:
        self._blocking = ApplicationTransport(application)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return await asyncio.to_thread(self._handled, request)

    def _handled(self, request: httpx.Request) -> httpx.Response:
        response = self._blocking.handle_request(request)
        content = response.read()
        return httpx.Response(response.status_code, headers=response.headers, content=content, request=request)


def _async_transport(url: str) -> AsyncTransport:
    proxy = proxy_for(url)
    if proxy is None:
        return AsyncTransport(AsyncConnections(MAX_CONNECTIONS, partial(AsyncConnection, Address.of_url(url))))
    from .proxied_connections import ProxiedAsyncConnection

    return AsyncTransport(AsyncConnections(MAX_CONNECTIONS, partial(ProxiedAsyncConnection, proxy)))
