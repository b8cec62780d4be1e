"""Results as the objects of the library supervision.

What is given for boxes, instances and key points equals what `supervision.Detections.from_inference` and
`supervision.KeyPoints.from_inference` give for the same answer, with any version of supervision from 0.26 on:
run-length masks are decoded here, and key points that the server left out have their places.

Two things differ, where supervision would lose something without an error. An instance without an outline (fewer than
three points) has a mask without pixels as long as any other instance has a mask; supervision drops the masks of all. A
mask that cannot be read is an error; supervision drops the masks of all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidResponseError
from ..images.pixel_limit import MOST_PIXELS
from ..json_types import is_object
from .optional_library import import_extra
from .rle import decode_rle
from .semantic_regions import read_regions

if TYPE_CHECKING:
    import supervision as sv

__all__ = ["as_classifications", "as_detections", "as_key_points", "as_region_detections"]

_PURPOSE = "to_supervision"

#: Where supervision looks for the names of the classes.
_CLASS_NAME = "class_name"

#: No skeleton has so many points; each takes room in every object.
_MOST_KEY_POINTS = 10_000

#: Pixels. No image is that large, and not every number fits where pixels are counted.
_FARTHEST = 2**17

#: What reading values of a wrong kind can raise.
_UNREADABLE = (AttributeError, KeyError, TypeError, ValueError, OverflowError)


def as_detections(result: dict[str, Any]) -> sv.Detections:
    """Give boxes, with the masks of instances.

    Args:
        result: The dictionary of a result of boxes, instances or key points.

    Raises:
        MissingDependencyError: supervision is not installed.
        InvalidResponseError: A value is of a wrong kind, or a mask cannot be read.

    """
    supervision = import_extra("supervision", _PURPOSE)
    try:
        predictions: list[dict[str, Any]] = result["predictions"]
        names = _class_names([prediction["class"] for prediction in predictions])
        if not predictions:
            nothing: sv.Detections = supervision.Detections.empty()
            nothing.data = {_CLASS_NAME: names}
            return nothing
        detections: sv.Detections = supervision.Detections(
            xyxy=np.array([_edges(prediction) for prediction in predictions], np.float64),
            confidence=np.array([prediction["confidence"] for prediction in predictions], np.float64),
            class_id=np.array([prediction["class_id"] for prediction in predictions], np.int64),
            mask=_masks(predictions, result["image"], supervision),
            tracker_id=_tracker_ids(predictions),
            data={_CLASS_NAME: names},
        )
    except _UNREADABLE as error:
        raise _unreadable(error) from error
    return detections


def _edges(prediction: dict[str, Any]) -> tuple[float, float, float, float]:
    width, height = prediction["width"], prediction["height"]
    left, top = prediction["x"] - width / 2, prediction["y"] - height / 2
    return left, top, left + width, top + height


def _tracker_ids(predictions: Sequence[dict[str, Any]]) -> npt.NDArray[np.int64] | None:
    ids = [prediction.get("tracker_id") for prediction in predictions]
    return None if None in ids else np.array(ids, np.int64)


def _masks(
    predictions: Sequence[dict[str, Any]], image: dict[str, Any], supervision: Any
) -> npt.NDArray[np.bool_] | None:
    if not any(_has_mask(prediction) for prediction in predictions):
        return None
    width, height = int(image["width"]), int(image["height"])
    if width < 1 or height < 1 or width * height > MOST_PIXELS:
        raise InvalidResponseError(f"the result's image of {width}x{height} pixels is none that masks can have")
    masks = np.zeros((len(predictions), height, width), np.bool_)
    for mask, prediction in zip(masks, predictions, strict=True):
        if is_object(prediction.get("rle")):
            mask[:] = _run_length_mask(prediction["rle"], width, height)
        elif _has_mask(prediction):
            outline = np.array([(point["x"], point["y"]) for point in prediction["points"]], np.float64)
            if not np.isfinite(outline).all():
                raise ValueError("a point of an outline is not finite")
            corners = np.round(outline.clip(-_FARTHEST, _FARTHEST)).astype(np.int32)
            # Its own function: the same pixels as `from_inference` gives.
            mask[:] = supervision.polygon_to_mask(corners, (width, height))
    return masks


def _has_mask(prediction: dict[str, Any]) -> bool:
    return is_object(prediction.get("rle")) or len(prediction.get("points") or ()) > 2


def _run_length_mask(rle: dict[str, Any], width: int, height: int) -> npt.NDArray[np.bool_]:
    import cv2

    mask = decode_rle(rle)
    if mask.size == 0:
        raise InvalidResponseError("a run-length encoded mask in the answer has no pixels")
    if mask.shape == (height, width):
        return mask
    resized = cv2.resize(mask.view(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(resized, np.bool_)


def as_region_detections(result: dict[str, Any]) -> sv.Detections:
    """Give one detection with its mask for every class of a semantic mask but the background.

    Boxes go from the first to the last row and column of a class; confidences are the means of its pixels.

    Args:
        result: The dictionary of a semantic segmentation.

    Raises:
        MissingDependencyError: supervision is not installed.
        InvalidResponseError: A value is of a wrong kind.
        EncodingError: A mask is not an image.

    """
    supervision = import_extra("supervision", _PURPOSE)
    regions = list(read_regions(result["predictions"]))
    names = _class_names([region.class_ for region in regions])
    if not regions:
        nothing: sv.Detections = supervision.Detections.empty()
        nothing.data = {_CLASS_NAME: names}
        return nothing
    detections: sv.Detections = supervision.Detections(
        xyxy=np.array([_extent(region.mask) for region in regions], np.float64),
        # 1 without confidences, so that annotators and filters that ask for one work.
        confidence=np.array([1.0 if one.confidence is None else one.confidence for one in regions], np.float64),
        class_id=np.array([region.class_id for region in regions], np.int64),
        mask=np.stack([region.mask for region in regions]),
        data={_CLASS_NAME: names},
    )
    return detections


def _extent(mask: npt.NDArray[np.bool_]) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1])


def as_key_points(result: dict[str, Any]) -> sv.KeyPoints:
    """Give the key points of every object, each at the place of its `class_id` in the skeleton.

    Points the server left out are (0, 0) with confidence 0.

    Args:
        result: The dictionary of a key point detection.

    Raises:
        MissingDependencyError: supervision is not installed.
        InvalidResponseError: A value is of a wrong kind.

    """
    supervision = import_extra("supervision", _PURPOSE)
    try:
        predictions: list[dict[str, Any]] = result["predictions"]
        count = _count_places(predictions)
        # Older versions put points one after the other; with all places filled, that is where they belong. And they
        # refuse objects without a point.
        whole = {**result, "predictions": [_with_places(prediction, max(1, count)) for prediction in predictions]}
        key_points: sv.KeyPoints = supervision.KeyPoints.from_inference(whole)
        if predictions and count == 0:
            _take_points_away(key_points)
    except _UNREADABLE as error:
        raise _unreadable(error) from error
    return key_points


def _count_places(predictions: Sequence[dict[str, Any]]) -> int:
    """Give the number of points of the skeleton, as far as the answer shows it."""
    count = 0
    for prediction in predictions:
        for point in prediction["keypoints"]:
            place = point["class_id"]
            if type(place) is not int or not 0 <= place < _MOST_KEY_POINTS:
                raise ValueError(f"class_id {place!r:.80} of a key point is no place in a skeleton")
            count = max(count, place + 1)
    return count


def _with_places(prediction: dict[str, Any], count: int) -> dict[str, Any]:
    """Give the prediction with a point at every place."""
    points = [{"x": 0.0, "y": 0.0, "confidence": 0.0, "class_id": place, "class": ""} for place in range(count)]
    for point in prediction["keypoints"]:
        points[point["class_id"]] = point
    return {**prediction, "keypoints": points}


def _take_points_away(key_points: sv.KeyPoints) -> None:
    for field in fields(key_points):
        # Confidences have had two names.
        if field.name in ("xy", "confidence", "keypoint_confidence"):
            setattr(key_points, field.name, getattr(key_points, field.name)[:, :0])


def as_classifications(scores: Sequence[tuple[int, float]]) -> sv.Classifications:
    """Give the scores of classes.

    Args:
        scores: Class id and confidence, 0 to 1, in the order to give.

    Raises:
        MissingDependencyError: supervision is not installed.
        InvalidResponseError: A value is of a wrong kind.

    """
    supervision = import_extra("supervision", _PURPOSE)
    try:
        classifications: sv.Classifications = supervision.Classifications(
            class_id=np.array([class_id for class_id, _ in scores], np.int64),
            confidence=np.array([confidence for _, confidence in scores], np.float64),
        )
    except _UNREADABLE as error:
        raise _unreadable(error) from error
    return classifications


def _unreadable(error: Exception) -> InvalidResponseError:
    return InvalidResponseError(f"the result cannot be read for supervision ({type(error).__name__}: {error})")


def _class_names(names: Sequence[object]) -> npt.NDArray[np.str_]:
    for name in names:
        if not isinstance(name, str):
            raise TypeError(f"a class name is no text but {type(name).__name__}")
    return np.array(names, dtype=np.str_)
