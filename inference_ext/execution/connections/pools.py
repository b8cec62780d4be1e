"""The connections of one client: those of its blocking calls, and those of each event loop."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import httpx

from .address import Address
from .application_transport import ApplicationTransport
from .blocking_connection import BlockingConnection
from .blocking_connections import BlockingConnections, closed_error
from .blocking_transport import BlockingTransport
from .endpoint import MAX_CONNECTIONS, Endpoint
from .proxies import proxy_for

if TYPE_CHECKING:
    from .loop_pools import LoopPools

__all__ = ["Pools"]


_abandoned: list[LoopPools | None] = []


class Pools:
    """Kept-alive connections to one endpoint, made at the first request and shared by everything the client sends."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._lock = threading.Lock()
        self._closed = False
        self._blocking: httpx.BaseTransport | None = None
        self._of_loops: LoopPools | None = None

    def blocking(self) -> httpx.BaseTransport:
        """Give the connections of blocking calls."""
        with self._lock:
            self._check_open()
            if self._blocking is None:
                application = self.endpoint.application
                self._blocking = (
                    ApplicationTransport(application)
                    if application is not None
                    else _blocking_transport(self.endpoint.base_url)
                )
            return self._blocking

    def asynchronous(self) -> httpx.AsyncBaseTransport:
        """Give the connections of the running event loop."""
        with self._lock:
            self._check_open()
            if self._of_loops is None:
                from .loop_pools import LoopPools

                self._of_loops = LoopPools(self.endpoint)
        return self._of_loops.get()

    def close(self) -> None:
        """Close the blocking connections and refuse further calls; those of event loops end with their loops."""
        with self._lock:
            self._closed = True
            connections, self._blocking = self._blocking, None
        if connections is not None:
            connections.close()

    async def aclose(self) -> None:
        """Close the connections of the running event loop and the blocking ones; refuse further calls."""
        if self._of_loops is not None:
            await self._of_loops.aclose()
        self.close()

    def abandon(self) -> None:
        """Let go of all connections in a forked process; the parent's stay open. No lock is touched."""
        if isinstance(self._blocking, BlockingTransport):
            self._blocking.abandon()
        # The event loops are the parent's, and so is what they watch: it must not be touched, nor collected here.
        _abandoned.append(self._of_loops)

    def _check_open(self) -> None:
        if self._closed:
            raise closed_error()


def _blocking_transport(url: str) -> BlockingTransport:
    proxy = proxy_for(url)
    if proxy is None:
        return BlockingTransport(BlockingConnections(MAX_CONNECTIONS, partial(BlockingConnection, Address.of_url(url))))
    from .proxied_connections import ProxiedConnection

    return BlockingTransport(BlockingConnections(MAX_CONNECTIONS, partial(ProxiedConnection, proxy)))
