"""Where people look: a feature that servers of today no longer have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..exchange import Steps
from .answers import objects
from .core_model import CoreModelCall, run_on_images
from .retired import RetiredFeature

__all__ = ["GAZE", "detect_gazes"]

GAZE = RetiredFeature(
    name="detect_gazes",
    replacement="No model of the server estimates gazes now; the closest is a key point model of faces with "
    "detect_keypoints.",
)


def detect_gazes(images: Sequence[object], model_call: CoreModelCall) -> Steps[list[Any]]:
    """Describe `POST /gaze/gaze_detection`; gives one answer per image, in order."""
    return GAZE.explaining(run_on_images(model_call, "/gaze/gaze_detection", images, {}, objects, batched=True))
