"""Attributes and properties: their types, and whether they can be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import griffe

from api_tools.checks.typed_dictionaries import is_typed_dictionary
from api_tools.surface import owner_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api_tools.change import Change
    from api_tools.pair import Pair

__all__ = ["attribute_changes"]

_LONGEST = 60


def attribute_changes(pair: Pair) -> Iterator[Change]:
    """Every change of an attribute but those of a type alias and of an enumeration's member."""
    old, new = pair.old, pair.new
    if not isinstance(old, griffe.Attribute) or not isinstance(new, griffe.Attribute):
        return
    if pair.sides.old.tree.alias_value(old.canonical_path) is not None:
        return
    owner = owner_of(pair.place)
    if pair.has_role("received", owner) or isinstance(old.parent, griffe.Module):
        yield from pair.received("value", old.annotation, new.annotation)
    if pair.has_role("sent", owner) and is_typed_dictionary(old.parent):
        yield from pair.sent("value", old.annotation, new.annotation)
    if _can_be_set(old) and not _can_be_set(new):
        yield pair.told("breaking", "can no longer be set")
    if isinstance(old.parent, griffe.Module) and str(old.value) != str(new.value):
        yield pair.told("changed", f"value {_short(old.value)} -> {_short(new.value)}")


def _can_be_set(attribute: griffe.Attribute) -> bool:
    if "property" in attribute.labels:
        return "writable" in attribute.labels or "cached" in attribute.labels
    return not str(attribute.annotation).startswith("Final")


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
