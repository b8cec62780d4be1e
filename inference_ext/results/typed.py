"""Results as objects an IDE knows: the generated models, with helpers for reading.

Fields, their units and their meaning are those of the generated models (hover over them). Coordinates are pixels of
the image that was handed over, also when it was shrunk before sending.

Every result is a sequence of its predictions: `len(result)`, `result[0]`, `for box in result`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, SupportsIndex, TypeAlias, TypeVar, overload

from ..errors import InvalidResponseError
from ..generated_api import (
    InstanceSegmentationInferenceResponse,
    KeypointsDetectionInferenceResponse,
    ObjectDetectionInferenceResponse,
    SemanticSegmentationInferenceResponse,
)
from ..json_types import is_object
from .anomaly_map import encode_anomaly_map
from .classification_results import AnomalyDetectionResult, ClassificationResult, MultiLabelClassificationResult
from .encoded_masks import decode_mask_png
from .filtering import read_criteria, with_predictions
from .result_methods import BoxMethods, ResultMethods
from .semantic_regions import SemanticRegion, keep_regions, read_regions, read_sizes
from .table import TableTask

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import supervision as sv
else:
    from ..deferred_numpy import np

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

# Iterating over a generated model gives the keys of the fields it does not know, over a result its predictions; that
# is what the type checkers are told to let pass below.


class ObjectDetectionResult(BoxMethods, ObjectDetectionInferenceResponse):  # type: ignore[misc]  # see above
    """Boxes found in one image: `predictions`, each with centre `x`, `y`, `width`, `height`, class and confidence.

    A sequence of its predictions: `len(result)`, `result[0]`, `for box in result`. Without any it is false.
    """

    __slots__ = ()
    task: ClassVar[TableTask] = "object-detection"
    """The task that gives results of this kind."""

    def to_supervision(self) -> sv.Detections:
        """Give `supervision.Detections`, as its `from_inference` does; needs the extra `supervision`.

        Raises:
            MissingDependencyError: supervision is not installed.
            InvalidResponseError: A value in the answer is of a wrong kind.

        """
        from .supervision_views import as_detections

        return as_detections(self.to_dict())


class InstanceSegmentationResult(BoxMethods, InstanceSegmentationInferenceResponse):  # type: ignore[misc]  # see above
    """Objects found in one image: `predictions`, each a box with its mask as polygon or run-length encoding.

    A sequence of its predictions: `len(result)`, `result[0]`, `for instance in result`. Without any it is false.
    """

    __slots__ = ()
    task: ClassVar[TableTask] = "instance-segmentation"
    """The task that gives results of this kind."""

    def to_supervision(self) -> sv.Detections:
        """Give `supervision.Detections` with masks, as its `from_inference` does; needs the extra `supervision`.

        Polygons and run-length masks become masks of the size in `image`. An instance without an outline (fewer than
        three points) has a mask without pixels, or none when no instance has one.

        Raises:
            MissingDependencyError: supervision is not installed.
            InvalidResponseError: A value in the answer is of a wrong kind, or a mask cannot be read.

        """
        from .supervision_views import as_detections

        return as_detections(self.to_dict())


class KeypointDetectionResult(BoxMethods, KeypointsDetectionInferenceResponse):  # type: ignore[misc]  # see above
    """Objects with named points: `predictions`, each a box with its `keypoints`.

    A sequence of its predictions: `len(result)`, `result[0]`, `for instance in result`. Without any it is false.
    """

    __slots__ = ()
    task: ClassVar[TableTask] = "keypoint-detection"
    """The task that gives results of this kind."""

    def to_supervision(self) -> sv.KeyPoints:
        """Give `supervision.KeyPoints`, as its `from_inference` does; needs the extra `supervision`.

        Every point is at the place of its `class_id`; those the server left out are (0, 0) with confidence 0.

        Raises:
            MissingDependencyError: supervision is not installed.
            InvalidResponseError: A value in the answer is of a wrong kind.

        """
        from .supervision_views import as_key_points

        return as_key_points(self.to_dict())


class SemanticSegmentationResult(ResultMethods, SemanticSegmentationInferenceResponse):
    """A class for every pixel of one image: `predictions` with the mask, the confidences and the class map.

    A sequence of the classes that occur, but for the background (pixel value 0): `len(result)`, `result[0]`,
    `for region in result`. Without any it is false. Each of these decodes the mask anew.
    """

    __slots__ = ()
    task: ClassVar[TableTask] = "semantic-segmentation"
    """The task that gives results of this kind."""

    def __len__(self) -> int:
        return len(read_sizes(self.predictions.to_dict()))

    def __iter__(self) -> Iterator[SemanticRegion]:  # type: ignore[override]  # see above
        return read_regions(self.predictions.to_dict())

    @overload
    def __getitem__(self, key: SupportsIndex) -> SemanticRegion: ...
    @overload
    def __getitem__(self, key: slice) -> list[SemanticRegion]: ...
    @overload
    def __getitem__(self, key: str) -> Any: ...
    def __getitem__(self, key: Any) -> Any:
        every: Sequence[Any] = list(self)
        return self.additional_properties[key] if isinstance(key, str) else every[key]

    def class_ids(self) -> npt.NDArray[np.uint8]:
        """Decode the mask: uint8 of shape (height, width); each value is a key of `predictions.class_map`.

        Raises:
            EncodingError: The mask in the answer is not an image.

        """
        return decode_mask_png(self.predictions.segmentation_mask).astype(np.uint8)

    def filter(self, *, classes: str | Collection[str] | None = None, min_confidence: float | None = None) -> Self:
        """Give a new result in which other pixels are background (value 0); this one stays as it is.

        The class map and the confidences are kept.

        Args:
            classes: Name of a class, or names of several; an empty collection keeps nothing. A name that is not in the
                mask is no error. Default: all.
            min_confidence: Lowest confidence of a pixel to keep, 0 to 1. Default: all.

        Raises:
            InvalidParameterError: A class is no name or empty, or the limit is no number or out of range.
            EncodingError: A mask in the answer is not an image.
            InvalidResponseError: The masks in the answer differ in size, or it has no confidences to go by.

        """
        criteria = read_criteria(classes, min_confidence)
        predictions = copy(self.predictions)
        mask = keep_regions(predictions.to_dict(), criteria.classes, criteria.min_confidence)
        if mask is not None:
            predictions.segmentation_mask = mask
            if isinstance(predictions.present_class_ids, list):
                predictions.present_class_ids = np.unique(decode_mask_png(mask)).tolist()
        return with_predictions(self, predictions, is_smaller=mask is not None)

    def to_supervision(self) -> sv.Detections:
        """Give `supervision.Detections` with a mask for every class but the background; needs the extra `supervision`.

        Boxes go from the first to the last row and column of a class, confidences are the means of its pixels.

        Raises:
            MissingDependencyError: supervision is not installed.
            EncodingError: A mask in the answer is not an image.

        """
        from .supervision_views import as_region_detections

        return as_region_detections(self.to_dict())


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
        values = result.get("anomaly_map")
        if values is not None and not is_object(values):  # decoded for `infer`; a typed result holds the answer's form
            result = {**result, "anomaly_map": encode_anomaly_map(values)}
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
