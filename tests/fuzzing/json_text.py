"""JSON text from values, also such text as no encoder writes."""

from __future__ import annotations

import json
from typing import Any

from attrs import frozen

from inference_ext.json_types import is_array, is_object

__all__ = ["Raw", "json_text"]


@frozen
class Raw:
    """Text that stands in the JSON as it is: a number no Python type holds, a nesting too deep to build, a typo."""

    text: str


def json_text(value: Any) -> bytes:
    """Write a value of JSON's types, with `Raw` anywhere in it."""
    return _written(value).encode("utf-8", "surrogatepass")


def _written(value: Any) -> str:
    if isinstance(value, Raw):
        return value.text
    if is_object(value):
        return "{" + ",".join(f"{json.dumps(key)}:{_written(inner)}" for key, inner in value.items()) + "}"
    if is_array(value):
        return "[" + ",".join(map(_written, value)) + "]"
    return json.dumps(value)
