"""Which image URLs this client fetches.

An application that passes on URLs it was given must not become a way into its own network: a URL may name a cloud's
metadata service or a machine behind the firewall. So by default only addresses on the public internet are fetched,
decided on the resolved address, for every hop of a redirect.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address, IPv6Network
from urllib.parse import urlsplit

from attrs import field, frozen

from ..errors import InvalidParameterError, InvalidURLImageInput, URLAddressNotAllowedError

__all__ = ["URLPolicy"]

_NAT64 = IPv6Network("64:ff9b::/96")
_TRUE, _FALSE = frozenset({"true", "1", "yes", "on"}), frozenset({"false", "0", "no", "off"})


def _to_hosts(hosts: Iterable[str]) -> frozenset[str]:
    if isinstance(hosts, str):
        raise InvalidParameterError(f"URLPolicy: expected a set of host names, got the text {hosts!r}")
    names = (host.strip().lower().rstrip(".") for host in hosts)
    return frozenset(name for name in names if name)


def _to_optional_hosts(hosts: Iterable[str] | None) -> frozenset[str] | None:
    return None if hosts is None else _to_hosts(hosts)


@frozen(kw_only=True)
class URLPolicy:
    """Limits on the image URLs that this client downloads."""

    allow_urls: bool = True
    """Fetch image URLs at all."""

    allow_http: bool = True
    """Fetch over plain http as well as https."""

    allow_non_global_addresses: bool = False
    """Fetch from private, loopback, link-local and other addresses outside the public internet. Needed for cameras
    and file servers on a local network; leave it off when URLs come from other people."""

    allow_hosts_without_domain: bool = True
    """Fetch from bare host names such as `http://nas/image.jpg`."""

    allowed_hosts: frozenset[str] | None = field(default=None, converter=_to_optional_hosts)
    """When given, only these host names are fetched from. Letter case does not matter."""

    denied_hosts: frozenset[str] = field(default=frozenset(), converter=_to_hosts)
    """Host names that are never fetched from. Letter case does not matter."""

    max_redirects: int = 5
    """Redirects followed before giving up."""

    max_bytes: int = 100_000_000
    """Largest download."""

    timeout: float = 30.0
    """Seconds one download may take in all."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> URLPolicy:
        """Read the policy from the environment variables inference-sdk documents.

        `ALLOW_URL_INPUT`, `ALLOW_NON_HTTPS_URL_INPUT`, `ALLOW_URL_INPUT_WITHOUT_FQDN`,
        `ALLOW_URL_TO_NON_GLOBAL_ADDRESSES`, `MAX_IMAGE_URL_REDIRECTS`,
        `WHITELISTED_DESTINATIONS_FOR_URL_INPUT` and `BLACKLISTED_DESTINATIONS_FOR_URL_INPUT` (comma separated).

        Raises:
            InvalidParameterError: A variable holds something that cannot be read.

        """
        default = cls()
        allowed = _hosts(environment, "WHITELISTED_DESTINATIONS_FOR_URL_INPUT")
        return cls(
            allow_urls=_flag(environment, "ALLOW_URL_INPUT", default.allow_urls),
            allow_http=_flag(environment, "ALLOW_NON_HTTPS_URL_INPUT", default.allow_http),
            allow_hosts_without_domain=_flag(
                environment, "ALLOW_URL_INPUT_WITHOUT_FQDN", default.allow_hosts_without_domain
            ),
            allow_non_global_addresses=_flag(
                environment, "ALLOW_URL_TO_NON_GLOBAL_ADDRESSES", default.allow_non_global_addresses
            ),
            allowed_hosts=allowed or None,
            denied_hosts=_hosts(environment, "BLACKLISTED_DESTINATIONS_FOR_URL_INPUT"),
            max_redirects=_number(environment, "MAX_IMAGE_URL_REDIRECTS", default.max_redirects),
        )

    def check_url(self, url: str) -> None:
        """Check what the text of a URL tells.

        Raises:
            InvalidURLImageInput: The scheme, host or user part is refused.

        """
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").lower().rstrip(".")
            _ = parts.port
        except ValueError as error:
            raise InvalidURLImageInput(f"image URL cannot be read: {error}") from None
        shown = f"{parts.scheme}://{host}{parts.path}"
        if not self.allow_urls:
            raise InvalidURLImageInput(f"image URL {shown!r}: URLs are turned off (URLPolicy.allow_urls)")
        if parts.scheme not in ("http", "https") or not host:
            raise InvalidURLImageInput(f"image URL {shown!r}: expected http:// or https:// and a host")
        if parts.scheme == "http" and not self.allow_http:
            raise InvalidURLImageInput(f"image URL {shown!r}: only https is allowed (URLPolicy.allow_http)")
        if parts.username or parts.password:
            raise InvalidURLImageInput(f"image URL {shown!r}: a user name in the URL is not supported")
        if "." not in host and ":" not in host and not self.allow_hosts_without_domain:
            raise InvalidURLImageInput(
                f"image URL {shown!r}: bare host names are refused (URLPolicy.allow_hosts_without_domain)"
            )
        if host in self.denied_hosts or (self.allowed_hosts is not None and host not in self.allowed_hosts):
            raise InvalidURLImageInput(
                f"image URL {shown!r}: the host is refused (URLPolicy.allowed_hosts, URLPolicy.denied_hosts)"
            )

    def check_address(self, address: IPv4Address | IPv6Address, host: str) -> None:
        """Check the address a host name resolved to.

        Raises:
            URLAddressNotAllowedError: It lies outside the public internet and the policy does not allow that.

        """
        if self.allow_non_global_addresses or _is_public(address):
            return
        raise URLAddressNotAllowedError(
            f"image URL host {host!r} leads to {address}, which is not on the public internet: to fetch from local "
            "addresses pass url_policy=URLPolicy(allow_non_global_addresses=True) to the client, or set "
            "ALLOW_URL_TO_NON_GLOBAL_ADDRESSES=True"
        )


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    reached = _embedded_ipv4(address) or address
    # Python counts the reserved and the old site-local blocks of IPv6 as global; both can lead inside a network.
    outside = reached.is_multicast or reached.is_reserved or getattr(reached, "is_site_local", False)
    return reached.is_global and not outside


def _embedded_ipv4(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Give the IPv4 address an IPv6 one stands for: mapped (::ffff:0:0/96), 6to4 (2002::/16), NAT64 (64:ff9b::/96)."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour


def _flag(environment: Mapping[str, str], name: str, default: bool) -> bool:
    text = environment.get(name, "").strip().lower()
    if not text:
        return default
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise InvalidParameterError(f"environment variable {name}: expected True or False, got {environment[name]!r}")


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if text.isdecimal():
        return int(text)
    raise InvalidParameterError(f"environment variable {name}: expected a whole number, got {environment[name]!r}")


def _hosts(environment: Mapping[str, str], name: str) -> frozenset[str]:
    return _to_hosts(environment.get(name, "").split(","))
