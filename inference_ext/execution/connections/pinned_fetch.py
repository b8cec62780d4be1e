"""Fetch an image from an address that was checked before."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext

import httpx
from attrs import frozen

from ...errors import InvalidURLImageInput
from ..cancellation import Cancellation
from ..deadline import Deadline
from .connection import Connection
from .translated_errors import translated_errors

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
    request = httpx.Request(
        "GET",
        original.copy_with(host=address, fragment=None),
        headers={"host": original.netloc.decode("ascii"), "user-agent": "inference-ext", "connection": "close"},
        extensions={"sni_hostname": original.host, "timeout": httpx.Timeout(left).as_dict()},
    )
    # A connection of its own: one that is pinned for a host must never serve another.
    connection = Connection(proxy=None)
    cancellation = Cancellation.current()
    try:
        with (
            nullcontext() if cancellation is None else cancellation.interrupting(connection.interrupt),
            translated_errors(name),
        ):
            response = connection.handle(request)
            if response.has_redirect_location:
                return Redirect(response.headers["location"])
            if not response.is_success:
                raise InvalidURLImageInput(f"{name} answered {response.status_code}")
            return _collected_up_to(limit, response.iter_bytes(), name, deadline)
    finally:
        connection.close()


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
