"""Tags about light and colour: dark, bright, low contrast, colourful."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from inference_ext.local.predictions import TagScores

if TYPE_CHECKING:
    import numpy.typing as npt

CLASS_NAMES = ("dark", "bright", "low_contrast", "colourful")

LONGEST_SIDE = 512
"""The statistics are taken at this size at most."""


def predict(image: npt.NDArray[np.uint8]) -> TagScores:
    """Scores of the four tags for a BGR `uint8` image (H, W, 3).

    0.5 is reached at: mean grey level below 70 (dark) or above 185 (bright); 90 grey levels between the 5th and the
    95th percentile (low_contrast); colourfulness 33, "moderately colourful" on Hasler and Süsstrunk's scale.
    """
    scale = min(1.0, LONGEST_SIDE / max(image.shape[:2]))
    shrunk = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    small = np.asarray(shrunk, np.uint8)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    mean = float(grey.mean())
    low, high = np.percentile(grey, (5, 95)).tolist()
    return TagScores(
        {
            "dark": _step(70 - mean, 10),
            "bright": _step(mean - 185, 10),
            "low_contrast": _step(90 - (high - low), 10),
            "colourful": _step(colourfulness(small) - 33, 5),
        }
    )


def colourfulness(image: npt.NDArray[np.uint8]) -> float:
    """Hasler and Süsstrunk's measure (2003) of a BGR image: 0 is grey, 33 moderate, above 80 extreme."""
    blue, green, red = (image[:, :, channel].astype(np.float64) for channel in range(3))
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = math.hypot(red_green.std(), yellow_blue.std())
    offset = math.hypot(red_green.mean(), yellow_blue.mean())
    return spread + 0.3 * offset


def _step(distance: float, softness: float) -> float:
    """0 to 1 around distance 0."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, distance / softness))))
