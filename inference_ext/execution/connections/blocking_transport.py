"""Connections of ours under httpx's transport for blocking calls.

They stand where httpx has its pool, so that everything that hooks into httpx's transports, such as OpenTelemetry's
instrumentation, sees every request of this package.
"""

from __future__ import annotations

from typing import Any

import httpx

from .blocking_connections import BlockingConnections

__all__ = ["BlockingTransport"]


class BlockingTransport(httpx.HTTPTransport):
    """For blocking calls."""

    def __init__(self, connections: BlockingConnections) -> None:
        # Without the constructor of the base class, which would make a pool and read the certificates again.
        pool: Any = connections
        self._pool = pool

    def abandon(self) -> None:
        """Let go of the connections in a forked process."""
        connections: Any = self._pool
        connections.abandon()
