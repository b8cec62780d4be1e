"""The connections of one client: those of its blocking calls, and those of each event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import httpx
from attrs import field, frozen

from .address import Address
from .async_connection import AsyncConnection
from .async_connections import AsyncConnections
from .blocking_connection import BlockingConnection
from .blocking_connections import BlockingConnections, closed_error
from .httpx_transports import AsyncTransport, BlockingTransport
from .proxies import proxy_for

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

__all__ = ["Endpoint", "Pools"]

_MAX_CONNECTIONS = 256


@frozen
class Endpoint:
    """Where requests go."""

    base_url: str
    """Scheme, host, port and path prefix, without a trailing slash."""

    user_agent: str
    application: WSGIApplication | None = field(default=None, repr=False)
    """A WSGI application that is called in this process instead of a server behind a socket."""

    def headers(self) -> list[tuple[str, str]]:
        """Give the headers that every request carries."""
        # Answers are small and loopback or LAN is fast: undoing compression would cost more than it saves.
        return [("user-agent", self.user_agent), ("accept", "*/*"), ("accept-encoding", "identity")]


class Pools:
    """Kept-alive connections to one endpoint, made at the first request and shared by everything the client sends."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._lock = threading.Lock()
        self._closed = False
        self._blocking: httpx.BaseTransport | None = None
        self._per_loop: WeakKeyDictionary[
            asyncio.AbstractEventLoop, tuple[httpx.AsyncBaseTransport, AsyncGenerator[None]]
        ] = WeakKeyDictionary()

    def blocking(self) -> httpx.BaseTransport:
        """Give the connections of blocking calls."""
        with self._lock:
            self._check_open()
            if self._blocking is None:
                application = self.endpoint.application
                self._blocking = (
                    httpx.WSGITransport(application)
                    if application is not None
                    else _blocking_transport(self.endpoint.base_url)
                )
            return self._blocking

    def asynchronous(self) -> httpx.AsyncBaseTransport:
        """Give the connections of the running event loop."""
        loop = asyncio.get_running_loop()
        with self._lock:
            self._check_open()
            known = self._per_loop.get(loop)
            if known is not None:
                return known[0]
            application = self.endpoint.application
            made: httpx.AsyncBaseTransport = (
                _ThreadedTransport(application) if application is not None else _async_transport(self.endpoint.base_url)
            )
            self._per_loop[loop] = (made, _close_with_loop(made))
            return made

    def close(self) -> None:
        """Close the blocking connections and refuse further calls; those of event loops end with their loops."""
        with self._lock:
            self._closed = True
            connections, self._blocking = self._blocking, None
        if connections is not None:
            connections.close()

    async def aclose(self) -> None:
        """Close the connections of the running event loop and the blocking ones; refuse further calls."""
        with self._lock:
            known = self._per_loop.pop(asyncio.get_running_loop(), None)
        if known is not None:
            await known[1].aclose()
        self.close()

    def generated(
        self, query: Mapping[str, str], headers: Sequence[tuple[str, str]], timeout: float
    ) -> GeneratedLayerClients:
        """Give what the generated layer sends with: httpx clients over the same connections.

        Args:
            query: Query parameters added to every request.
            headers: Headers added to every request.
            timeout: Seconds a request may stand still.

        """
        options = {"params": dict(query), "headers": [*self.endpoint.headers(), *headers], "timeout": timeout}
        return GeneratedLayerClients(self, options)

    def _check_open(self) -> None:
        if self._closed:
            raise closed_error()


class GeneratedLayerClients:
    """httpx clients over the connections of a client, with its key in every request."""

    def __init__(self, pools: Pools, options: Mapping[str, Any]) -> None:
        self._pools = pools
        self._options = options

    def blocking_client(self) -> httpx.Client:
        """Give the client of blocking calls. It holds nothing that must be closed."""
        return httpx.Client(transport=self._pools.blocking(), **self._options)

    def async_client(self) -> httpx.AsyncClient:
        """Give the client of the running event loop."""
        return httpx.AsyncClient(transport=self._pools.asynchronous(), **self._options)


class _ThreadedTransport(httpx.AsyncBaseTransport):
    """Calls an in-process application from asyncio without holding up the event loop."""

    def __init__(self, application: WSGIApplication) -> None:
        self._blocking = httpx.WSGITransport(application)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        return await asyncio.to_thread(self._handled, request)

    def _handled(self, request: httpx.Request) -> httpx.Response:
        response = self._blocking.handle_request(request)
        content = response.read()
        return httpx.Response(response.status_code, headers=response.headers, content=content, request=request)


def _blocking_transport(url: str) -> BlockingTransport:
    proxy = proxy_for(url)
    if proxy is None:
        return BlockingTransport(
            BlockingConnections(_MAX_CONNECTIONS, partial(BlockingConnection, Address.of_url(url)))
        )
    from .proxied_connections import ProxiedConnection

    return BlockingTransport(BlockingConnections(_MAX_CONNECTIONS, partial(ProxiedConnection, proxy)))


def _async_transport(url: str) -> AsyncTransport:
    proxy = proxy_for(url)
    if proxy is None:
        return AsyncTransport(AsyncConnections(_MAX_CONNECTIONS, partial(AsyncConnection, Address.of_url(url))))
    from .proxied_connections import ProxiedAsyncConnection

    return AsyncTransport(AsyncConnections(_MAX_CONNECTIONS, partial(ProxiedAsyncConnection, proxy)))


def _close_with_loop(connections: httpx.AsyncBaseTransport) -> AsyncGenerator[None]:
    """Make a guard that closes connections when the running event loop ends.

    A loop finishes the asynchronous generators that are still open before it closes (`shutdown_asyncgens`, which
    `asyncio.run` calls). That makes one the only place that runs inside the loop at its end.
    """

    async def guard() -> AsyncGenerator[None]:
        try:
            yield
        finally:
            await connections.aclose()

    started = guard()
    # Up to the yield nothing is awaited, so one step starts it; being started is what makes the loop know it.
    with suppress(StopIteration):
        started.__anext__().send(None)
    return started
