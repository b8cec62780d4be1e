"""Type aliases, among them the literals that stand for the values of a field."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api_tools.change import Change
    from api_tools.pair import Pair

__all__ = ["alias_changes"]


def alias_changes(pair: Pair) -> Iterator[Change]:
    """What a type alias no longer takes, or may now be."""
    old = pair.sides.old.tree.alias_value(pair.old.canonical_path)
    new = pair.sides.new.tree.alias_value(pair.new.canonical_path)
    if old is None or new is None:
        if (old is None) != (new is None):
            yield pair.told("breaking", "became a type alias" if old is None else "is no type alias any more")
        return
    if pair.has_role("sent"):
        yield from pair.sent("it", old, new)
        if pair.has_role("received"):
            yield from (one for one in pair.received("it", old, new) if one.severity == "breaking")
    else:
        yield from pair.received("it", old, new)
