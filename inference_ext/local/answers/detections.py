"""Answers with boxes: object detection, instance segmentation, key points."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from inference_ext.local.answers.masks import mask_of_polygon, polygon_of_mask, rle_of_mask
from inference_ext.local.answers.output import (
    ModelOutputError,
    expect_class,
    expect_fraction,
    expect_number,
    expect_type,
)
from inference_ext.local.answers.suppression import kept_detections
from inference_ext.local.predictions import DetectedInstance, DetectedKeypoints, Detection, Keypoint

if TYPE_CHECKING:
    import numpy.typing as npt

    from inference_ext.local.registry import Model
    from inference_ext.local.requests.options import InferenceOptions

DEFAULT_CONFIDENCE = 0.4
"""The server's threshold for `confidence="default"` and `"best"`."""

KIND_OF_TASK: dict[str, type[Detection]] = {
    "object-detection": Detection,
    "instance-segmentation": DetectedInstance,
    "keypoint-detection": DetectedKeypoints,
}


def detection_answer(
    model: Model, returned: Any, image_size: tuple[int, int], options: InferenceOptions
) -> dict[str, Any]:
    """`{"predictions": [...]}` for a list of detections.

    Boxes are clipped to the image and rounded to whole pixels, as on the real server, so centres are multiples of
    a half. Whatever stays is ordered by confidence.

    Raises:
        ModelOutputError: The function returned something else than a list of its task's detections.

    """
    detections = _checked(model, returned)
    if model.task == "instance-segmentation":
        options.refuse_bad_mask_decoding()
    boxes = _boxes(model, detections, image_size)
    confidences = np.array(
        [expect_fraction(model, item.confidence, "the confidence of a detection") for item in detections], np.float32
    )
    class_ids = np.array(
        [expect_class(model, item.class_name, "the class_name of a detection") for item in detections], np.int64
    )
    kept = kept_detections(
        boxes,
        confidences,
        class_ids,
        threshold=options.threshold(DEFAULT_CONFIDENCE),
        iou_threshold=options.iou_threshold,
        class_agnostic=options.class_agnostic_nms,
        max_detections=options.max_detections,
    )
    predictions: list[dict[str, Any]] = []
    for index in kept:
        detection = detections[index]
        if options.class_filter and detection.class_name not in options.class_filter:
            continue
        x_min, y_min, x_max, y_max = np.rint(boxes[index]).tolist()
        prediction: dict[str, Any] = {
            "x": (x_min + x_max) / 2,
            "y": (y_min + y_max) / 2,
            "width": x_max - x_min,
            "height": y_max - y_min,
            "confidence": float(confidences[index]),
            "class": detection.class_name,
            "class_id": int(class_ids[index]),
            "detection_id": str(uuid.uuid4()),
        }
        if isinstance(detection, DetectedInstance):
            prediction.update(_outline(model, detection, image_size, options.mask_format))
        elif isinstance(detection, DetectedKeypoints):
            prediction["keypoints"] = _keypoints(model, detection)
        predictions.append(prediction)
    return {"predictions": predictions}


def _checked(model: Model, returned: Any) -> list[Detection]:
    kind = KIND_OF_TASK[model.task]
    if not isinstance(returned, Sequence) or isinstance(returned, str | bytes):
        raise ModelOutputError(
            model, f"the function has to return a list of {kind.__name__}, got {type(returned).__name__}."
        )
    items = cast("Sequence[object]", returned)
    return [expect_type(model, item, kind, f"entry {index} of the list") for index, item in enumerate(items)]


def _boxes(model: Model, detections: list[Detection], image_size: tuple[int, int]) -> npt.NDArray[np.float32]:
    width, height = image_size
    boxes = np.zeros((len(detections), 4))
    for index, item in enumerate(detections):
        edges = (item.x_min, item.y_min, item.x_max, item.y_max)
        corners = [expect_number(model, edge, f"a box edge of entry {index}") for edge in edges]
        if corners[0] > corners[2] or corners[1] > corners[3]:
            raise ModelOutputError(
                model, f"entry {index} has a box whose x_min or y_min is greater than its x_max or y_max: {corners}."
            )
        boxes[index] = corners
    # Clipped first: a number far outside the image may not fit into the server's 32-bit floats.
    return np.clip(boxes, 0, [width, height, width, height]).astype(np.float32)


def _outline(model: Model, instance: DetectedInstance, image_size: tuple[int, int], mask_format: str) -> dict[str, Any]:
    width, height = image_size
    if (instance.mask is None) == (instance.polygon is None):
        raise ModelOutputError(model, "a DetectedInstance needs exactly one of mask and polygon.")
    if instance.polygon is not None:
        corners = _corners(model, instance.polygon)
        if mask_format == "rle":
            return {"rle": rle_of_mask(mask_of_polygon(corners, width, height)), "mask_format": "rle"}
        return {"points": [{"x": x, "y": y} for x, y in corners], "mask_format": "polygon"}
    mask = np.asarray(instance.mask)
    if mask.shape != (height, width) or mask.dtype != np.bool_:
        raise ModelOutputError(
            model,
            f"a mask has to be a boolean array of shape ({height}, {width}), got {mask.dtype} {mask.shape}.",
        )
    if mask_format == "rle":
        return {"rle": rle_of_mask(mask), "mask_format": "rle"}
    return {"points": polygon_of_mask(mask), "mask_format": "polygon"}


def _corners(model: Model, polygon: Any) -> list[tuple[float, float]]:
    corners: list[tuple[float, float]] = []
    for corner in polygon:
        try:
            x, y = corner
        except (TypeError, ValueError):
            raise ModelOutputError(model, f"a polygon's corner has to be (x, y), got {corner!r}.") from None
        corners.append((expect_number(model, x, "a polygon's x"), expect_number(model, y, "a polygon's y")))
    if len(corners) < 3:
        raise ModelOutputError(model, f"a polygon needs at least three corners, got {len(corners)}.")
    return corners


def _keypoints(model: Model, detection: DetectedKeypoints) -> list[dict[str, Any]]:
    """Found points in the order of the model's key point names, at whole pixels.

    Server 1.8.3 does not pass `keypoint_confidence` on to its models: only points with confidence 0 are left out.
    """
    found: dict[int, dict[str, Any]] = {}
    for entry in detection.keypoints:
        point = expect_type(model, entry, Keypoint, "an entry of keypoints")
        if point.name not in model.keypoint_names:
            raise ModelOutputError(
                model, f"a key point's name has to be one of {list(model.keypoint_names)}, got {point.name!r}."
            )
        class_id = model.keypoint_names.index(point.name)
        if class_id in found:
            raise ModelOutputError(model, f"the key point {point.name!r} is given twice for one object.")
        found[class_id] = {
            "x": float(np.rint(expect_number(model, point.x, "a key point's x"))),
            "y": float(np.rint(expect_number(model, point.y, "a key point's y"))),
            "confidence": float(np.float32(expect_fraction(model, point.confidence, "a key point's confidence"))),
            "class_id": class_id,
            "class": point.name,
        }
    return [found[class_id] for class_id in sorted(found) if found[class_id]["confidence"] > 0]
