"""Two schemas that a value must both satisfy, as one: what ``allOf`` means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tools.comparison.json_text import canonical
from schema_tools.document import is_array

if TYPE_CHECKING:
    from schema_tools.document import Json, JsonObject

__all__ = ["merged"]

#: Of two lower limits the greater counts, of two upper ones the smaller.
LOWER = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
UPPER = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})
#: Keywords whose values are schemas: both count, which `allOf` says again one level deeper.
SCHEMAS = frozenset({"items", "additionalProperties", "propertyNames"})


def merged(one: JsonObject, other: JsonObject) -> JsonObject | None:
    """One schema for both, neither of them with unions or references; None when no value satisfies both."""
    whole = {**one, **other}
    for keyword in one.keys() & other.keys():
        if canonical(one[keyword]) == canonical(other[keyword]):
            continue
        whole[keyword] = _both(keyword, one[keyword], other[keyword])
        if whole[keyword] is None:
            return None
    values, constant = whole.get("enum"), whole.get("const")
    if values is not None and "const" in whole and canonical(constant) not in map(canonical, values):
        return None
    if values is not None and "const" in whole:
        del whole["enum"]
    return whole


def _both(keyword: str, one: Json, other: Json) -> Json:
    if keyword in LOWER:
        return max(one, other)
    if keyword in UPPER:
        return min(one, other)
    if keyword in SCHEMAS:
        return False if one is False or other is False else {"allOf": [one, other]}
    if keyword == "uniqueItems":
        return True
    if keyword == "required":
        return sorted({*one, *other})
    if keyword == "properties":
        shared = {name: {"allOf": [one[name], other[name]]} for name in one if name in other}
        return {**one, **other, **shared}
    if keyword == "type":
        return _both_types(_types(one), _types(other))
    if keyword == "enum":
        kept = [value for value in one if canonical(value) in map(canonical, other)]
        return kept or None
    if keyword == "const":
        return None
    # Two patterns, for instance: no keyword says that both count, so they are kept side by side and compared as one.
    return {"both": sorted([one, other], key=canonical)}


def _both_types(one: set[str], other: set[str]) -> Json:
    both = one & other
    for types, against in ((one, other), (other, one)):
        if "integer" in types and "number" in against:
            both |= {"integer"}
    return sorted(both) or None


def _types(declared: Json) -> set[str]:
    return {str(each) for each in declared} if is_array(declared) else {str(declared)}
