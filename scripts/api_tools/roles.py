"""Which types callers send and which they get.

A type that is sent may only accept more, a type that is received may only promise more. A class that no function takes
or gives is taken for both: callers make it and read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import griffe

from api_tools.surface import owner_of
from api_tools.type_expressions import type_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api_tools.surface import Surface
    from api_tools.trees import Tree

__all__ = ["Role", "Roles"]

Role: TypeAlias = Literal["sent", "received"]


class Roles:
    """The roles of the types of one package.

    Attributes:
        of: Every type that has one, by its place.

    """

    def __init__(self, tree: Tree, surface: Surface) -> None:
        self._tree, self._surface = tree, surface
        self.of: dict[str, set[Role]] = {}
        for place, found in surface.objects.items():
            if isinstance(found, griffe.Function) and found.name != "__init__":
                self._spread(self._named_by_function(place, found))
        for place, found in surface.objects.items():
            if isinstance(found, griffe.Class) and place not in self.of:
                self._spread([(place, "sent"), (place, "received")])

    def _spread(self, found: list[tuple[str, Role]] | Iterator[tuple[str, Role]]) -> None:
        waiting = list(found)
        while waiting:
            place, role = waiting.pop()
            if role not in self.of.setdefault(place, set()):
                self.of[place].add(role)
                waiting += self._named_within(place, role)

    def _named_by_function(self, place: str, function: griffe.Function) -> Iterator[tuple[str, Role]]:
        for parameter in function.parameters:
            yield from self._named(parameter.annotation, "sent")
        own = owner_of(place)
        yield from (one for one in self._named(function.returns, "received") if one[0] != own)

    def _named_within(self, place: str, role: Role) -> Iterator[tuple[str, Role]]:
        found = self._surface.objects[place]
        if isinstance(found, griffe.Class):
            for name in found.all_members:
                member = self._surface.objects.get(f"{place}.{name}")
                if isinstance(member, griffe.Attribute):
                    yield from self._named(member.annotation, role)
                elif isinstance(member, griffe.Function) and name == "__init__" and role == "sent":
                    yield from self._named_by_function(f"{place}.{name}", member)
        else:
            yield from self._named(self._tree.alias_value(found.canonical_path), role)

    def _named(self, annotation: griffe.Expr | str | None, role: Role) -> Iterator[tuple[str, Role]]:
        for path in type_names(annotation):
            found = self._tree.find(path)
            if found is None or isinstance(found, griffe.Module | griffe.Function):
                continue
            place = self._surface.public_name(found.canonical_path)
            if place in self._surface.objects:
                yield place, role
                if "Callable" in str(annotation):  # what it takes goes the other way
                    yield place, "received" if role == "sent" else "sent"
