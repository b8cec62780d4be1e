"""The analytic models: red, green and blue regions as boxes, masks, key points, classes, tags and pixel classes.

The real-server lane serves the same models as ONNX networks. These functions do what those networks and the
server's pre- and post-processing do: stretch the image to 640 x 640, find pure colours (one channel above half, the
other two below), and bring the result back to the image's size. Registered with a `LocalBackend` they give the real
server's answers.

    backend = LocalBackend(builtin_models=False)
    register_analytic_models(backend)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import numpy.typing as npt

from inference_ext.local import (
    ClassScores,
    DetectedInstance,
    DetectedKeypoints,
    Detection,
    Keypoint,
    LocalBackend,
    SemanticMap,
    TagScores,
)

if TYPE_CHECKING:
    from collections.abc import Callable

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

SIDE = 640
"""Network input side in pixels."""

MASK_CELL = 4
"""Network pixels per cell of the mask grid."""

NAMES = ("red", "green", "blue")
CONFIDENCES = (0.9, 0.8, 0.7)
KEYPOINT_NAMES = ("center", "top_left", "bottom_right")
KEYPOINT_CONFIDENCES = (0.95, 0.85, 0.75)


def colour_planes(image: Image) -> Floats:
    """(3, 640, 640) zeros and ones: where the stretched image is purely red, green, blue."""
    stretched = cv2.resize(image, (SIDE, SIDE))
    blue, green, red = (stretched[:, :, channel] > 127 for channel in range(3))
    planes = np.stack([red & ~green & ~blue, green & ~red & ~blue, blue & ~red & ~green])
    return planes.astype(np.float32)


def network_boxes(planes: Floats) -> dict[int, tuple[int, int, int, int]]:
    """Per colour that is present: its bounding box in network pixels (x_min, y_min, x_max, y_max)."""
    boxes: dict[int, tuple[int, int, int, int]] = {}
    for colour, plane in enumerate(planes):
        columns, rows = np.nonzero(plane.any(axis=0))[0], np.nonzero(plane.any(axis=1))[0]
        if columns.size:
            boxes[colour] = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    return boxes


def image_point(x: float, y: float, image: Image) -> tuple[float, float]:
    """Network pixels as image pixels, in the server's 32-bit floats."""
    height, width = image.shape[:2]
    return (
        float(np.float32(x) / np.float32(SIDE / width)),
        float(np.float32(y) / np.float32(SIDE / height)),
    )


def image_box(box: tuple[int, int, int, int], image: Image) -> tuple[float, float, float, float]:
    """A network box in image pixels."""
    return (*image_point(box[0], box[1], image), *image_point(box[2], box[3], image))


def color_boxes(image: Image) -> list[Detection]:
    """One box per colour."""
    return [
        Detection(*image_box(box, image), NAMES[colour], CONFIDENCES[colour])
        for colour, box in network_boxes(colour_planes(image)).items()
    ]


def color_masks(image: Image) -> list[DetectedInstance]:
    """One box and mask per colour; the mask comes from a grid a quarter the size, as in the network."""
    planes = colour_planes(image)
    cells = SIDE // MASK_CELL
    grid = planes.reshape(3, cells, MASK_CELL, cells, MASK_CELL).max(axis=(2, 4))
    instances: list[DetectedInstance] = []
    for colour, box in network_boxes(planes).items():
        logits = grid[colour] * np.float32(20) - np.float32(10)
        scores = np.float32(1) / (np.float32(1) + np.exp(-logits))
        left, top, right, bottom = (round(edge / MASK_CELL) for edge in box)
        cropped = np.zeros_like(scores)
        cropped[top:bottom, left:right] = scores[top:bottom, left:right]
        mask = _resized(cropped, image) > np.float32(0.5)
        instances.append(DetectedInstance(*image_box(box, image), NAMES[colour], CONFIDENCES[colour], mask=mask))
    return instances


def color_points(image: Image) -> list[DetectedKeypoints]:
    """One box per colour with its centre and two corners."""
    found: list[DetectedKeypoints] = []
    for colour, box in network_boxes(colour_planes(image)).items():
        x_min, y_min, x_max, y_max = box
        places = (((x_min + x_max) / 2, (y_min + y_max) / 2), (x_min, y_min), (x_max, y_max))
        keypoints = tuple(
            Keypoint(name, *image_point(x, y, image), confidence)
            for name, confidence, (x, y) in zip(KEYPOINT_NAMES, KEYPOINT_CONFIDENCES, places, strict=True)
        )
        found.append(DetectedKeypoints(*image_box(box, image), NAMES[colour], CONFIDENCES[colour], keypoints=keypoints))
    return found


def color_class(image: Image) -> ClassScores:
    """Softmax of ten times the share of pixels of each colour."""
    weights = np.exp(np.float32(10) * colour_planes(image).mean(axis=(1, 2)))
    shares = (weights / weights.sum()).tolist()
    return ClassScores(dict(zip(NAMES, shares, strict=True)))


def color_tags(image: Image) -> TagScores:
    """0.95 for every colour that is present, 0.05 for the others."""
    present = colour_planes(image).max(axis=(1, 2)) > 0
    return TagScores({name: 0.95 if there else 0.05 for name, there in zip(NAMES, present, strict=True)})


def color_sem(image: Image) -> SemanticMap:
    """The colour of every pixel; 0 is background."""
    planes = colour_planes(image)
    background = 1 - planes.max(axis=0, keepdims=True)
    logits = np.concatenate([background, planes]) * np.float32(10)
    resized = np.stack([_resized(plane, image) for plane in logits])
    weights = np.exp(resized - resized.max(axis=0))
    shares = weights / weights.sum(axis=0)
    return SemanticMap(shares.argmax(axis=0), shares.max(axis=0))


def _resized(plane: Floats, image: Image) -> Floats:
    """A plane of network outputs at the image's size: bilinear, and averaging where it gets smaller.

    The server does this in 32-bit floats, weights included. Pillow's or OpenCV's own filters are close, but not to
    the last 255th of a confidence.
    """
    height, width = image.shape[:2]
    across = _resized_rows(np.ascontiguousarray(plane.T), width)
    return _resized_rows(np.ascontiguousarray(across.T), height)


def _resized_rows(plane: Floats, count: int) -> Floats:
    """As many rows as asked for, each a weighted sum of the rows around its place."""
    rows = plane.shape[0]
    scale = np.float32(rows) / np.float32(count)
    reach = max(scale, np.float32(1))
    centres = scale * (np.arange(count, dtype=np.float32) + np.float32(0.5))
    first = np.maximum((centres - reach + np.float32(0.5)).astype(np.int64), 0)
    end = np.minimum((centres + reach + np.float32(0.5)).astype(np.int64), rows)
    weights: list[Floats] = []
    for step in range(int((end - first).max())):
        distance = np.abs((first + step).astype(np.float32) - centres + np.float32(0.5)) / reach
        inside = first + step < end
        weights.append(np.where(inside, np.maximum(np.float32(1) - distance, np.float32(0)), np.float32(0)))
    total = sum(weights[1:], weights[0])
    resized = np.zeros((count, plane.shape[1]), np.float32)
    for step, weight in enumerate(weights):
        taken = np.minimum(first + step, rows - 1)
        resized += plane[taken] * (weight / total)[:, np.newaxis]
    return resized


def register_analytic_models(backend: LocalBackend) -> None:
    """Register `color-boxes/1`, `color-masks/1`, `color-points/1`, `color-class/1`, `color-tags/1`, `color-sem/1`."""
    models: tuple[tuple[str, Any, Callable[[Image], Any]], ...] = (
        ("color-boxes/1", "object-detection", color_boxes),
        ("color-masks/1", "instance-segmentation", color_masks),
        ("color-points/1", "keypoint-detection", color_points),
        ("color-class/1", "classification", color_class),
        ("color-tags/1", "multi-label-classification", color_tags),
        ("color-sem/1", "semantic-segmentation", color_sem),
    )
    for model_id, task, predict in models:
        backend.register(
            model_id,
            task=task,
            predict=predict,
            class_names=("background", *NAMES) if predict is color_sem else NAMES,
            keypoint_names=KEYPOINT_NAMES if predict is color_points else (),
            input_size=(SIDE, SIDE),
        )
