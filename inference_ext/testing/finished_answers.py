"""Answers written down as dictionaries, as a server gave them: checked by task, what was left out filled in."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..errors import InvalidParameterError
from ..json_types import is_array, is_object
from .plain_json import plain_json

if TYPE_CHECKING:
    from ..local import TaskType
    from .class_names import Names

__all__ = ["finished_answer", "with_detection_ids"]

_BOX = "a box needs x and y (its centre), width, height, confidence and class"


def finished_answer(given: object, task: TaskType, classes: Names, keypoints: Names, place: str) -> dict[str, Any]:
    """Give the fields of an answer.

    Args:
        given: The answer as a dictionary, or for tasks that have one, the list under `predictions`.
        task: The model's task.
        classes: The model's class names; new ones are added.
        keypoints: The model's key point names; new ones are added.
        place: What is checked, for messages.

    Raises:
        InvalidParameterError: A server could not have answered this; the message says what is wrong where.

    """
    plain = plain_json(given, place)
    answer: dict[str, Any] = plain if is_object(plain) else {"predictions": plain}
    if "predictions" not in answer:
        raise InvalidParameterError(f"{place} has no 'predictions'; it has {_listed(answer)}")
    _CHECKS[task](answer, classes, keypoints, place)
    return answer


def with_detection_ids(answer: dict[str, Any]) -> dict[str, Any]:
    """Give the answer with an id for every box that has none: a server makes new ones for every answer."""
    predictions = answer["predictions"]
    if not is_array(predictions) or not any("width" in entry for entry in predictions):
        return answer
    return {**answer, "predictions": [{"detection_id": str(uuid.uuid4()), **box} for box in predictions]}


# -- boxes


def _check_boxes(answer: dict[str, Any], classes: Names, keypoints: Names, place: str) -> None:
    del keypoints
    for box, where in _entries(answer, place):
        _check_box(box, classes, where)


def _check_instances(answer: dict[str, Any], classes: Names, keypoints: Names, place: str) -> None:
    del keypoints
    for box, where in _entries(answer, place):
        _check_box(box, classes, where)
        if "rle" in box:
            rle = box["rle"]
            if not is_object(rle) or not {"size", "counts"} <= rle.keys():
                raise InvalidParameterError(f"{where}['rle'] has to be {{'size': [height, width], 'counts': ...}}")
            box.setdefault("mask_format", "rle")
            continue
        points = box.get("points")
        if not is_array(points) or len(points) < 3:
            raise InvalidParameterError(f"{where} needs 'points', at least three {{'x', 'y'}} corners, or 'rle'")
        for index, point in enumerate(points):
            corner = _object(point, f"{where}['points'][{index}]")
            _number(corner, "x", f"{where}['points'][{index}]")
            _number(corner, "y", f"{where}['points'][{index}]")
        box.setdefault("mask_format", "polygon")


def _check_keypoints(answer: dict[str, Any], classes: Names, keypoints: Names, place: str) -> None:
    for box, where in _entries(answer, place):
        _check_box(box, classes, where)
        points = box.get("keypoints")
        if not is_array(points):
            raise InvalidParameterError(f"{where} needs 'keypoints', a list of {{'class', 'x', 'y', 'confidence'}}")
        for index, entry in enumerate(points):
            spot = f"{where}['keypoints'][{index}]"
            point = _object(entry, spot)
            _number(point, "x", spot)
            _number(point, "y", spot)
            _fraction(point, "confidence", spot)
            _add_class_id(point, keypoints, spot)


def _check_box(box: dict[str, Any], classes: Names, where: str) -> None:
    missing = [name for name in ("x", "y", "width", "height", "confidence", "class") if name not in box]
    if "predictions" in box:
        raise InvalidParameterError(f"{where} is a whole answer: pass several as answers_in_order(first, second, ...)")
    if missing:
        raise InvalidParameterError(f"{where} has no {missing[0]!r}: {_BOX}; it has {_listed(box)}")
    _number(box, "x", where)
    _number(box, "y", where)
    for side in ("width", "height"):
        if _number(box, side, where) < 0:
            raise InvalidParameterError(f"{where}[{side!r}] is {box[side]}; {_BOX}")
    _fraction(box, "confidence", where)
    _add_class_id(box, classes, where)


# -- the whole image


def _check_classes(answer: dict[str, Any], classes: Names, keypoints: Names, place: str) -> None:
    del keypoints
    entries = _entries(answer, place)
    for entry, where in entries:
        _fraction(entry, "confidence", where)
        _add_class_id(entry, classes, where)
    if "anomaly_score" in answer:
        for name in ("anomaly_score", "anomaly_threshold", "anomaly_scale"):
            _number(answer, name, place)
        if not isinstance(answer.get("is_anomalous"), bool):
            raise InvalidParameterError(f"{place} needs 'is_anomalous', True or False")
        return
    best = max((entry for entry, _ in entries), key=_confidence, default=None)
    answer.setdefault("top", "" if best is None else best["class"])
    answer.setdefault("confidence", 0.0 if best is None else best["confidence"])


def _check_tags(answer: dict[str, Any], classes: Names, keypoints: Names, place: str) -> None:
    del keypoints
    predictions = answer["predictions"]
    if not is_object(predictions):
        raise InvalidParameterError(
            f"{place}['predictions'] of a multi-label model has to be a dictionary from class names to "
            f"{{'confidence': ...}}, got {_kind(predictions)}"
        )
    for name, entry in predictions.items():
        where = f"{place}['predictions'][{name!r}]"
        tag = _object(entry, where)
        _fraction(tag, "confidence", where)
        tag["class_id"] = classes.id_of(name, where, _recorded_id(tag, where))
    names = answer.get("predicted_classes")
    if not is_array(names) or not all(name in predictions for name in names):
        raise InvalidParameterError(
            f"{place} needs 'predicted_classes', a list of names from 'predictions'; "
            "TagScores({'name': confidence}) makes it from the scores"
        )


def _check_semantic(answer: dict[str, Any], classes: Names, keypoints: Names, place: str) -> None:
    del keypoints
    predictions = answer["predictions"]
    needed = ("segmentation_mask", "class_map", "confidence_mask")
    if not is_object(predictions) or not all(name in predictions for name in needed):
        raise InvalidParameterError(
            f"{place}['predictions'] of semantic segmentation has to be a dictionary with {', '.join(needed)}; "
            "SemanticMap(labels) makes one from an array"
        )
    for name in ("segmentation_mask", "confidence_mask"):
        if not isinstance(predictions[name], str):
            raise InvalidParameterError(f"{place}['predictions'][{name!r}] has to be the base64 text of a PNG file")
    where = f"{place}['predictions']['class_map']"
    for class_id, name in _object(predictions["class_map"], where).items():
        classes.id_of(str(name), where, int(class_id) if class_id.isdecimal() else None)


_CHECKS: dict[str, Callable[[dict[str, Any], Names, Names, str], None]] = {
    "object-detection": _check_boxes,
    "instance-segmentation": _check_instances,
    "keypoint-detection": _check_keypoints,
    "classification": _check_classes,
    "multi-label-classification": _check_tags,
    "semantic-segmentation": _check_semantic,
}


# -- parts


def _entries(answer: dict[str, Any], place: str) -> list[tuple[dict[str, Any], str]]:
    predictions = answer["predictions"]
    if not is_array(predictions):
        raise InvalidParameterError(f"{place}['predictions'] has to be a list, got {_kind(predictions)}")
    places = [f"{place}['predictions'][{index}]" for index in range(len(predictions))]
    return [(_object(entry, where), where) for entry, where in zip(predictions, places, strict=True)]


def _object(value: object, where: str) -> dict[str, Any]:
    if not is_object(value):
        raise InvalidParameterError(f"{where} has to be a dictionary, got {_kind(value)}")
    return value


def _number(entry: dict[str, Any], name: str, where: str) -> float:
    value = entry.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidParameterError(f"{where} needs {name!r}, a number, got {value!r}")
    return value


def _fraction(entry: dict[str, Any], name: str, where: str) -> None:
    if not 0 <= _number(entry, name, where) <= 1:
        raise InvalidParameterError(f"{where}[{name!r}] has to be from 0 to 1, got {entry[name]!r}")


def _confidence(entry: dict[str, Any]) -> float:
    return float(entry["confidence"])


def _add_class_id(entry: dict[str, Any], names: Names, where: str) -> None:
    name = entry.get("class")
    if not isinstance(name, str):
        raise InvalidParameterError(f"{where} needs 'class', a text, got {name!r}")
    entry["class_id"] = names.id_of(name, where, _recorded_id(entry, where))


def _recorded_id(entry: dict[str, Any], where: str) -> int | None:
    class_id = entry.get("class_id")
    if class_id is not None and (isinstance(class_id, bool) or not isinstance(class_id, int)):
        raise InvalidParameterError(f"{where}['class_id'] has to be a whole number, got {class_id!r}")
    return class_id


def _kind(value: object) -> str:
    return "None" if value is None else type(value).__name__


def _listed(entry: dict[str, Any]) -> str:
    return ", ".join(entry) or "nothing"
