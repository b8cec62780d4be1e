"""Which alternative of a schema became which alternative of its successor."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from schema_tools.comparison.alternatives import expanded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from schema_tools.comparison.alternatives import Alternative
    from schema_tools.document import JsonObject

    Judge: TypeAlias = Callable[[Alternative, Alternative], bool]
    Cost: TypeAlias = Callable[[Alternative, Alternative], int]

__all__ = ["Matching", "match", "opened"]

#: Two objects of a union are the same one when they share at least this part of their fields.
ALIKE = 0.5


@dataclass
class Matching:
    """The result.

    Attributes:
        pairs: An old alternative and what became of it.
        lost: Old alternatives without a counterpart.
        gained: New alternatives without a counterpart.

    """

    lost: list[Alternative]
    gained: list[Alternative]
    pairs: list[tuple[Alternative, Alternative]] = field(default_factory=list["tuple[Alternative, Alternative]"])

    def pair(self, old: Alternative, new: Alternative) -> None:
        """Note a pair."""
        self.lost.remove(old)
        self.gained.remove(new)
        self.pairs.append((old, new))

    def pair_all(self, is_same: Judge) -> None:
        """Pair what is the same."""
        for old in list(self.lost):
            new = next((each for each in self.gained if is_same(old, each)), None)
            if new is not None:
                self.pair(old, new)


def match(
    olds: list[Alternative],
    news: list[Alternative],
    schemas: tuple[Mapping[str, JsonObject], Mapping[str, JsonObject]],
    is_renamed: Judge,
    cost: Cost,
) -> Matching:
    """Find the counterparts.

    Args:
        olds: The alternatives before.
        news: The alternatives now.
        schemas: The named schemas before, and now.
        is_renamed: Whether two named schemas differ in nothing but their names.
        cost: How much two alternatives of one kind differ.

    """
    matching = Matching(list(olds), list(news))
    seen: tuple[set[str], set[str]] = (set(), set())
    while True:
        matching.pair_all(lambda old, new: old.name is not None and old.name == new.name)
        matching.pair_all(lambda old, new: old.kind == new.kind == "named" and is_renamed(old, new))
        if not any(each.kind == "named" for each in matching.lost + matching.gained):
            break
        # What one document names, the other may spell out.
        matching.lost = _opened(matching.lost, schemas[0], seen[0])
        matching.gained = _opened(matching.gained, schemas[1], seen[1])
    matching.pair_all(lambda old, new: old.text == new.text)
    # A union of objects may have lost one and gained another; a single object has become the other one.
    paired_objects = len(_objects(old for old, _ in matching.pairs))
    is_union = paired_objects + max(len(_objects(matching.lost)), len(_objects(matching.gained))) > 1
    while True:
        found = [
            ((-_likeness(old.name, new.name), cost(old, new), number), old, new)
            for number, (old, new) in enumerate((old, new) for old in matching.lost for new in matching.gained)
            if _may_become(old, new, is_union=is_union)
        ]
        if not found:
            return matching
        _, old, new = min(found, key=lambda each: each[0])
        matching.pair(old, new)


def opened(found: list[Alternative], schemas: Mapping[str, JsonObject]) -> list[Alternative]:
    """The alternatives with every reference replaced by what it leads to."""
    seen: set[str] = set()
    while any(each.kind == "named" for each in found):
        found = _opened(found, schemas, seen)
    return found


def _opened(found: Iterable[Alternative], schemas: Mapping[str, JsonObject], seen: set[str]) -> list[Alternative]:
    opened: dict[str, Alternative] = {}
    for each in found:
        if each.kind != "named" or each.name is None:
            opened.setdefault(each.text, each)
        elif each.name not in seen:
            seen.add(each.name)
            opened.update((inner.text, inner) for inner in expanded(each.name, schemas))
    return list(opened.values())


def _objects(found: Iterable[Alternative]) -> list[Alternative]:
    return [each for each in found if each.kind in ("named", "object")]


def _may_become(old: Alternative, new: Alternative, *, is_union: bool) -> bool:
    if old.is_number and new.is_number:
        return True
    if old.kind != new.kind or old.kind in ("value", "unknown"):
        return False
    if old.kind == "object" and is_union:
        before, now = (set(each.schema.get("properties", {})) for each in (old, new))
        return len(before & now) >= ALIKE * len(before | now)
    return True


def _likeness(name: str | None, other: str | None) -> float:
    """How alike two names of schemas are, from 0 to 1: a schema that gets another name keeps a part of it."""
    return SequenceMatcher(None, name, other).ratio() if name and other else 0.0
