"""Query parameters that are secret: they join a request's address at the connection, behind all that looks at requests.

What hooks into httpx's transports, such as OpenTelemetry's instrumentation, writes the address of every request into
a trace, and many servers take the API key in the query only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

import httpx

if TYPE_CHECKING:
    import httpcore

__all__ = ["join_secret_query", "secret_query"]

_EXTENSION = "inference_ext_secret_query"


def secret_query(parameters: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Give the extension of a request that carries secret query parameters; nothing for none."""
    return {_EXTENSION: urlencode(parameters).encode("ascii")} if parameters else {}


def join_secret_query(request: httpcore.Request | httpx.Request) -> None:
    """Put the secret parameters of a request behind the others, where it goes out."""
    extensions = cast("dict[str, Any]", request.extensions)
    secret = extensions.pop(_EXTENSION, None)
    if secret is None:
        return
    if isinstance(request, httpx.Request):
        query = request.url.query
        request.url = request.url.copy_with(query=b"%b&%b" % (query, secret) if query else secret)
    else:
        target = request.url.target
        request.url.target = b"%b%b%b" % (target, b"&" if b"?" in target else b"?", secret)
