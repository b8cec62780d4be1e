"""What a test writes down, as JSON values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, cast

from ..errors import InvalidParameterError

__all__ = ["plain_json"]


def plain_json(value: object, place: str) -> Any:
    """Give a copy that holds nothing but JSON values: tuples become lists, numpy's numbers become Python's.

    Args:
        value: What was written down.
        place: Where it stands, for messages.

    Raises:
        InvalidParameterError: Something in it has no JSON form, such as an array or NaN; the message says where.

    """
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        raise InvalidParameterError(f"{place} is {value}, which JSON has no form for")
    if isinstance(value, Mapping):
        return _plain_object(cast("Mapping[object, object]", value), place)
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        items = cast("Sequence[object]", value)
        return [plain_json(item, f"{place}[{index}]") for index, item in enumerate(items)]
    scalar = _python_scalar(value)
    if scalar is not None:
        return plain_json(scalar, place)
    raise InvalidParameterError(f"{place} is of type {type(value).__name__}, which has no JSON form")


def _plain_object(value: Mapping[object, object], place: str) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, inner in value.items():
        if not isinstance(key, str):
            raise InvalidParameterError(f"{place} has the key {key!r}; the keys of a JSON object are text")
        plain[key] = plain_json(inner, f"{place}[{key!r}]")
    return plain


def _python_scalar(value: Any) -> object | None:
    """Give the Python number of a numpy scalar; `None` for anything else."""
    if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
        scalar: object = value.item()
        return scalar if isinstance(scalar, bool | int | float) else None
    return None
