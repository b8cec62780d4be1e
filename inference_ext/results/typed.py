"""Results as objects an IDE knows: the generated models, with helpers for reading.

Fields, their units and their meaning are those of the generated models (hover over them). Coordinates are pixels of
the image that was handed over, also when it was shrunk before sending.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Self, TypeAlias, TypeVar

import numpy as np
import numpy.typing as npt

from ..errors import InvalidResponseError
from ..generated_api import (
    AnomalyDetectionResponse,
    ClassificationInferenceResponse,
    InstanceSegmentationInferenceResponse,
    KeypointsDetectionInferenceResponse,
    MultiLabelClassificationInferenceResponse,
    ObjectDetectionInferenceResponse,
    SemanticSegmentationInferenceResponse,
)
from ..images import ImageInput

__all__ = [
    "AnomalyDetectionResult",
    "ClassificationResult",
    "InstanceSegmentationResult",
    "KeypointDetectionResult",
    "MultiLabelClassificationResult",
    "ObjectDetectionResult",
    "SemanticSegmentationResult",
    "read_classification",
    "read_instances",
    "read_keypoints",
    "read_objects",
    "read_semantic",
]


class _Dumps(Protocol):
    def to_dict(self) -> dict[str, Any]: ...


class _ReadingHelpers:
    """What every typed result can do beyond its fields."""

    __slots__ = ()

    def dict(self: _Dumps, *, by_alias: bool = True, exclude_none: bool = False) -> dict[str, Any]:
        """Give the plain dictionary, as `infer` returns it.

        The arguments are those with which `supervision.Detections.from_inference` calls this method.

        Args:
            by_alias: Always true: keys are the wire's names, such as `class`.
            exclude_none: Leave out fields that are `None`.

        """
        del by_alias
        plain = self.to_dict()
        return {key: value for key, value in plain.items() if value is not None} if exclude_none else plain

    def annotate(self: _Dumps, image: ImageInput) -> npt.NDArray[np.uint8]:
        """Draw the result onto a copy of the image it was made from.

        Args:
            image: The same image that was sent, in any accepted form but a URL.

        Returns:
            uint8, shape (height, width, 3), colour order BGR.

        Raises:
            InvalidInputFormatError: The image cannot be read.
            InvalidParameterError: It is a URL, or its size is not the size the result reports.

        """
        from .drawing import draw_result

        return draw_result(self.to_dict(), image)


class ObjectDetectionResult(_ReadingHelpers, ObjectDetectionInferenceResponse):
    """Boxes found in one image: `predictions`, each with centre `x`, `y`, `width`, `height`, class and confidence."""

    __slots__ = ()


class InstanceSegmentationResult(_ReadingHelpers, InstanceSegmentationInferenceResponse):
    """Objects found in one image: `predictions`, each a box with its mask as polygon or run-length encoding."""

    __slots__ = ()


class SemanticSegmentationResult(_ReadingHelpers, SemanticSegmentationInferenceResponse):
    """A class for every pixel of one image: `predictions` with the mask, the confidences and the class map."""

    __slots__ = ()

    def class_ids(self) -> npt.NDArray[np.uint8]:
        """Decode the mask: uint8 of shape (height, width); each value is a key of `predictions.class_map`.

        Raises:
            EncodingError: The mask in the answer is not an image.

        """
        from .encoded_masks import decode_mask_png

        mask = self.predictions.segmentation_mask
        return decode_mask_png(mask).astype(np.uint8)


class ClassificationResult(_ReadingHelpers, ClassificationInferenceResponse):
    """One class for an image: `top`, `confidence`, and every class's score in `predictions`."""

    __slots__ = ()


class MultiLabelClassificationResult(_ReadingHelpers, MultiLabelClassificationInferenceResponse):
    """Any number of classes for an image: `predicted_classes`, and every class's score in `predictions`."""

    __slots__ = ()


class AnomalyDetectionResult(_ReadingHelpers, AnomalyDetectionResponse):
    """How unusual an image is, from a model trained on usual ones."""

    __slots__ = ()


class KeypointDetectionResult(_ReadingHelpers, KeypointsDetectionInferenceResponse):
    """Objects with named points: `predictions`, each a box with its `keypoints`."""

    __slots__ = ()


AnyClassificationResult: TypeAlias = "ClassificationResult | MultiLabelClassificationResult | AnomalyDetectionResult"


def read_objects(result: Mapping[str, Any]) -> ObjectDetectionResult:
    """Read one image's boxes.

    Raises:
        InvalidResponseError: The answer is not an object detection result.

    """
    return _read(ObjectDetectionResult, result)


def read_instances(result: Mapping[str, Any]) -> InstanceSegmentationResult:
    """Read one image's instances; raises like `read_objects`."""
    return _read(InstanceSegmentationResult, result)


def read_semantic(result: Mapping[str, Any]) -> SemanticSegmentationResult:
    """Read one image's semantic mask; raises like `read_objects`."""
    return _read(SemanticSegmentationResult, result)


def read_keypoints(result: Mapping[str, Any]) -> KeypointDetectionResult:
    """Read one image's key points; raises like `read_objects`."""
    return _read(KeypointDetectionResult, result)


def read_classification(result: Mapping[str, Any]) -> AnyClassificationResult:
    """Read one image's classes: the three kinds differ in what they must hold, so this is no guess."""
    if "anomaly_score" in result:
        return _read(AnomalyDetectionResult, result)
    if isinstance(result.get("predictions"), Mapping):
        return _read(MultiLabelClassificationResult, result)
    return _read(ClassificationResult, result)


class _Readable(Protocol):
    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self: ...


Model = TypeVar("Model", bound=_Readable)


def _read(model: type[Model], result: Mapping[str, Any]) -> Model:
    try:
        return model.from_dict(result)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidResponseError(
            f"the answer is not a {model.__name__} ({type(error).__name__}: {str(error)[:200]}): "
            "is the model of this task?"
        ) from error
