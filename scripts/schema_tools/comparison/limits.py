"""The limits on a value of one type: whether they became tighter or looser."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from schema_tools.comparison.json_text import canonical, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tools.comparison.difference import Effect
    from schema_tools.document import Json, JsonObject

__all__ = ["fits", "limit_changes"]

#: Keyword to the sign of "tighter": +1 when a greater limit is the tighter one.
ORDERED = {"minLength": 1, "maxLength": -1, "minItems": 1, "maxItems": -1, "minProperties": 1, "maxProperties": -1}
#: The two keywords for one end of the allowed numbers, of which the tighter one counts, and its sign.
ENDS = (("minimum", "exclusiveMinimum", 1), ("maximum", "exclusiveMaximum", -1))
#: There or not; two different ones cannot be ordered.
UNORDERED = ("pattern", "format", "contentEncoding", "contentMediaType")
#: A lower limit of 0 is none: nothing can be shorter.
NEVER_BELOW_ZERO = frozenset({"minLength", "minItems", "minProperties"})


def limit_changes(old: JsonObject, new: JsonObject) -> Iterator[tuple[Effect, str]]:
    """Every limit that changed, with what became of the allowed values and a text."""
    for end in ENDS:
        (old_order, before), (new_order, after) = _end(old, end), _end(new, end)
        if old_order != new_order:
            yield "narrower" if new_order > old_order else "wider", f"{before} -> {after}"
    declared = old.keys() | new.keys()
    for keyword in (*ORDERED, *UNORDERED, "multipleOf", "uniqueItems"):
        if keyword not in declared:
            continue
        had, has = _limit(old, keyword), _limit(new, keyword)
        if canonical(had) != canonical(has):
            yield _effect(keyword, had, has), f"{keyword} {_shown(had)} -> {_shown(has)}"


def fits(value: Json, schema: JsonObject) -> bool:
    """Whether a value keeps the limits of a schema of its own type."""
    if isinstance(value, str):
        lowest, highest = schema.get("minLength", 0), schema.get("maxLength", len(value))
        return lowest <= len(value) <= highest and _matches(value, schema.get("pattern"))
    if isinstance(value, int | float):
        exactly: JsonObject = {"minimum": value, "maximum": value}
        step = schema.get("multipleOf")
        is_step = step is None or Fraction(str(value)) % Fraction(str(step)) == 0
        return is_step and all(_end(exactly, end)[0] >= _end(schema, end)[0] for end in ENDS)
    return True


def _end(schema: JsonObject, end: tuple[str, str, int]) -> tuple[tuple[float, bool], str]:
    """One end of the allowed numbers: an order, greater for the tighter one, and a text."""
    inclusive, _, sign = end
    found = [
        ((schema[keyword] * sign, keyword != inclusive), f"{keyword} {shown(schema[keyword])}")
        for keyword in end[:2]
        if keyword in schema
    ]
    return max(found, default=((float("-inf"), False), f"no {inclusive}"))


def _limit(schema: JsonObject, keyword: str) -> Json:
    value = schema.get(keyword)
    is_none = (keyword in NEVER_BELOW_ZERO and value == 0) or value is False
    return None if is_none else value


def _effect(keyword: str, had: Json, has: Json) -> Effect:
    if had is None or has is None:
        return "narrower" if had is None else "wider"
    if keyword in ORDERED:
        return "narrower" if (has - had) * ORDERED[keyword] > 0 else "wider"
    if keyword == "multipleOf":
        before, after = Fraction(str(had)), Fraction(str(has))
        return "narrower" if after % before == 0 else "wider" if before % after == 0 else "other"
    return "other"


def _matches(value: str, pattern: Json) -> bool:
    """Whether a text matches; a pattern that Python does not understand is taken as one that it does not."""
    try:
        return pattern is None or re.search(str(pattern), value) is not None
    except re.error:
        return False


def _shown(limit: Json) -> str:
    return "none" if limit is None else shown(limit)
