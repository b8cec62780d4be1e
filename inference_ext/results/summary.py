"""A result in one short line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sized
from typing import Any

from ..json_types import is_array, is_object
from .table import TableTask

__all__ = ["number_text", "shown", "summarise"]

_MOST_CLASSES = 5
_LONGEST_NAME = 40


def summarise(result: Any, task: TableTask) -> str:
    """Write what `repr` shows of a typed result, such as `<ObjectDetectionResult: 1 prediction (1 car) in 640x480>`.

    Never fails and is never long, whatever the server put into the fields.
    """
    size = f"{number_text(getattr(result.image, 'width', None))}x{number_text(getattr(result.image, 'height', None))}"
    return f"<{type(result).__name__}: {_found(result, task)} in {size}>"


def _found(result: Any, task: TableTask) -> str:
    if task == "classification":
        best = f", the best {shown(result.top)} {number_text(result.confidence)}" if result.predictions else ""
        return f"{_classes(result.predictions)}{best}"
    if task == "multi-label-classification":
        return f"{_listed(result.predicted_classes)} of {_classes(result.predictions)}"
    if task == "anomaly-detection":
        score, threshold = number_text(result.anomaly_score), number_text(result.anomaly_threshold)
        return f"{'anomalous' if result.is_anomalous else 'normal'}, score {score}, threshold {threshold}"
    if task == "semantic-segmentation":
        # Not what occurs in the mask: that would have to be decoded.
        named = result.predictions.class_map
        return f"classes {_listed(list(named.values()) if is_object(named) else named)}"
    return _counted(result.predictions)


def _classes(classes: Sized) -> str:
    return f"{len(classes)} class{'' if len(classes) == 1 else 'es'}"


def _counted(predictions: list[Any]) -> str:
    """Write how many there are and of which classes, the most frequent ones first."""
    many = f"{len(predictions)} prediction{'' if len(predictions) == 1 else 's'}"
    if not predictions:
        return many
    names = (getattr(prediction, "class_", None) for prediction in predictions)
    counts = Counter(name if isinstance(name, str) else shown(name) for name in names)
    parts = [f"{count} {shown(name)}" for name, count in counts.most_common(_MOST_CLASSES)]
    return f"{many} ({', '.join(parts)}{', …' if len(counts) > _MOST_CLASSES else ''})"


def _listed(names: object) -> str:
    """Write the first of some names."""
    if not is_array(names):
        return shown(names)
    return ", ".join([shown(name) for name in names[:_MOST_CLASSES]] + ["…"] * (len(names) > _MOST_CLASSES)) or "none"


def shown(name: Any) -> str:
    """Write a name in a line: what is not printable is escaped, what is long is cut."""
    if not isinstance(name, str):
        return f"({type(name).__name__})"
    cut = name[:_LONGEST_NAME]
    written = "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in cut)
    return written + ("…" if len(name) > _LONGEST_NAME else "")


def number_text(value: Any) -> str:
    """Write a number with at most four digits behind the point; of what is none, the type."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"({type(value).__name__})"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**15 else "(huge)"
    return f"{value:.4f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else f"{value:.4g}"
