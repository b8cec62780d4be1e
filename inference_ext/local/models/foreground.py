"""Foreground and background by OpenCV's GrabCut, started from "the middle matters, the rim does not"."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import cv2
import numpy as np

from inference_ext.local.predictions import SemanticMap

if TYPE_CHECKING:
    import numpy.typing as npt

CLASS_NAMES = ("background", "foreground")

LONGEST_SIDE = 240
"""GrabCut runs at this size: its time grows with the pixels, the outline hardly gets better."""

ITERATIONS = 4
RIM = 0.03
"""Part of the shorter side that is background for certain, except along the bottom where people are cut off."""

_RANDOM_NUMBERS = threading.Lock()


def predict(image: npt.NDArray[np.uint8]) -> SemanticMap:
    """Label 1 on what stands in the middle of a BGR `uint8` image (H, W, 3), 0 elsewhere.

    The confidence falls from 1 to 0.5 towards the border between the two.
    """
    height, width = image.shape[:2]
    if min(height, width) < 8 or np.ptp(image) == 0:
        return SemanticMap(np.zeros((height, width), np.uint8))
    scale = min(1.0, LONGEST_SIDE / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    marks = _first_guess(*size)
    with _RANDOM_NUMBERS:
        # GrabCut draws from OpenCV's global random numbers; the same image shall give the same answer.
        cv2.setRNGSeed(0)
        no_rectangle = (0, 0, 0, 0)  # Not used with GC_INIT_WITH_MASK.
        models = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.grabCut(small, marks, no_rectangle, *models, ITERATIONS, cv2.GC_INIT_WITH_MASK)
    inside = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)
    soft = cv2.GaussianBlur(cv2.medianBlur(inside, 3), (0, 0), 0.8)
    share = np.clip(cv2.resize(soft, (width, height), interpolation=cv2.INTER_LINEAR), 0, 1)
    labels = (share > 0.5).astype(np.uint8)
    return SemanticMap(labels, np.maximum(share, 1 - share))


def _first_guess(width: int, height: int) -> npt.NDArray[np.uint8]:
    """GrabCut's marks: a likely foreground ellipse in the middle, certain background along the rim."""
    marks = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    centre, axes = (width // 2, height // 2), (max(1, round(0.4 * width)), max(1, round(0.42 * height)))
    cv2.ellipse(marks, centre, axes, 0, 0, 360, (int(cv2.GC_PR_FGD),), cv2.FILLED)
    rim = max(1, round(RIM * min(width, height)))
    marks[:rim] = marks[:, :rim] = marks[:, -rim:] = cv2.GC_BGD
    return marks
