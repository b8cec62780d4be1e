"""One connection to the server through a proxy: httpx's own, which knows how to speak to proxies of every kind."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import httpcore
import httpx

from .address import KEEP_ALIVE_SECONDS, ssl_context
from .time_limits import TimeLimits

__all__ = ["ProxiedAsyncConnection", "ProxiedConnection"]

_CONNECTED = (".connect_tcp.complete", ".start_tls.complete")


class ProxiedConnection:
    """For blocking calls; see `BlockingConnection`."""

    def __init__(self, proxy: str) -> None:
        self._pool = httpcore.ConnectionPool(proxy=_described(proxy), **_single())
        self._socket: socket.socket | None = None
        self._alarm: threading.Timer | None = None
        self._is_interrupted = False
        self.has_whole_answer: bool = False
        self.idle_since: float = 0.0

    def can_be_used_again(self) -> bool:
        """Whether another request may be sent; the pool of one connection replaces what the server closed."""
        self._cancel_alarm()
        return not self._is_interrupted

    def handle_request(self, request: httpcore.Request, limits: TimeLimits) -> httpcore.Response:
        """Send a request; the answer's body is still to be read. httpcore reads the limits off the request."""
        if limits.deadline is not None:
            # httpcore limits each wait, but not all of them together.
            self._alarm = threading.Timer(max(0.0, limits.deadline.remaining()), self.interrupt)
            self._alarm.name = "inference-ext deadline"
            self._alarm.daemon = True
            self._alarm.start()
        cast("dict[str, Any]", request.extensions)["trace"] = self._note_socket  # pyright: ignore[reportUnknownMemberType]
        return self._pool.handle_request(request)

    def interrupt(self) -> None:
        """End what is under way; the thread that waits for it gets a network error."""
        self._is_interrupted = True
        if self._socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        self._cancel_alarm()
        self._socket = None
        self._pool.close()

    def _cancel_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _note_socket(self, event: str, details: dict[str, Any]) -> None:
        if event.endswith(_CONNECTED):
            self._socket = details["return_value"].get_extra_info("socket")
            if self._is_interrupted:
                self.interrupt()


class ProxiedAsyncConnection:
    """For the calls of an event loop; see `AsyncConnection`."""

    def __init__(self, proxy: str) -> None:
        self._pool = httpcore.AsyncConnectionPool(proxy=_described(proxy), **_single())
        self.has_whole_answer: bool = False
        self.idle_since: float = 0.0

    def can_be_used_again(self) -> bool:
        """Whether another request may be sent; the pool of one connection replaces what the server closed."""
        return True

    async def handle_request(self, request: httpcore.Request, limits: TimeLimits) -> httpcore.Response:
        """Send a request; the answer's body is still to be read. httpcore reads the limits off the request."""
        async with _ending_at(limits):
            response = await self._pool.handle_async_request(request)
        response.stream = _bounded(cast("httpx.AsyncByteStream", response.stream), limits)
        return response

    async def aclose(self) -> None:
        """Close the connection."""
        await self._pool.aclose()


async def _bounded(stream: httpx.AsyncByteStream, limits: TimeLimits) -> AsyncGenerator[bytes]:
    """Iterate over a body until the deadline: httpcore limits each wait, but not all of them together."""
    parts = aiter(stream)
    try:
        while True:
            async with _ending_at(limits):
                part = await anext(parts, None)
            if part is None:
                return
            yield part
    finally:
        await stream.aclose()


@asynccontextmanager
async def _ending_at(limits: TimeLimits) -> AsyncGenerator[None]:
    left = None if limits.deadline is None else limits.deadline.remaining()
    try:
        async with asyncio.timeout(left):
            yield
    except TimeoutError:
        raise httpx.ReadTimeout("the deadline has passed") from None


def _described(proxy: str) -> httpcore.Proxy:
    described = httpx.Proxy(proxy)
    url = described.url
    return httpcore.Proxy(
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        auth=described.raw_auth,
    )


def _single() -> dict[str, Any]:
    return {
        "ssl_context": ssl_context(),
        "max_connections": 1,
        "max_keepalive_connections": 1,
        "keepalive_expiry": KEEP_ALIVE_SECONDS,
    }
