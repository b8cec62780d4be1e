"""One image's result as flat rows, one for each prediction, for tables and CSV files.

The columns depend on the task alone, not on what was found:

| task | columns |
|---|---|
| `object-detection` | the columns of a box |
| `instance-segmentation` | the columns of a box, `points`, `rle` |
| `keypoint-detection` | the columns of a box, `keypoints` |
| `classification` | `class`, `class_id`, `confidence` |
| `multi-label-classification` | `class`, `class_id`, `confidence`, `is_predicted` |
| `anomaly-detection` | `class`, `class_id`, `confidence`, `anomaly_score`, `anomaly_threshold`, `is_anomalous` |
| `semantic-segmentation` | `class`, `class_id`, `confidence`, `pixel_count`, `share` |

The columns of a box are `class`, `class_id`, `confidence`, `x`, `y`, `width`, `height`, `x_min`, `y_min`, `x_max`,
`y_max`, `class_confidence`, `tracker_id`, `detection_id`, `parent_id`. `x` and `y` are its centre; coordinates are
pixels of the size in the result's `image`. `points`, `rle` and `keypoints` are JSON text with sorted keys.

A semantic mask has a row for every class that occurs in it but the background (pixel value 0): `confidence` is the mean
of its pixels and `share` its part of the image, both 0 to 1.

Every column is in every row; `None` is what the answer does not say. Fields of the answer that have no column are not
in the table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, TypeAlias, TypeGuard

from ..errors import InvalidParameterError, InvalidResponseError
from ..json_types import is_array, is_object
from .plain import AnyResult, plain_result
from .semantic_regions import read_sizes

__all__ = ["TableTask", "iterate_rows", "table_columns", "table_rows", "table_task"]

TableTask: TypeAlias = Literal[
    "object-detection",
    "instance-segmentation",
    "keypoint-detection",
    "classification",
    "multi-label-classification",
    "anomaly-detection",
    "semantic-segmentation",
]

_BOX = (
    *("class", "class_id", "confidence", "x", "y", "width", "height", "x_min", "y_min", "x_max", "y_max"),
    *("class_confidence", "tracker_id", "detection_id", "parent_id"),
)
_CLASS = ("class", "class_id", "confidence")
_COLUMNS: dict[TableTask, tuple[str, ...]] = {
    "object-detection": _BOX,
    "instance-segmentation": (*_BOX, "points", "rle"),
    "keypoint-detection": (*_BOX, "keypoints"),
    "classification": _CLASS,
    "multi-label-classification": (*_CLASS, "is_predicted"),
    "anomaly-detection": (*_CLASS, "anomaly_score", "anomaly_threshold", "is_anomalous"),
    "semantic-segmentation": (*_CLASS, "pixel_count", "share"),
}


#: Of a whole number; sums of a few such numbers are still floats.
_LARGEST = 2**1000


def table_columns(task: TableTask) -> tuple[str, ...]:
    """Give the names of a task's columns, in order.

    Raises:
        InvalidParameterError: There is no such task; the message lists them.

    """
    if task not in _COLUMNS:
        raise InvalidParameterError(f"task: expected one of {', '.join(_COLUMNS)}; got {task!r:.80}")
    return _COLUMNS[task]


def table_task(result: AnyResult) -> TableTask | None:
    """Find out the task of a result by what it holds.

    Args:
        result: A typed result, or the dictionary that `infer` gives.

    Returns:
        The task; `None` when the result could be of several, which is so for a list in which nothing was found.

    Raises:
        InvalidParameterError: The result has no predictions, such as one that is only a picture.

    """
    plain = plain_result(result)
    predictions = plain.get("predictions")
    if is_object(predictions):
        return "semantic-segmentation" if "segmentation_mask" in predictions else "multi-label-classification"
    if not is_array(predictions):
        raise InvalidParameterError(
            f"result: expected one with predictions, got one with {', '.join(sorted(map(str, plain))) or 'nothing'}"
        )
    if "anomaly_score" in plain:
        return "anomaly-detection"
    if "top" in plain:
        return "classification"
    return _task_of(predictions[0]) if predictions else None


def _task_of(prediction: Any) -> TableTask:
    held: Mapping[str, Any] = prediction if is_object(prediction) else {}
    if "keypoints" in held:
        return "keypoint-detection"
    if "points" in held or "rle" in held:
        return "instance-segmentation"
    return "object-detection" if "x" in held else "classification"


def table_rows(result: AnyResult) -> list[dict[str, Any]]:
    """Give one row per prediction, in the order of the result.

    Args:
        result: A typed result, or the dictionary that `infer` gives, of any task.

    Returns:
        Rows with the task's columns as keys (see the module), in their order: `str`, `int`, `float`, `bool` or `None`.

    Raises:
        InvalidParameterError: The result has no predictions.
        InvalidResponseError: A value is not of its column's kind; the message names prediction and column.
        EncodingError: A semantic mask is not an image.

    """
    return list(iterate_rows(result))


def iterate_rows(result: AnyResult, task: TableTask | None = None) -> Iterator[dict[str, Any]]:
    """Give the rows one after the other; see `table_rows`.

    Args:
        result: As for `table_rows`.
        task: The columns to give. Default: those of the result's own task.

    """
    plain = plain_result(result)
    task = task or table_task(plain)
    if task is None:
        return
    columns = table_columns(task)
    for number, entry in enumerate(_entries(plain, task)):
        if not is_object(entry):
            raise InvalidResponseError(f"predictions[{number}] is no object but {type(entry).__name__}")
        yield {column: _value(entry, column, number) for column in columns}


def _entries(plain: dict[str, Any], task: TableTask) -> Iterator[Any]:
    predictions = plain["predictions"]
    if task == "semantic-segmentation":
        for size in read_sizes(predictions):
            yield {
                "class": size.class_,
                "class_id": size.class_id,
                "confidence": size.confidence,
                "pixel_count": size.pixel_count,
                "share": size.share,
            }
    elif task == "multi-label-classification":
        predicted = plain.get("predicted_classes")
        names: list[Any] = predicted if is_array(predicted) else []
        for name, score in predictions.items():
            yield {**score, "class": name, "is_predicted": name in names} if is_object(score) else score
    elif task == "anomaly-detection":
        image = {name: plain.get(name) for name in _COLUMNS[task][len(_CLASS) :]}
        for entry in predictions:
            yield {**entry, **image} if is_object(entry) else entry
    else:
        for entry in predictions:
            yield {**entry, **_edges(entry)} if is_object(entry) else entry


def _edges(prediction: dict[str, Any]) -> dict[str, Any]:
    edges: dict[str, Any] = {}
    for centre, size, low, high in (("x", "width", "x_min", "x_max"), ("y", "height", "y_min", "y_max")):
        middle, length = prediction.get(centre), prediction.get(size)
        if _is_number(middle) and _is_number(length):
            edges[low] = middle - length / 2
            edges[high] = edges[low] + length
    return edges


def _is_number(value: Any) -> TypeGuard[float]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # A whole number can be too large to count with others.
    return is_number and not (isinstance(value, int) and abs(value) > _LARGEST)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _integer(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: Any) -> float | None:
    return value if _is_number(value) else None


def _boolean(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _json(value: Any) -> str | None:
    if not is_array(value) and not is_object(value):
        return None
    # Sorted: the order of keys in an answer has no meaning, and a typed result does not keep it.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


_READERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    **dict.fromkeys(("class", "detection_id", "parent_id"), ("text", _text)),
    **dict.fromkeys(("class_id", "tracker_id", "pixel_count"), ("a whole number", _integer)),
    **dict.fromkeys(("is_predicted", "is_anomalous"), ("true or false", _boolean)),
    **dict.fromkeys(("points", "keypoints", "rle"), ("a list or an object", _json)),
}
_NUMBER: tuple[str, Callable[[Any], Any]] = ("a number", _number)


def _value(entry: dict[str, Any], column: str, number: int) -> Any:
    value = entry.get(column)
    if value is None:
        return None
    expected, read = _READERS.get(column, _NUMBER)
    try:
        given = read(value)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidResponseError(f"predictions[{number}].{column} cannot be written as JSON: {error}") from error
    if given is None:
        raise InvalidResponseError(
            f"predictions[{number}].{column}: expected {expected}, the answer has {type(value).__name__}"
        )
    return given
