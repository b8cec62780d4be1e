"""What is known of the servers' versions: which of them lack a route or an option of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from ..generated_api import Availability

__all__ = ["Need", "known_operation", "needs_of"]


@frozen
class Need:
    """A route or an option that a call needs, and where it is known from."""

    route: str
    """Method and path as the generated tables spell them."""

    parameter: str | None
    """The option's name on the wire; `None` for the route itself."""

    availability: Availability

    versions: Sequence[str]
    """All known versions, the oldest first."""

    @property
    def is_lacked_by_some(self) -> bool:
        """Whether a known version lacks it."""
        return self.availability.missing_in is not None or self.availability.until is not None

    def is_missing_yet_in(self, version: str) -> bool:
        """Whether a version is known to be too old for it; one between two known ones may have it."""
        missing_in = self.availability.missing_in
        return missing_in is not None and _is_at_most(version, missing_in)

    def is_gone_in(self, version: str) -> bool:
        """Whether a version is known to have dropped it; one that is newer than all known ones is like the newest."""
        gone_in = self._gone_in
        return gone_in is not None and _is_at_least(version, gone_in)

    @property
    def coming(self) -> str:
        """When it came; the exact version is not known."""
        return f"it came between {self.availability.missing_in} and {self.availability.since}"

    @property
    def going(self) -> str:
        """When it went; the exact version is not known."""
        return f"it went between {self.availability.until} and {self._gone_in}"

    @property
    def _gone_in(self) -> str | None:
        until = self.availability.until
        return None if until is None else self.versions[self.versions.index(until) + 1]


def needs_of(route: str, options: Iterable[str] = ()) -> list[Need]:
    """Give what a call needs of a server, as far as versions are known to differ in it.

    Args:
        route: Method and path, either as the tables spell it, or with a model's id or the like in it.
        options: Names on the wire.

    """
    from ..generated_api import OPERATIONS, PARAMETERS, VERSIONS

    key = known_operation(route)
    if key is None:
        return []
    parameters = PARAMETERS.get(key, {})
    named = [(None, OPERATIONS[key]), *((name, parameters[name]) for name in options if name in parameters)]
    needs = [Need(key, name, availability, VERSIONS) for name, availability in named]
    return [need for need in needs if need.is_lacked_by_some]


def known_operation(route: str) -> str | None:
    """Find the key of a route in the tables; `None` when no version is known to have it."""
    from ..generated_api import OPERATIONS

    if route in OPERATIONS:
        return route
    fitting = [key for key in OPERATIONS if _pattern(key).fullmatch(route)]
    # The one that says most: a path's last part may hold slashes, so a shorter one may fit as well.
    return max(fitting, key=len, default=None)


def _pattern(key: str) -> re.Pattern[str]:
    """Match the paths of an operation; a key that begins with a parameter matches itself alone, or it would all."""
    method, path = key.split()
    if path.startswith("/{"):
        return re.compile(re.escape(key))
    inner = re.sub(r"\\{[^}]*\\}(?!$)", "[^/]+", re.escape(path))
    return re.compile(f"{method} " + re.sub(r"\\{[^}]*\\}$", ".+", inner))


def _is_at_most(version: str, other: str) -> bool:
    numbers = _numbers(version)
    return numbers is not None and numbers <= (_numbers(other) or [])


def _is_at_least(version: str, other: str) -> bool:
    numbers = _numbers(version)
    return numbers is not None and numbers >= (_numbers(other) or [])


def _numbers(version: str) -> list[int] | None:
    """The numbers a version begins with; `None` for one without, which is neither old nor new."""
    numbers = re.match(r"\d+(\.\d+)*", version)
    return None if numbers is None else [int(part) for part in numbers[0].split(".")]
