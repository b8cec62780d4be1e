"""Read images back from what a core model's route was sent."""

from __future__ import annotations

import base64
from typing import Any

import cv2
import numpy as np


def decoded(entry: Any) -> np.ndarray[Any, Any]:
    """The pixels behind `{"type": "base64", "value": ...}`: uint8 BGR."""
    assert entry["type"] == "base64"
    pixels = cv2.imdecode(np.frombuffer(base64.b64decode(entry["value"]), np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return pixels


def plain(value: int) -> np.ndarray[Any, Any]:
    """A small grey image that can be told from others by its value."""
    return np.full((8, 12, 3), value, np.uint8)
