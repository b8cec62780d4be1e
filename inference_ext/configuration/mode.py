"""Which of the server's two inference APIs a client speaks."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import SplitResult, urlsplit, urlunsplit

from ..errors import InvalidParameterError

__all__ = ["HTTPClientMode", "mode_for_url", "normalise_api_url"]

#: Domains of the provider's hosted API; a host belongs when it is one of these or a subdomain of one.
_HOSTED_DOMAINS = ("roboflow.com", "roboflow.one", "roboflow.eu", "roboflow-eu.one")


class HTTPClientMode(StrEnum):
    """The server's two inference APIs."""

    V0 = "v0"
    """`POST /{project}/{version}`: the hosted API's route, one image per request."""

    V1 = "v1"
    """`POST /infer/{task}`: a self-hosted server's routes, with the model registry."""


def normalise_api_url(api_url: str) -> str:
    """Check a server address and drop its trailing slashes and surrounding blanks.

    Raises:
        InvalidParameterError: It is not an http or https URL with a host, or it holds a user, a query or a
            fragment (a key does not belong in the address).

    """
    parts = _parsed(api_url)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        may_hold_a_secret = any(mark in str(api_url) for mark in "@?#")
        shown = "the given address" if may_hold_a_secret else repr(api_url)
        raise InvalidParameterError(
            f"api_url: {shown} is not a server address; expected one like http://localhost:9001"
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InvalidParameterError(
            "api_url: expected scheme, host, port and path only; pass the key as api_key, not in the address"
        )
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/"), "", ""))


def _parsed(api_url: object) -> SplitResult | None:
    if not isinstance(api_url, str) or any(character.isspace() for character in api_url.strip()):
        return None
    try:
        parts = urlsplit(api_url.strip())
        _ = parts.port  # read here because it is checked only when read
    except ValueError:
        return None
    return parts


def mode_for_url(api_url: str) -> HTTPClientMode:
    """Choose the mode a client starts in: `v0` for the provider's hosted API, `v1` for every other server.

    The decision is made on the parsed host name, so neither letter case nor a look-alike prefix matters.
    """
    host = (urlsplit(api_url).hostname or "").lower().rstrip(".")
    hosted = any(host == domain or host.endswith("." + domain) for domain in _HOSTED_DOMAINS)
    return HTTPClientMode.V0 if hosted else HTTPClientMode.V1
