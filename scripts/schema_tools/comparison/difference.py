"""A difference, and how severe it is: the rules of the comparison."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

__all__ = ["SEVERITIES", "Change", "Difference", "Effect", "Severity", "Side", "judge", "worst"]

Severity: TypeAlias = Literal["breaking", "behaviour", "changed", "added"]
SEVERITIES: tuple[Severity, ...] = ("breaking", "behaviour", "changed", "added")

#: Who writes a value: the caller (`request`) or the server (`answer`).
Side: TypeAlias = Literal["request", "answer"]

#: What happened to the set of allowed values. `other`: some are gone and some are new, or we cannot tell.
Effect: TypeAlias = Literal["narrower", "wider", "other"]

_SEVERITY: dict[tuple[Side, Effect], Severity] = {
    ("request", "narrower"): "breaking",
    ("request", "wider"): "added",
    ("request", "other"): "breaking",
    ("answer", "narrower"): "changed",
    ("answer", "wider"): "breaking",
    ("answer", "other"): "breaking",
}


@dataclass(frozen=True)
class Difference:
    """One change.

    Attributes:
        severity: ``breaking`` for callers, a changed default (``behaviour``), ``changed``, or ``added``.
        place: The operation or schema.
        change: What changed there.

    """

    severity: Severity
    place: str
    change: str


class Change(NamedTuple):
    """A difference whose place is not known yet."""

    severity: Severity
    text: str

    def at(self, place: str) -> Difference:
        """The difference at this place."""
        return Difference(self.severity, place, self.text)


def judge(side: Side, effect: Effect, text: str) -> Change:
    """A change of the allowed values, as severe as the side makes it."""
    return Change(_SEVERITY[side, effect], text)


def worst(changes: list[Change]) -> Severity:
    """The greatest severity among the changes, of which there is at least one."""
    found = {change.severity for change in changes}
    return next(severity for severity in SEVERITIES if severity in found)
