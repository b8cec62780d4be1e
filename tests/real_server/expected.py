"""What the server must answer about a scene, model by model."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from real_server.settings import Engine

from tests.real_server import models
from tests.real_server.features import MASK_FORMAT
from tests.real_server.models import Model
from tests.real_server.scenes import (
    CLASS_ID,
    CONFIDENCE,
    KEYPOINT_CONFIDENCE,
    RGB,
    Pixels,
    Rectangle,
    Scene,
)
from tests.real_server.under_test import server_under_test

Answer = Mapping[str, Any]
DEFAULT_THRESHOLD = 0.4
"""The server's own, when the client names none."""
SIDE = 640
"""Width and height of the models' input."""
CLASS_MAP = {"0": "background", "1": "red", "2": "green", "3": "blue"}


def check(model: Model, scene: Scene, answer: Answer) -> None:
    """Assert that `answer` is the exact answer of `model` about a lossless copy of `scene`."""
    width, height = scene.width, scene.height
    if model is models.TAGS and server_under_test().engine is Engine.LEGACY:
        width, height = height, width  # a fault of that engine's; the client hands on what it says
    assert answer["image"] == {"width": width, "height": height}
    assert answer["time"] >= 0
    assert answer["inference_id"]
    _CHECKS[model](scene, answer)


def check_boxes(scene: Scene, answer: Answer, tolerance: float = 0.0) -> None:
    """Assert the boxes, most confident first, within `tolerance` pixels on every side."""
    predictions = answer["predictions"]
    assert [p["class"] for p in predictions] == scene.colours
    for rectangle, prediction in zip(scene.rectangles, predictions, strict=True):
        assert prediction["confidence"] == CONFIDENCE[rectangle.colour]
        assert prediction["class_id"] == CLASS_ID[rectangle.colour]
        assert prediction["detection_id"]
        _check_sides(rectangle, prediction, tolerance)


def _check_sides(rectangle: Rectangle, box: Mapping[str, float], tolerance: float) -> None:
    sides = [
        box["x"] - box["width"] / 2,
        box["y"] - box["height"] / 2,
        box["x"] + box["width"] / 2,
        box["y"] + box["height"] / 2,
    ]
    wanted = [rectangle.left, rectangle.top, rectangle.right, rectangle.bottom]
    distances = [abs(side - want) for side, want in zip(sides, wanted, strict=True)]
    assert max(distances) <= tolerance, f"sides {sides}, expected {wanted}"


def _check_masks(scene: Scene, answer: Answer) -> None:
    check_boxes(scene, answer)
    for rectangle, prediction in zip(scene.rectangles, answer["predictions"], strict=True):
        # Old servers have but one format and do not name it.
        assert prediction.get("mask_format") == ("polygon" if MASK_FORMAT.is_here else None)
        xs = [point["x"] for point in prediction["points"]]
        ys = [point["y"] for point in prediction["points"]]
        assert (min(xs), min(ys), max(xs), max(ys)) == polygon_bounds(scene, rectangle)


def polygon_bounds(scene: Scene, rectangle: Rectangle) -> tuple[float, float, float, float]:
    """Return the extent of a mask's polygon: left, top, right, bottom.

    A polygon runs through the last pixels inside. The current engine draws it in the picture that was sent, the legacy
    engine in the model's own, whose pixels are of another size.
    """
    if server_under_test().engine is Engine.LOCAL:
        return rectangle.bounds
    return (
        rectangle.left,
        rectangle.top,
        rectangle.right - scene.width / SIDE,
        rectangle.bottom - scene.height / SIDE,
    )


def _check_points(scene: Scene, answer: Answer) -> None:
    check_boxes(scene, answer)
    for rectangle, prediction in zip(scene.rectangles, answer["predictions"], strict=True):
        assert prediction["keypoints"] == [
            {"x": x, "y": y, "confidence": KEYPOINT_CONFIDENCE[name], "class_id": index, "class": name}
            for index, (name, (x, y)) in enumerate(rectangle.keypoints.items())
        ]


def _check_class(scene: Scene, answer: Answer) -> None:
    scores = {name: round(score, 4) for name, score in scene.class_scores.items() if score >= DEFAULT_THRESHOLD}
    assert answer["predictions"] == [
        {"class": name, "class_id": CLASS_ID[name], "confidence": score}
        for name, score in sorted(scores.items(), key=lambda item: -item[1])
    ]
    best = max(scores, key=lambda name: scores[name], default="")
    assert answer["top"] == best
    assert answer["confidence"] == scores.get(best, 0.0)


def _check_tags(scene: Scene, answer: Answer) -> None:
    assert answer["predicted_classes"] == scene.colours
    assert answer["predictions"] == {
        name: {"class_id": CLASS_ID[name], "confidence": float(np.float32(0.95 if name in scene.colours else 0.05))}
        for name in RGB
    }


def _check_semantic(scene: Scene, answer: Answer) -> None:
    predictions = answer["predictions"]
    assert predictions["class_map"] == CLASS_MAP
    assert predictions["present_class_ids"] == [0] + [CLASS_ID[name] + 1 for name in scene.colours]
    assert np.array_equal(decoded(predictions["segmentation_mask"]), scene.class_mask)
    confidence = decoded(predictions["confidence_mask"])
    assert confidence.shape == scene.class_mask.shape
    assert confidence.min() >= 250


def decoded(picture: str) -> Pixels:
    """Decode a base64 picture: uint8, (height, width) or (height, width, 3) in BGR."""
    try:
        data = base64.b64decode(picture, validate=True)
    except binascii.Error as error:
        raise AssertionError(f"not base64: {picture[:60]!r}") from error
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels is not None, "the server's picture cannot be decoded"
    return pixels.astype(np.uint8, copy=False)


def check_all(model: Model, scenes: Sequence[Scene], answers: Sequence[Answer]) -> None:
    """Assert one exact answer per scene, in order."""
    assert len(answers) == len(scenes)
    for scene, answer in zip(scenes, answers, strict=True):
        check(model, scene, answer)


_CHECKS: dict[Model, Callable[[Scene, Answer], None]] = {
    models.BOXES: check_boxes,
    models.MASKS: _check_masks,
    models.POINTS: _check_points,
    models.CLASS: _check_class,
    models.TAGS: _check_tags,
    models.SEMANTIC: _check_semantic,
}
