"""Two releases of a package compared: what is gone, what is new, and what every check tells of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import griffe

from api_tools.change import SEVERITIES, Change
from api_tools.checks.attributes import attribute_changes
from api_tools.checks.classes import class_changes
from api_tools.checks.enumerations import enumeration_changes
from api_tools.checks.functions import function_changes, griffe_changes
from api_tools.checks.overloads import overload_changes
from api_tools.checks.type_aliases import alias_changes
from api_tools.checks.typed_dictionaries import typed_dictionary_changes
from api_tools.pair import Pair, Sides
from api_tools.roles import Roles
from api_tools.surface import Surface, owner_of
from api_tools.type_expressions import TypeReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api_tools.roles import Role
    from api_tools.trees import Tree

__all__ = ["CHECKS", "compare"]

CHECKS: tuple[Callable[[Pair], Iterator[Change]], ...] = (
    griffe_changes,
    function_changes,
    overload_changes,
    attribute_changes,
    alias_changes,
    class_changes,
    enumeration_changes,
    typed_dictionary_changes,
)


def compare(old: Tree, new: Tree, package: str) -> list[Change]:
    """Every change of a package that callers can see, breaking ones first, sorted by place."""
    before, now = Surface(old, package), Surface(new, package)
    roles: dict[str, set[Role]] = {}
    for tree, surface in ((old, before), (new, now)):
        for place, found in Roles(tree, surface).of.items():
            roles.setdefault(place, set()).update(found)
    sides = Sides(
        TypeReader(old, before.public_name), TypeReader(new, now.public_name), roles, frozenset(before.objects)
    )
    found = {*_removed(before, now), *_added(before, now)}
    for place in (before.objects.keys() & now.objects.keys()) - (before.repeated & now.repeated):
        pair = Pair(place, before.objects[place], now.objects[place], sides)
        for check in CHECKS:
            found.update(check(pair))
    return sorted(found, key=lambda one: (SEVERITIES.index(one.severity), one.place, one.change))


def _removed(before: Surface, now: Surface) -> Iterator[Change]:
    gone = before.objects.keys() - now.objects.keys() - before.named
    for place in gone:
        # What was in it is gone with it; what only annotations named, or is now listed elsewhere, is not gone.
        owner = owner_of(place)
        if owner not in gone and owner not in now.repeated and owner not in before.named - now.objects.keys():
            yield Change("breaking", place, f"{before.objects[place].kind.value} removed")


def _added(before: Surface, now: Surface) -> Iterator[Change]:
    new = now.objects.keys() - before.objects.keys() - now.named
    for place in new:
        owner = owner_of(place)
        if owner in new or owner in before.repeated or owner in now.named - before.objects.keys():
            continue
        found = now.objects[place]
        demanded = [one.name for one in found.parameters if one.required] if isinstance(found, griffe.Function) else []
        if found.name == "__init__" and demanded[1:]:
            names = ", ".join(f"`{name}`" for name in demanded[1:])
            yield Change("breaking", place, f"now takes {names} (required)")
        else:
            yield Change("added", place, f"{found.kind.value} added")
