"""What values a schema accepts, as a set of short names that can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tools.document import is_object, referenced_schema

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from schema_tools.document import Json

__all__ = ["kinds", "not_covered"]

ANY = "any"
CONTAINERS = ("list of ", "map of ")


def kinds(schema: Json) -> frozenset[str]:
    """The alternatives of a schema: type names, schema names, values, and what lists and maps hold."""
    if not is_object(schema) or not schema:
        return frozenset({ANY})
    name = referenced_schema(schema)
    if name is not None:
        return frozenset({name})
    if "const" in schema:
        return frozenset({repr(schema["const"])})
    if "enum" in schema:
        return frozenset(repr(value) for value in schema["enum"])
    for keyword in ("anyOf", "oneOf", "allOf"):
        if keyword in schema:
            return frozenset[str]().union(*(kinds(arm) for arm in schema[keyword]))
    if schema.get("type") == "array":
        return frozenset(f"list of {kind}" for kind in kinds(schema.get("items")))
    if schema.get("type") == "object" and "properties" not in schema:
        return frozenset(f"map of {kind}" for kind in kinds(schema.get("additionalProperties")))
    return frozenset({str(schema.get("type", ANY))})


def not_covered(values: AbstractSet[str], by: AbstractSet[str]) -> list[str]:
    """The alternatives in ``values`` that ``by`` does not accept, sorted."""
    return sorted(value for value in values if not any(_covers(general, value) for general in by))


def _covers(general: str, special: str) -> bool:
    if general in {special, ANY}:
        return True
    for container in CONTAINERS:
        if general.startswith(container) and special.startswith(container):
            return _covers(general.removeprefix(container), special.removeprefix(container))
    if general == "number":
        return special == "integer"
    if general == "string":
        return special.startswith("'")
    return False
