"""Frontal faces by scikit-image's cascade of local binary patterns."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from inference_ext.local.extra import missing_extra
from inference_ext.local.photographs import skimage_data_folder
from inference_ext.local.predictions import Detection

if TYPE_CHECKING:
    import numpy.typing as npt

CLASS_NAMES = ("face",)

LONGEST_SIDE = 800
"""Larger images are searched at this size: the search takes time by the pixel, and faces stay large enough."""

SMALLEST_FACE = 1 / 12
"""Smallest face that is looked for, as a part of the image's shorter side."""

SUPPORT = ((6, 0.3), (12, 0.7), (16, 0.85), (32, 0.95))
"""How many overlapping hits of the sliding window a face needs for each confidence. In scikit-image's photographs up
to eight come up by chance, so six is below the server's default threshold; the one real face has sixteen and more."""


def predict(image: npt.NDArray[np.uint8]) -> list[Detection]:
    """Faces seen from the front.

    Args:
        image: BGR `uint8` (H, W, 3).

    Raises:
        MissingDependencyError: scikit-image is not installed.

    """
    height, width = image.shape[:2]
    scale = min(1.0, LONGEST_SIDE / max(height, width))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    rgb = np.ascontiguousarray(small[:, :, ::-1])
    side = min(rgb.shape[:2])
    smallest = max(24, round(side * SMALLEST_FACE))
    if side < smallest:
        return []
    cascade = _load_cascade()
    best: list[tuple[dict[str, int], float]] = []
    for neighbours, confidence in SUPPORT:
        found: list[dict[str, int]] = cascade.detect_multi_scale(
            img=rgb,
            scale_factor=1.1,
            step_ratio=1,
            min_size=(smallest, smallest),
            max_size=(side, side),
            min_neighbor_number=neighbours,
        )
        if not found:
            break
        best = [entry for entry in best if not any(_same_place(entry[0], face) for face in found)]
        best += [(face, confidence) for face in found]
    return [
        Detection(
            x_min=face["c"] / scale,
            y_min=face["r"] / scale,
            x_max=(face["c"] + face["width"]) / scale,
            y_max=(face["r"] + face["height"]) / scale,
            class_name="face",
            confidence=confidence,
        )
        for face, confidence in best
    ]


def _load_cascade() -> Any:
    """A new detector: its state is not safe to share, and reading the file takes a few milliseconds."""
    file = skimage_data_folder() / "lbpcascade_frontalface_opencv.xml"
    try:
        feature = importlib.import_module("skimage.feature")
    except ImportError as error:
        raise missing_extra("scikit-image") from error
    return feature.Cascade(str(file))


def _same_place(one: dict[str, int], other: dict[str, int]) -> bool:
    """Whether the centre of one box lies in the other."""
    x, y = one["c"] + one["width"] / 2, one["r"] + one["height"] / 2
    return other["c"] <= x <= other["c"] + other["width"] and other["r"] <= y <= other["r"] + other["height"]
