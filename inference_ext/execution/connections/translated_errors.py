"""What httpx raises, in this package's errors."""

from __future__ import annotations

import httpx

from ...errors import HTTPClientError, HTTPServerConnectionError, RequestTimeoutError
from ..deadline import Deadline

__all__ = ["HTTPX_ERRORS", "translated"]

HTTPX_ERRORS = (httpx.TransportError, httpx.StreamError, httpx.DecodingError, httpx.InvalidURL)
"""What can come out of sending a request. Raise its translation outside of the `except` block: these errors carry the
request, whose address may hold the API key, so they must not be chained."""


def translated(
    error: Exception, request: object, address: str | None = None, deadline: Deadline | None = None
) -> HTTPClientError:
    """Give this package's error for one of `HTTPX_ERRORS`.

    Args:
        error: What was raised.
        request: Words for the request.
        address: The server's address, where the request does not name it. It holds no key.
        deadline: The end of the whole request, when it has one: what ends with it is not put down to a shorter limit.

    """
    # Its frames hold the request, and some of httpx's hold the error in turn: they would wait for the collector.
    error.__traceback__ = None
    server = "the server" if address is None else f"the server at {address}"
    if isinstance(error, httpx.PoolTimeout):
        return RequestTimeoutError(f"{request}: {error}")
    if isinstance(error, httpx.TransportError) and deadline is not None and deadline.remaining() <= 0:
        return deadline.passed(request)
    if isinstance(error, httpx.ConnectTimeout):
        return RequestTimeoutError(f"{request}: no connection to {server} within connect_timeout")
    if isinstance(error, httpx.TimeoutException):
        return RequestTimeoutError(f"{request}: the server stood still for request_timeout")
    if isinstance(error, httpx.ConnectError):
        return HTTPServerConnectionError(f"{request}: no connection to {server}: {_reason(error)}")
    if isinstance(error, httpx.InvalidURL):
        return HTTPServerConnectionError(f"{request}: the address cannot be used: {error}")
    return HTTPServerConnectionError(f"{request}: no complete answer: {_reason(error)}")


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
