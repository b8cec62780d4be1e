"""Which methods a server serves, by its list of routes or, without one, by its version."""

from __future__ import annotations

import re

from ..configuration import HTTPClientMode
from ..operations.server_description import CallAvailability, ServerFacts
from ..operations.v0_route import V0_ROUTE
from .routes_of_calls import ROUTES_OF_CALLS
from .server_versions import known_operation, needs_of

__all__ = ["availability_of_calls", "newest_known_version"]

_AVAILABLE = CallAvailability(is_available=True, reason="")


def newest_known_version() -> str:
    """Give the server version that this package was made for."""
    from ..generated_api import VERSIONS

    return VERSIONS[-1]


def availability_of_calls(facts: ServerFacts, mode: HTTPClientMode) -> dict[str, CallAvailability]:
    """Tell for every method whether a server serves it.

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
    reasons = {route: _reason_against(route, version) for route in routes}
    if any(_shape(route) in listed if listed is not None else reasons[route] is None for route in routes):
        return _AVAILABLE
    known = [route for route in routes if known_operation(route) is not None]
    switched_off = [route for route in known if reasons[route] is None]
    if switched_off:
        return _missing(f"the server has not switched on {switched_off[0]}, or has dropped it")
    return _missing(reasons[(known or list(routes))[0]])


def _missing(reason: str | None) -> CallAvailability:
    return CallAvailability(is_available=False, reason=reason or "")


def _reason_against(route: str, version: str) -> str | None:
    """Say why a version is known to lack a route; `None` when it has it, or may have it."""
    if known_operation(route) is None:
        return f"no known server version has {route}"
    for need in needs_of(route):
        if need.is_missing_yet_in(version):
            return f"the server is {version}, too old for {route}: {need.coming}"
        if need.is_gone_in(version):
            return f"the server is {version}, too new for {route}: {need.going}"
    return None


def _shape(route: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", route)
