"""Two answers to one question, compared apart from what is new with every answer."""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from tests.real_server.expected import decoded

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | bool | None"

REQUEST_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""The `id` that the server gives to a request, which a refusal echoes; a caller's own id looks different."""
FRESH = {"inference_id": str, "detection_id": str, "time": float, "uuid": str}
"""Fields that differ from answer to answer, and their types."""
PICTURES = {"visualization", "segmentation_mask", "confidence_mask"}
"""Fields that hold a picture in base64: what counts is its pixels, not how they were packed."""


def comparable(value: Json, *, only_sizes: frozenset[str] = frozenset()) -> Any:
    """Return an answer in a form that is equal for equal answers.

    Args:
        value: The answer, or a part of it.
        only_sizes: Pictures of which only the size is compared.

    """
    if isinstance(value, dict):
        return {key: _comparable_field(key, item, only_sizes) for key, item in value.items()}
    if isinstance(value, list):
        return [comparable(item, only_sizes=only_sizes) for item in value]
    return value


def _comparable_field(key: str, item: Json, only_sizes: frozenset[str]) -> Any:
    if key in FRESH:
        assert isinstance(item, FRESH[key]), f"{key} is {item!r}"
        return "fresh"
    if key == "id" and isinstance(item, str) and REQUEST_ID.fullmatch(item):
        return "fresh"
    if key in PICTURES and isinstance(item, str):
        pixels = decoded(item)
        return pixels.shape if key in only_sizes else (pixels.shape, pixels.tobytes())
    return comparable(item, only_sizes=only_sizes)
