"""Unions that a client could not tell apart, or that would swallow every type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tools.document import is_array, is_object, walk_keywords
from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from schema_tools.document import Json, JsonObject

__all__ = ["drop_empty_arms", "merge_array_arms"]

NULL = {"type": "null"}


def merge_array_arms(document: JsonObject) -> int:
    """``anyOf[array of A, array of B]`` becomes ``array of anyOf[A, B]``.

    A reader that looks at the JSON type sees two arms "array" and would always take the first.

    Returns:
        How many unions were merged.

    """
    count = 0
    for node in list(walk_keywords(document)):
        arms = node.get("anyOf")
        if not is_array(arms):
            continue
        arrays = [arm for arm in arms if is_object(arm) and arm.get("type") == "array"]
        if len(arrays) < 2:
            continue
        merged: JsonObject = {"type": "array", "items": {"anyOf": [array["items"] for array in arrays]}}
        position = arms.index(arrays[0])
        others: list[Json] = [arm for arm in arms if arm not in arrays]
        node["anyOf"] = [*others[:position], merged, *others[position:]]
        count += 1
    return _at_least_one(count, "merge_array_arms")


def drop_empty_arms(document: JsonObject) -> int:
    """``anyOf[A, {}]`` becomes ``A``: the empty arm accepts anything, which makes the whole union untyped.

    Returns:
        How many unions lost an empty arm.

    """
    count = 0
    for node in list(walk_keywords(document)):
        arms = node.get("anyOf")
        if not is_array(arms):
            continue
        if {} in arms and any(arm not in ({}, NULL) for arm in arms):
            arms = [arm for arm in arms if arm != {}]
            node["anyOf"] = arms
            count += 1
        if len(arms) == 1:
            del node["anyOf"]
            node.update({**arms[0], **node})
    return _at_least_one(count, "drop_empty_arms")


def _at_least_one(count: int, rule: str) -> int:
    if count == 0:
        raise SchemaError(f"scripts/schema_tools/unions.py: {rule} changes nothing any more, delete it")
    return count
