"""Connections of ours under httpx's transport for asyncio; see `blocking_transport`."""

from __future__ import annotations

from typing import Any

import httpx

from .async_connections import AsyncConnections

__all__ = ["AsyncTransport"]


class AsyncTransport(httpx.AsyncHTTPTransport):
    """For the calls of one event loop."""

    def __init__(self, connections: AsyncConnections) -> None:
        pool: Any = connections
        self._pool = pool
