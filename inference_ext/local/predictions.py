"""What a model function returns: small frozen values, one kind per task.

Coordinates are pixels of the image the function was given: x to the right, y down, (0, 0) is the outer corner of
the top left pixel. A box that covers the whole image is (0, 0, width, height). Confidences are fractions 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

__all__ = [
    "ClassScores",
    "DetectedInstance",
    "DetectedKeypoints",
    "Detection",
    "Keypoint",
    "SemanticMap",
    "TagScores",
]


@dataclass(frozen=True)
class Detection:
    """One object and its axis-aligned box (task `object-detection`).

    Attributes:
        x_min: Left edge in pixels.
        y_min: Top edge in pixels.
        x_max: Right edge in pixels, not smaller than `x_min`.
        y_max: Bottom edge in pixels, not smaller than `y_min`.
        class_name: One of the model's class names.
        confidence: How sure the model is, 0..1; 1 by default.

    """

    x_min: float
    y_min: float
    x_max: float
    y_max: float
    class_name: str
    confidence: float = 1.0


@dataclass(frozen=True, eq=False)
class DetectedInstance(Detection):
    """One object with its outline (task `instance-segmentation`); give exactly one of `mask` and `polygon`.

    Attributes:
        mask: Boolean array (H, W) of the image's size, true on the object.
        polygon: At least three (x, y) corners in pixels, in order around the object.

    """

    mask: npt.NDArray[Any] | None = None
    polygon: Sequence[tuple[float, float]] | None = None


@dataclass(frozen=True)
class Keypoint:
    """One named point of an object.

    Attributes:
        name: One of the model's key point names.
        x: Pixels from the left.
        y: Pixels from the top.
        confidence: 0..1; 1 by default. A point with confidence 0 is left out of the answer.

    """

    name: str
    x: float
    y: float
    confidence: float = 1.0


@dataclass(frozen=True)
class DetectedKeypoints(Detection):
    """One object with its key points (task `keypoint-detection`).

    Attributes:
        keypoints: The points that were found; each name at most once, missing names allowed.

    """

    keypoints: Sequence[Keypoint] = field(default=())


@dataclass(frozen=True)
class ClassScores:
    """Which one class the image is (task `classification`).

    Attributes:
        scores: Class name to confidence 0..1; classes that are left out score 0.

    """

    scores: Mapping[str, float]


@dataclass(frozen=True)
class TagScores:
    """Which classes apply to the image (task `multi-label-classification`).

    Attributes:
        scores: Class name to confidence 0..1; classes that are left out score 0.

    """

    scores: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class SemanticMap:
    """The class of every pixel (task `semantic-segmentation`).

    Attributes:
        labels: Integer array (H, W) of the image's size: index into the model's class names, 0 is background.
        confidence: Float array (H, W), 0..1; 1 everywhere when left out.

    """

    labels: npt.NDArray[Any]
    confidence: npt.NDArray[Any] | None = None
