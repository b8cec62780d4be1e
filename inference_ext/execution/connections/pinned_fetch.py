"""Fetch an image from an address that was checked before."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from functools import partial

import httpx
from attrs import evolve, frozen

from ...errors import HTTPClientError, InvalidResponseError, InvalidURLImageInput
from ..deadline import Deadline
from .address import Address
from .blocking_connection import BlockingConnection
from .blocking_connections import BlockingConnections
from .blocking_transport import BlockingTransport
from .content_encoding import decompressed
from .outgoing_request import OutgoingRequest
from .translated_errors import HTTPX_ERRORS, translated

__all__ = ["Redirect", "fetch_pinned"]


@frozen
class Redirect:
    """An answer that names another address."""

    location: str


def fetch_pinned(url: str, address: str, limit: int, deadline: Deadline) -> bytes | Redirect:
    """Get a URL from one address that was checked before, so that a second look-up cannot lead elsewhere.

    Args:
        url: The http or https URL; its host name goes into the `Host` header and the TLS handshake.
        address: IP address to connect to.
        limit: Most bytes to read.
        deadline: When to give up.

    Raises:
        InvalidURLImageInput: The answer is no success, or larger than the limit.
        HTTPServerConnectionError: There was no complete answer.

    """
    original = httpx.URL(url)
    name = f"image URL '{original.copy_with(query=None, fragment=None)}'"
    left = deadline.check(name)
    request = OutgoingRequest(
        "GET",
        original.copy_with(fragment=None),
        headers={
            "host": original.netloc.decode("ascii"),
            "user-agent": "inference-ext",
            "accept-encoding": "identity",
            "connection": "close",
        },
        extensions={"timeout": httpx.Timeout(left).as_dict(), "deadline": deadline},
    )
    # A connection of its own: one that is pinned for a host must never serve another.
    pinned = evolve(Address.of_url(url), host=address)
    connections = BlockingConnections(1, partial(BlockingConnection, pinned))
    failure: HTTPClientError
    try:
        with closing(connections):
            response = BlockingTransport(connections).handle_request(request)
            with closing(response):
                if response.has_redirect_location:
                    return Redirect(response.headers["location"])
                if not response.is_success:
                    raise InvalidURLImageInput(f"{name} answered {response.status_code}")
                content = _collected_up_to(limit, response.iter_raw(), name, deadline)
                return decompressed(content, response.headers.get("content-encoding", ""), limit, name)
    except HTTPX_ERRORS as error:
        failure = translated(error, name, deadline=deadline)
    except InvalidResponseError as error:
        failure = InvalidURLImageInput(f"{error} (URLPolicy.max_bytes is {limit})")
    try:
        raise failure
    finally:
        del failure  # its traceback holds this frame


def _collected_up_to(limit: int, chunks: Iterable[bytes], name: str, deadline: Deadline) -> bytes:
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        deadline.check(name)
        size += len(chunk)
        if size > limit:
            raise InvalidURLImageInput(f"{name} is larger than {limit} bytes (URLPolicy.max_bytes)")
        parts.append(chunk)
    return b"".join(parts)
