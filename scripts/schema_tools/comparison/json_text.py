"""JSON values as text: to compare them exactly, and to show them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from schema_tools.document import is_array, is_object

if TYPE_CHECKING:
    from schema_tools.document import Json

__all__ = ["canonical", "shown"]


def canonical(value: Json) -> str:
    """A text that is equal for equal JSON values only: ``1`` is ``1.0``, but not ``true``."""
    return json.dumps(_plain(value), sort_keys=True)


def shown(value: Json) -> str:
    """The value as messages show it."""
    return repr(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(value: Json) -> Json:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if is_array(value):
        return [_plain(item) for item in value]
    if is_object(value):
        return {key: _plain(item) for key, item in value.items()}
    return value
