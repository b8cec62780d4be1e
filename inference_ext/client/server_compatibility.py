"""Whether the server is too old for a call: what is known of the server, and of the versions.

Only calls whose route is missing in the oldest known server ask for the version, once per client.
"""

from __future__ import annotations

import logging
import re
import threading

from ..caller_warnings import warn_caller
from ..configuration import HTTPClientMode, mode_for_url
from ..errors import HTTPCallErrorError, InvalidResponseError
from ..operations.exchange import Steps, call
from ..operations.model_registry import ServerInfo, get_server_info
from ..operations.server_description import CallAvailability, ServerFacts
from .routes_of_calls import ROUTES_OF_CALLS, V0_ROUTE

__all__ = ["ServerCompatibility", "availability_of_calls", "newest_known_version"]

_logger = logging.getLogger("inference_ext")

_AVAILABLE = CallAvailability(is_available=True, reason="")


class ServerCompatibility:
    """Remembers which version the server is of.

    Args:
        api_url: Its address. The hosted API is never too old, and is not asked.

    """

    def __init__(self, api_url: str) -> None:
        self._api_url = api_url
        self._lock = threading.Lock()
        self._info: ServerInfo | None = None
        self._is_known = mode_for_url(api_url) is HTTPClientMode.V0

    def remember(self, info: ServerInfo | None) -> None:
        """Keep what the server said about itself, also that it says nothing."""
        with self._lock:
            self._info = info
            self._is_known = True

    def check_route(self, path: str) -> Steps[None]:
        """Warn when the server is too old for a POST to a path.

        Raises:
            HTTPServerConnectionError: The server cannot be reached.

        """
        missing_in, since = _known_to_be_missing(path)
        if missing_in is None:
            return
        if not self._is_known:
            self.remember((yield from self._ask()))
        info = self._info
        if info is not None and _is_at_most(info.version, missing_in):
            warn_caller(
                f"the server at {self._api_url} is {info.version}, too old for this call: POST {path} is missing in "
                f"{missing_in} and came by {since}; update the server"
            )

    def _ask(self) -> Steps[ServerInfo | None]:
        try:
            return (yield from call(get_server_info()))
        except (HTTPCallErrorError, InvalidResponseError) as error:
            _logger.debug("the server at %s does not tell its version: %s", self._api_url, error)
            return None


def newest_known_version() -> str:
    """Give the server version that this package was made for."""
    from ..generated_api import VERSIONS

    return VERSIONS[-1]


def availability_of_calls(facts: ServerFacts, mode: HTTPClientMode) -> dict[str, CallAvailability]:
    """Tell for every method whether a server serves it, by its list of routes or, without one, by its version.

    Args:
        facts: What the server told.
        mode: Which routes those methods take that have some in both.

    """
    listed = None if facts.routes is None else frozenset(map(_shape, facts.routes))
    version = facts.info.version
    return {
        name: _availability(_routes_of_mode(routes, mode), version, listed) for name, routes in ROUTES_OF_CALLS.items()
    }


def _routes_of_mode(routes: tuple[str, ...], mode: HTTPClientMode) -> tuple[str, ...]:
    if V0_ROUTE not in routes or len(routes) == 1:
        return routes
    return (V0_ROUTE,) if mode is HTTPClientMode.V0 else tuple(route for route in routes if route != V0_ROUTE)


def _availability(routes: tuple[str, ...], version: str, listed: frozenset[str] | None) -> CallAvailability:
    from ..generated_api import OPERATIONS

    if any(_has(route, version, listed) for route in routes):
        return _AVAILABLE
    known = {route: OPERATIONS[route] for route in routes if route in OPERATIONS}
    if not known:
        return CallAvailability(is_available=False, reason=f"no known server version has {routes[0]}")
    for route, each in known.items():
        if each.missing_in is None or not _is_at_most(version, each.missing_in):
            reason = f"the server has not switched on {route}, or has dropped it"
            return CallAvailability(is_available=False, reason=reason)
    route, newest = next(iter(known.items()))
    reason = f"the server is {version}, too old: {route} is missing in {newest.missing_in} and came by {newest.since}"
    return CallAvailability(is_available=False, reason=reason)


def _has(route: str, version: str, listed: frozenset[str] | None) -> bool:
    from ..generated_api import OPERATIONS

    if listed is not None:
        return _shape(route) in listed
    known = OPERATIONS.get(route)
    return known is not None and (known.missing_in is None or not _is_at_most(version, known.missing_in))


def _known_to_be_missing(path: str) -> tuple[str | None, str]:
    """Give the newest version known to lack a POST to a path, and the oldest known to have it."""
    from ..generated_api import OPERATIONS

    route = f"POST {path}"
    exact = OPERATIONS.get(route)
    if exact is not None:
        return exact.missing_in, exact.since
    for template, known in OPERATIONS.items():
        # A model's id in the path may hold slashes.
        prefix, has_parameter, rest = template.partition("{")
        if has_parameter and rest.endswith("}") and prefix != "POST /" and route.startswith(prefix):
            return known.missing_in, known.since
    return None, ""


def _shape(route: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", route)


def _is_at_most(version: str, other: str) -> bool:
    """Compare versions; one that has no numbers in front is at most nothing."""
    numbers = re.match(r"\d+(\.\d+)*", version)
    return numbers is not None and _numbers(numbers[0]) <= _numbers(other)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]
