"""Corners of ArUco markers (dictionary 4x4, 50 markers) by OpenCV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from inference_ext.local.predictions import DetectedKeypoints, Keypoint

if TYPE_CHECKING:
    import numpy.typing as npt

CLASS_NAMES = tuple(f"marker_{number}" for number in range(50))
KEYPOINT_NAMES = ("top_left", "top_right", "bottom_right", "bottom_left")
"""Corners as seen on the upright marker, clockwise; on a turned marker `top_left` may be anywhere."""

CELLS, CELL_PIXELS = 6, 8
"""A marker is a square of 4 x 4 bits inside a black border one cell wide; each cell is judged at 8 x 8 pixels."""


def predict(image: npt.NDArray[np.uint8]) -> list[DetectedKeypoints]:
    """Markers in a BGR `uint8` image (H, W, 3).

    The confidence says how clearly the black border stands out from its surroundings: about 0.9 for a print with its
    white margin, below the server's default threshold for a chance pattern.
    """
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    parameters = cv2.aruco.DetectorParameters()
    parameters.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    found, numbers, _ = cv2.aruco.ArucoDetector(dictionary, parameters).detectMarkers(image)
    if not found:
        return []
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    # The numbers come as (N, 1) from OpenCV 4 and as (N,) from OpenCV 5.
    return [
        _marker(np.asarray(corners, np.float32).reshape(4, 2), number, grey)
        for corners, number in zip(found, np.asarray(numbers, np.int64).ravel().tolist(), strict=True)
    ]


def _marker(corners: npt.NDArray[np.float32], number: int, grey: npt.NDArray[np.uint8]) -> DetectedKeypoints:
    confidence = _border_contrast(corners, grey)
    (x_min, y_min), (x_max, y_max) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    keypoints = tuple(
        Keypoint(name, x, y, confidence) for name, (x, y) in zip(KEYPOINT_NAMES, corners.tolist(), strict=True)
    )
    return DetectedKeypoints(x_min, y_min, x_max, y_max, f"marker_{number}", confidence, keypoints=keypoints)


def _border_contrast(corners: npt.NDArray[np.float32], grey: npt.NDArray[np.uint8]) -> float:
    """0..1: how much brighter it is around the marker than on its black border, relative to all its contrast."""
    first, last = CELL_PIXELS, (CELLS + 1) * CELL_PIXELS
    place = np.array([[first, first], [last, first], [last, last], [first, last]], np.float32)
    side = (CELLS + 2) * CELL_PIXELS
    upright = cv2.warpPerspective(
        grey, cv2.getPerspectiveTransform(corners, place), (side, side), borderMode=cv2.BORDER_REPLICATE
    )
    # The edges of a cell blend into its neighbours, so only its middle counts.
    cells = np.asarray(upright, np.float64).reshape(CELLS + 2, CELL_PIXELS, CELLS + 2, CELL_PIXELS)
    levels = cells[:, 2:-2, :, 2:-2].mean(axis=(1, 3))
    around = np.concatenate([levels[0], levels[-1], levels[1:-1, 0], levels[1:-1, -1]])
    border = np.concatenate([levels[1, 1:-1], levels[-2, 1:-1], levels[2:-2, 1], levels[2:-2, -2]])
    contrast = float(np.ptp(levels))
    return max(0.0, float(around.mean() - border.mean()) / contrast) if contrast > 0 else 0.0
