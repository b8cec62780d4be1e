"""One change of the public interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["SEVERITIES", "Change", "Severity"]

Severity: TypeAlias = Literal["breaking", "changed", "added"]
SEVERITIES: tuple[Severity, ...] = ("breaking", "changed", "added")


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes:
        severity: ``breaking`` for a caller's code, ``changed`` when every call still works but may do or give
            something else, or ``added``.
        place: Where callers find it, with dots.
        change: What changed there.

    """

    severity: Severity
    place: str
    change: str
