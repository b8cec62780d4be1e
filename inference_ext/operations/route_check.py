"""Asking, before a call to a route that not every server has, whether this one is too old for it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeAlias

from .exchange import Effect, Steps

__all__ = ["RouteCheck", "no_route_check"]

RouteCheck: TypeAlias = Callable[[str], Steps[None]]
"""Steps that warn when the server is too old for a POST to a path."""


def no_route_check(path: str) -> Generator[Effect, Any, None]:
    """Check nothing."""
    del path
    return
    yield
