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
    "FinishedAnswer",
    "Keypoint",
    "SemanticMap",
    "TagScores",
]


@dataclass(frozen=True)
class Detection:
    """One object and its axis-aligned box (task `object-detection`)."""

    x_min: float
    """Left edge in pixels."""

    y_min: float
    """Top edge in pixels."""

    x_max: float
    """Right edge in pixels, not smaller than `x_min`."""

    y_max: float
    """Bottom edge in pixels, not smaller than `y_min`."""

    class_name: str
    """One of the model's class names."""

    confidence: float = 1.0
    """How sure the model is, 0..1; 1 by default."""


@dataclass(frozen=True, eq=False)
class DetectedInstance(Detection):
    """One object with its outline (task `instance-segmentation`); give exactly one of `mask` and `polygon`."""

    mask: npt.NDArray[Any] | None = None
    """Boolean array (H, W) of the image's size, true on the object."""

    polygon: Sequence[tuple[float, float]] | None = None
    """At least three (x, y) corners in pixels, in order around the object."""


@dataclass(frozen=True)
class Keypoint:
    """One named point of an object."""

    name: str
    """One of the model's key point names."""

    x: float
    """Pixels from the left."""

    y: float
    """Pixels from the top."""

    confidence: float = 1.0
    """0..1; 1 by default. A point with confidence 0 is left out of the answer."""


@dataclass(frozen=True)
class DetectedKeypoints(Detection):
    """One object with its key points (task `keypoint-detection`)."""

    keypoints: Sequence[Keypoint] = field(default=())
    """The points that were found; each name at most once, missing names allowed."""


@dataclass(frozen=True)
class ClassScores:
    """Which one class the image is (task `classification`)."""

    scores: Mapping[str, float]
    """Class name to confidence 0..1; classes that are left out score 0."""


@dataclass(frozen=True)
class TagScores:
    """Which classes apply to the image (task `multi-label-classification`)."""

    scores: Mapping[str, float]
    """Class name to confidence 0..1; classes that are left out score 0."""


@dataclass(frozen=True, eq=False)
class SemanticMap:
    """The class of every pixel (task `semantic-segmentation`)."""

    labels: npt.NDArray[Any]
    """Integer array (H, W) of the image's size: index into the model's class names, 0 is background."""

    confidence: npt.NDArray[Any] | None = None
    """Float array (H, W), 0..1; 1 everywhere when left out."""


@dataclass(frozen=True)
class FinishedAnswer:
    """An answer as the server gives it (any task): no threshold, suppression or rounding is applied."""

    fields: Mapping[str, Any]
    """The answer's fields; of `image`, `time` and `inference_id` those that are left out are added."""
