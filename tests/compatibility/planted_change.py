"""One planted change: what is done to a copy, and what must be said about it at every level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Generic, Protocol, TypeVar

__all__ = ["Expected", "Planted", "Reported", "added", "behaviour", "breaking", "changed"]

Copy = TypeVar("Copy")


class Reported(Protocol):
    """A row of the schema's comparison or of that of the code."""

    @property
    def severity(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def change(self) -> str: ...


@dataclass(frozen=True)
class Expected:
    """A row that must be there; in its place `*` stands for anything, and its text may be the part that matters."""

    severity: str
    place: str
    change: str

    def is_met_by(self, row: Reported) -> bool:
        return self.severity == row.severity and self.change in row.change and self.is_about(row)

    def is_about(self, row: Reported) -> bool:
        return fnmatchcase(row.place, self.place)


@dataclass(frozen=True)
class Planted(Generic[Copy]):
    """One change.

    `schema`, `generated` and `handwritten` are the rows of a level, nothing where the level must be silent. `types` is
    what mypy says inside the function of `calls` that is called like the change, nothing where it must be content. An
    `additive` change only gives callers more.
    """

    name: str
    plant: Callable[[Copy], object]
    schema: tuple[Expected, ...] = ()
    generated: tuple[Expected, ...] = ()
    handwritten: tuple[Expected, ...] = ()
    types: str = ""
    additive: bool = False

    @property
    def rows(self) -> tuple[Expected, ...]:
        return (*self.schema, *self.generated, *self.handwritten)


def breaking(place: str, change: str) -> Expected:
    return Expected("breaking", place, change)


def behaviour(place: str, change: str) -> Expected:
    return Expected("behaviour", place, change)


def changed(place: str, change: str) -> Expected:
    return Expected("changed", place, change)


def added(place: str, change: str) -> Expected:
    return Expected("added", place, change)
