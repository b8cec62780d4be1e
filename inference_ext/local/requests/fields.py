"""Checking of request fields, with the real server's leniency and its error entries.

The real server validates with pydantic in lax mode; a field's problem is reported as
`{"type", "loc", "msg", "input"[, "ctx"]}`. A checker takes a value and its location and returns the converted
value, or raises `FieldError`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

Location: TypeAlias = tuple[str | int, ...]
Checker: TypeAlias = Callable[[Any, Location], Any]

TRUE_WORDS = frozenset({"1", "on", "t", "true", "y", "yes"})
FALSE_WORDS = frozenset({"0", "off", "f", "false", "n", "no"})
WHOLE_NUMBER = re.compile(r"\s*[+-]?\d{1,18}(\.0*)?\s*")


class FieldError(Exception):
    """A value that does not fit its field; carries the entries for the answer's `detail` list."""

    def __init__(self, *entries: dict[str, Any]) -> None:
        super().__init__(*entries)
        self.entries: list[dict[str, Any]] = list(entries)


def problem(kind: str, location: Location, message: str, value: Any, **context: Any) -> FieldError:
    """One `detail` entry as an exception."""
    entry: dict[str, Any] = {"type": kind, "loc": list(location), "msg": message, "input": value}
    if context:
        entry["ctx"] = context
    return FieldError(entry)


def check_string(value: Any, location: Location) -> str:
    """Text only."""
    if not isinstance(value, str):
        raise problem("string_type", location, "Input should be a valid string", value)
    return value


def check_boolean(value: Any, location: Location) -> bool:
    """Booleans, 0 and 1, and the usual words for them."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.lower() in TRUE_WORDS | FALSE_WORDS:
        return value.lower() in TRUE_WORDS
    if isinstance(value, str | int | float):
        message = "Input should be a valid boolean, unable to interpret input"
        raise problem("bool_parsing", location, message, value)
    raise problem("bool_type", location, "Input should be a valid boolean", value)


def check_integer(value: Any, location: Location) -> int:
    """Whole numbers, also as text or as a float without a fraction."""
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not value.is_integer():
            message = "Input should be a valid integer, got a number with a fractional part"
            raise problem("int_from_float", location, message, value)
        return int(value)
    if isinstance(value, str):
        if not WHOLE_NUMBER.fullmatch(value):
            message = "Input should be a valid integer, unable to parse string as an integer"
            raise problem("int_parsing", location, message, value)
        return int(value.partition(".")[0])
    raise problem("int_type", location, "Input should be a valid integer", value)


def check_number(value: Any, location: Location) -> float:
    """Numbers, also as text."""
    if isinstance(value, int | float):
        try:
            return float(value)
        except OverflowError:
            raise problem("float_type", location, "Input should be a valid number", value) from None
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            message = "Input should be a valid number, unable to parse string as a number"
            raise problem("float_parsing", location, message, value) from None
    raise problem("float_type", location, "Input should be a valid number", value)


def check_strings(value: Any, location: Location) -> list[str]:
    """A list of texts."""
    if not isinstance(value, list):
        raise problem("list_type", location, "Input should be a valid list", value)
    return [check_string(item, (*location, index)) for index, item in enumerate(cast("list[object]", value))]


def one_of(*allowed: str) -> Checker:
    """Checker for a closed set of words."""
    expected = " or ".join(f"'{word}'" for word in allowed)

    def check(value: Any, location: Location) -> str:
        if value not in allowed:
            raise problem("literal_error", location, f"Input should be {expected}", value, expected=expected)
        return cast("str", value)

    return check


def check_confidence(value: Any, location: Location) -> float | str:
    """A number, or one of the words `best` and `default`."""
    if value in ("best", "default"):
        return cast("str", value)
    try:
        return check_number(value, (*location, "float"))
    except FieldError as not_a_number:
        entries = not_a_number.entries
    try:
        one_of("best", "default")(value, (*location, "literal['best','default']"))
    except FieldError as not_a_word:
        entries += not_a_word.entries
    raise FieldError(*entries)


def check_keypoint_confidence(value: Any, location: Location) -> float | str:
    """As `check_confidence`, without `best`: the server has no per-class thresholds for key point models."""
    if value == "best":
        reason = 'confidence="best" is not supported for keypoint detection; use a number or "default".'
        raise problem("value_error", location, f"Value error, {reason}", value, error={})
    return check_confidence(value, location)


IMAGE_TYPE = "InferenceRequestImage"


def _check_image(value: Any, location: Location) -> dict[str, Any]:
    if not isinstance(value, dict):
        message = f"Input should be a valid dictionary or instance of {IMAGE_TYPE}"
        raise problem("model_type", location, message, value, class_name=IMAGE_TYPE)
    entry = cast("dict[str, Any]", value)
    if "type" not in entry:
        raise problem("missing", (*location, "type"), "Field required", entry)
    return {"type": check_string(entry["type"], (*location, "type")), "value": entry.get("value")}


def check_images(value: Any, location: Location) -> dict[str, Any] | list[dict[str, Any]]:
    """One image entry or a list of them."""
    list_location = (*location, f"list[{IMAGE_TYPE}]")
    entries: list[dict[str, Any]] = []
    if isinstance(value, list):
        images: list[dict[str, Any]] = []
        for index, item in enumerate(cast("list[object]", value)):
            try:
                images.append(_check_image(item, (*list_location, index)))
            except FieldError as not_an_image:
                entries += not_an_image.entries
        if not entries:
            return images
    else:
        entries = problem("list_type", list_location, "Input should be a valid list", value).entries
    try:
        return _check_image(value, (*location, IMAGE_TYPE))
    except FieldError as not_an_image:
        raise FieldError(*entries, *not_an_image.entries) from None


@dataclass(frozen=True)
class Field:
    """One field of a request.

    Attributes:
        check: Converts the value.
        default: Used when the field is left out.
        nullable: Whether `null` is allowed; it then means the default.
        required: Whether leaving the field out is a problem.

    """

    check: Checker
    default: Any = None
    nullable: bool = True
    required: bool = False


def check_fields(
    fields: Mapping[str, Field], given: Mapping[str, Any], place: str, echo: Any
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Convert all fields of a request; unknown fields are ignored.

    Args:
        fields: The known fields in the order in which problems are reported.
        given: What the request holds.
        place: First part of every location: `body` or `query`.
        echo: What a "missing" entry shows as its input.

    Returns:
        The converted values with defaults filled in, and the problems found.

    """
    values: dict[str, Any] = {}
    problems: list[dict[str, Any]] = []
    for name, known in fields.items():
        values[name] = known.default
        if name not in given:
            if known.required:
                problems += problem("missing", (place, name), "Field required", echo).entries
            continue
        if given[name] is None and known.nullable:
            continue
        try:
            values[name] = known.check(given[name], (place, name))
        except FieldError as found:
            problems += found.entries
    return values, problems
