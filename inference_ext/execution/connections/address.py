"""Where a connection leads."""

from __future__ import annotations

import ssl
from functools import cache

import httpx
from attrs import frozen

__all__ = ["KEEP_ALIVE_SECONDS", "Address", "ssl_context"]

#: Seconds an idle connection is kept. The server closes at 5; closing later than it does loses requests.
KEEP_ALIVE_SECONDS = 4.0


@frozen
class Address:
    """A host and port, and how to speak there."""

    host: str
    """Name or IP address to connect to."""

    port: int
    tls_name: str | None
    """Host name for the TLS handshake, which may differ from `host` when that is an address checked before; `None`
    for plain http."""

    @classmethod
    def of_url(cls, url: str) -> Address:
        """Give the address of a URL's host.

        Raises:
            httpx.InvalidURL: It cannot be read.

        """
        parsed = httpx.URL(url)
        host = parsed.raw_host.decode("ascii")
        is_tls = parsed.scheme == "https"
        return cls(host, parsed.port or (443 if is_tls else 80), host if is_tls else None)


@cache
def ssl_context() -> ssl.SSLContext:
    """Give the one that all connections share: building one takes 30 ms, and it holds no state of a client."""
    context = httpx.create_ssl_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
