"""What a check looks at: one public object in both releases, and what is known about its surroundings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api_tools.change import Change
from api_tools.surface import owner_of
from api_tools.type_expressions import not_covered

if TYPE_CHECKING:
    from collections.abc import Iterator

    import griffe

    from api_tools.change import Severity
    from api_tools.roles import Role
    from api_tools.type_expressions import Arm, TypeReader

__all__ = ["Pair", "Sides"]


@dataclass(frozen=True)
class Sides:
    """What all pairs of a package share.

    Attributes:
        old: Reads the annotations of the last release.
        new: Reads those of the present code.
        roles: What is sent and what is received, by place, in either of them.
        public: The public places of the last release.

    """

    old: TypeReader
    new: TypeReader
    roles: dict[str, set[Role]]
    public: frozenset[str]


@dataclass(frozen=True)
class Pair:
    """One public object.

    Attributes:
        place: Where callers find it.
        old: What it was.
        new: What it is.
        sides: What all pairs share.

    """

    place: str
    old: griffe.Object
    new: griffe.Object
    sides: Sides

    def has_role(self, role: Role, place: str | None = None) -> bool:
        """Whether this object, or the one at a place, is sent or received; without any role it is both."""
        return role in self.sides.roles.get(place or self.place, {role})

    @property
    def is_unmade(self) -> bool:
        """Whether this is the constructor of a class that callers get but do not make."""
        return self.old.name == "__init__" and not self.has_role("sent", owner_of(self.place))

    def told(self, severity: Severity, change: str) -> Change:
        """A change of this object; nothing about a constructor that callers do not call breaks them."""
        return Change("changed" if severity == "breaking" and self.is_unmade else severity, self.place, change)

    def sent(self, what: str, old: griffe.Expr | str | None, new: griffe.Expr | str | None) -> Iterator[Change]:
        """What became of a type that callers send."""
        lost, more = self._lost_and_more(old, new)
        if lost:
            yield self.told("breaking", f"{what} no longer takes {_shown(lost)}")
        if more:
            yield self.told("added", f"{what} also takes {_shown(more)}")

    def received(self, what: str, old: griffe.Expr | str | None, new: griffe.Expr | str | None) -> Iterator[Change]:
        """What became of a type that callers get."""
        lost, more = self._lost_and_more(old, new)
        if more:
            yield self.told("breaking", f"{what} may now be {_shown(more)}")
        if lost:
            yield self.told("changed", f"{what} is no longer {_shown(lost)}")

    def _lost_and_more(
        self, old: griffe.Expr | str | None, new: griffe.Expr | str | None
    ) -> tuple[list[Arm], list[Arm]]:
        of, by = self.sides.old, self.sides.new
        was, now = of.read(old), by.read(new)
        return not_covered(was, of, now, by), not_covered(now, by, was, of)


def _shown(arms: list[Arm]) -> str:
    return ", ".join(f"`{arm.shown}`" for arm in arms)
