"""Typed dictionaries: which keys must be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import griffe

from api_tools.constructors import ancestors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api_tools.change import Change
    from api_tools.pair import Pair

__all__ = ["is_typed_dictionary", "typed_dictionary_changes"]

_TYPED_DICTIONARY = {"typing.TypedDict", "typing_extensions.TypedDict"}


def is_typed_dictionary(found: object) -> bool:
    """Whether something is the class of a typed dictionary."""
    return isinstance(found, griffe.Class) and not _TYPED_DICTIONARY.isdisjoint(ancestors(found))


def typed_dictionary_changes(pair: Pair) -> Iterator[Change]:
    """Keys that callers must now give, and keys that they may now miss."""
    old, new = pair.old, pair.new
    if not isinstance(old, griffe.Class) or not isinstance(new, griffe.Class):
        return
    if not is_typed_dictionary(old) or not is_typed_dictionary(new):
        return
    before, now = _keys(old), _keys(new)
    for key, is_required in now.items():
        if key not in before:
            if is_required and pair.has_role("sent"):
                yield pair.told("breaking", f"key `{key}` added (required)")
        elif is_required and not before[key] and pair.has_role("sent"):
            yield pair.told("breaking", f"key `{key}` became required")
        elif before[key] and not is_required and pair.has_role("received"):
            yield pair.told("breaking", f"key `{key}` may now be missing")


def _keys(kind: griffe.Class) -> dict[str, bool]:
    """Every key, and whether it must be there."""
    found: dict[str, bool] = {}
    for one in [*reversed(kind.mro()), kind]:
        is_total = str(one.keywords.get("total")) != "False"
        for name, member in one.members.items():
            if isinstance(member, griffe.Attribute):
                word = str(member.annotation).partition("[")[0].rpartition(".")[2]
                found[name] = word == "Required" or (is_total and word != "NotRequired")
    return found
