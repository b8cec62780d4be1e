"""Leaving classes out of an answer, where the route has no parameter for it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ..json_types import is_array, is_object

__all__ = ["keep_classes"]


def keep_classes(result: dict[str, Any], names: Collection[str] | None) -> dict[str, Any]:
    """Keep the boxes (masks, key points) of these classes; no names keep everything.

    The server's own filter is its last step too, after suppression and `max_detections`, and classifications are not
    filtered there either. So the answer is the one it would give.
    """
    predictions = result.get("predictions")
    if not names or not is_array(predictions):
        return result
    kept = [prediction for prediction in predictions if not _is_box(prediction) or prediction.get("class") in names]
    return {**result, "predictions": kept}


def _is_box(prediction: Any) -> bool:
    return is_object(prediction) and "x" in prediction
