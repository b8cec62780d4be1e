"""What httpx raises, in this package's errors."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

import httpx

from ...errors import HTTPServerConnectionError, RequestTimeoutError
from ..deadline import Deadline

__all__ = ["translated_errors"]


@contextmanager
def translated_errors(request: object, address: str | None = None, deadline: Deadline | None = None) -> Generator[None]:
    """Turn what httpx raises into this package's errors.

    Args:
        request: Words for the request.
        address: The server's address, where the request does not name it. It holds no key.
        deadline: The end of the whole request, when it has one: what ends with it is not put down to a shorter limit.

    The cause is not chained: httpx's errors carry the request, whose address may hold the API key.

    """
    server = "the server" if address is None else f"the server at {address}"
    try:
        yield
    except httpx.ConnectTimeout:
        raise RequestTimeoutError(f"{request}: no connection to {server} within connect_timeout") from None
    except httpx.PoolTimeout as error:
        raise RequestTimeoutError(f"{request}: {error}") from None
    except httpx.TimeoutException:
        if deadline is not None and deadline.remaining() <= 0:
            raise deadline.passed(request) from None
        raise RequestTimeoutError(f"{request}: the server stood still for request_timeout") from None
    except httpx.ConnectError as error:
        raise HTTPServerConnectionError(f"{request}: no connection to {server}: {_reason(error)}") from None
    except (httpx.TransportError, httpx.StreamError, httpx.DecodingError) as error:
        raise HTTPServerConnectionError(f"{request}: no complete answer: {_reason(error)}") from None
    except httpx.InvalidURL as error:
        raise HTTPServerConnectionError(f"{request}: the address cannot be used: {error}") from None


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
