"""How long one attempt may take at each of its steps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, cast

from attrs import frozen

if TYPE_CHECKING:
    import httpcore

__all__ = ["TimeLimits"]

_FOREVER = 24 * 3600.0
#: Zero would mean not to wait at all; this is as good as over.
_SHORTEST = 1e-3


class _Ending(Protocol):
    def remaining(self) -> float:
        """Seconds left."""
        ...


@frozen
class TimeLimits:
    """Limits of one attempt, in seconds."""

    connect: float
    read: float
    """Longest time without a byte of the answer."""

    write: float
    """Longest time without a byte of the request being taken."""

    pool: float
    """Longest wait for a free connection."""

    deadline: _Ending | None = None
    """The end of the whole request; no step lasts beyond it, however many bytes drip in."""

    @classmethod
    def of(cls, request: httpcore.Request) -> TimeLimits:
        """Read the limits that a request carries."""
        extensions = cast("Mapping[str, Any]", request.extensions)  # pyright: ignore[reportUnknownMemberType]
        timeout: Mapping[str, float | None] = extensions.get("timeout") or {}

        def limit(name: str) -> float:
            seconds = timeout.get(name)
            return _FOREVER if seconds is None else seconds

        return cls(limit("connect"), limit("read"), limit("write"), limit("pool"), extensions.get("deadline"))

    def for_read(self) -> float:
        """Seconds to wait for the next bytes of the answer."""
        return self._within_deadline(self.read)

    def for_write(self) -> float:
        """Seconds to wait until the next bytes of the request are taken."""
        return self._within_deadline(self.write)

    def _within_deadline(self, seconds: float) -> float:
        if self.deadline is not None:
            seconds = min(seconds, self.deadline.remaining())
        return max(_SHORTEST, seconds)
