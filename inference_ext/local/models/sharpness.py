"""Sharp or blurred, by scikit-image's no-reference blur measure."""

from __future__ import annotations

import importlib
import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from inference_ext.local.extra import missing_extra
from inference_ext.local.predictions import ClassScores

if TYPE_CHECKING:
    import numpy.typing as npt

CLASS_NAMES = ("sharp", "blurred")

LONGEST_SIDE = 512
"""Blur is judged at this size, as one sees it when the whole image is looked at."""

TURNING_POINT, STEEPNESS = 0.44, 0.03
"""The measure runs from 0 (sharp) to 1. scikit-image's sharp photographs lie at 0.20..0.40; blurred by two pixels
they lie at 0.45..0.68."""


def predict(image: npt.NDArray[np.uint8]) -> ClassScores:
    """Scores of `sharp` and `blurred` for a BGR `uint8` image (H, W, 3); they sum to 1.

    Raises:
        MissingDependencyError: scikit-image is not installed.

    """
    try:
        measure = importlib.import_module("skimage.measure")
    except ImportError as error:
        raise missing_extra("scikit-image") from error
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if np.ptp(grey) == 0 or min(grey.shape) < 16:
        # Nothing to judge: neither is likelier.
        return ClassScores({"sharp": 0.5, "blurred": 0.5})
    scale = LONGEST_SIDE / max(grey.shape)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    blur = float(measure.blur_effect(grey))
    blurred = 1 / (1 + math.exp((TURNING_POINT - blur) / STEEPNESS))
    return ClassScores({"sharp": 1 - blurred, "blurred": blurred})
