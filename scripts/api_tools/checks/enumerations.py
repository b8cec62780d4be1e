"""Enumerations: the value behind a member, by which it is written to files and made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import griffe

from api_tools.constructors import ancestors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api_tools.change import Change
    from api_tools.pair import Pair

__all__ = ["enumeration_changes"]

_ENUMERATIONS = {f"enum.{name}" for name in ("Enum", "Flag", "IntEnum", "IntFlag", "StrEnum")}


def enumeration_changes(pair: Pair) -> Iterator[Change]:
    """A member with another value; one that is gone is reported as any other name."""
    old, new = pair.old, pair.new
    if not isinstance(old, griffe.Attribute) or not isinstance(new, griffe.Attribute):
        return
    if not isinstance(old.parent, griffe.Class) or _ENUMERATIONS.isdisjoint(ancestors(old.parent)):
        return
    if str(old.value) != str(new.value):
        yield pair.told("breaking", f"value {old.value} -> {new.value}")
