"""Fetch images behind URLs within the limits of the URL policy."""

from __future__ import annotations

import ipaddress
from urllib.parse import urljoin, urlsplit

from ..errors import InvalidURLImageInput
from ..images import RemoteImage, URLPolicy
from .cancellation import Cancellation
from .connections import NameLookup, Redirect, fetch_pinned
from .deadline import Deadline

__all__ = ["download_image", "pass_image_url"]


def download_image(url: str, policy: URLPolicy) -> bytes:
    """Download an image; every hop's address is resolved once, checked, and then connected to as checked.

    Raises:
        InvalidURLImageInput: The policy refuses the URL, or there are too many redirects or bytes.
        URLAddressNotAllowedError: A hop leads outside the public internet.
        HTTPServerConnectionError: There was no complete answer.

    """
    deadline = Deadline.after(policy.timeout)
    for _ in range(policy.max_redirects + 1):
        policy.check_url(url)
        outcome = fetch_pinned(url, _checked_address(url, policy, deadline), policy.max_bytes, deadline)
        if not isinstance(outcome, Redirect):
            return outcome
        url = urljoin(url, outcome.location)
    raise InvalidURLImageInput(
        f"image URL on host {urlsplit(url).hostname!r}: more than {policy.max_redirects} redirects "
        "(URLPolicy.max_redirects)"
    )


def pass_image_url(url: str, policy: URLPolicy) -> RemoteImage:
    """Let the server fetch an image; what a host name leads to is for the server to check.

    Raises:
        InvalidURLImageInput: The policy refuses what the text of the URL tells.

    """
    policy.check_url(url)
    return RemoteImage(url)


def _checked_address(url: str, policy: URLPolicy, deadline: Deadline) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    lookup = NameLookup(host, parts.port or parts.scheme)
    cancellation = Cancellation.current()
    if cancellation is not None:
        cancellation.register(lookup, lookup.give_up)
    lookup.wait(deadline.remaining())
    if cancellation is not None:
        cancellation.unregister(lookup)
    try:
        found = lookup.addresses()
    except (OSError, UnicodeError) as error:
        raise InvalidURLImageInput(f"image URL host {host!r} cannot be found: {error}") from None
    addresses = [ipaddress.ip_address(str(entry[4][0])) for entry in found]
    # All of them, not the first: a name may carry one good and one bad address.
    for address in addresses:
        policy.check_address(address, host)
    return str(addresses[0])
