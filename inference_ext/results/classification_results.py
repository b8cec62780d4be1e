"""Results of the three kinds of classification as objects an IDE knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, SupportsIndex, overload

from ..errors import InvalidResponseError
from ..generated_api import (
    AnomalyDetectionResponse,
    ClassificationInferenceResponse,
    MultiLabelClassificationInferenceResponse,
)
from ..json_types import is_array
from .anomaly_map import decode_anomaly_map
from .filtering import read_criteria, with_predictions
from .label_score import LabelScore
from .result_methods import ListMethods, ResultMethods
from .table import TableTask

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import supervision as sv

__all__ = ["AnomalyDetectionResult", "ClassificationResult", "MultiLabelClassificationResult"]

# Iterating over a generated model gives the keys of the fields it does not know, over a result its predictions; that
# is what the type checkers are told to let pass below.


class ClassificationResult(ListMethods, ClassificationInferenceResponse):  # type: ignore[misc]  # see above
    """One class for an image: `top`, `confidence`, and every class's score in `predictions`.

    A sequence of its predictions: `len(result)`, `result[0]`, `for score in result`. Without any it is false.
    """

    __slots__ = ()
    task: ClassVar[TableTask] = "classification"
    """The task that gives results of this kind."""

    @property
    def predicted_classes(self) -> list[str]:
        """What the image shows, as of every kind of classification: the class in `top`, or nothing."""
        return [self.top] if self.top else []

    def filter(self, *, classes: str | Collection[str] | None = None, min_confidence: float | None = None) -> Self:
        """Give a new result with some of the classes, in their order; this one stays as it is.

        `top` and `confidence` are those of the first class that is left, which is the best, and `""` and 0 without any,
        as the server answers.
        All else is kept, but for `visualization`, which is left out when a class is.

        Args:
            classes: Name of a class, or names of several; an empty collection keeps nothing. A name that no prediction
                has is no error. Default: all.
            min_confidence: Lowest confidence to keep, 0 to 1. Default: all.

        Raises:
            InvalidParameterError: A class is no name or empty, or the limit is no number or out of range.

        """
        criteria = read_criteria(classes, min_confidence)
        kept = [one for one in self.predictions if criteria.accept(one.class_, one.confidence)]
        if len(kept) == len(self.predictions):
            return with_predictions(self, kept, is_smaller=False)
        leading = (kept[0].class_, kept[0].confidence) if kept else ("", 0.0)
        return with_predictions(self, kept, is_smaller=True, top=leading[0], confidence=leading[1])

    def to_supervision(self) -> sv.Classifications:
        """Give `supervision.Classifications`, in the order of `predictions`; needs the extra `supervision`.

        Raises:
            MissingDependencyError: supervision is not installed.
            InvalidResponseError: A value in the answer is of a wrong kind.

        """
        from .supervision_views import as_classifications

        return as_classifications([(one.class_id, one.confidence) for one in self.predictions])


class MultiLabelClassificationResult(ResultMethods, MultiLabelClassificationInferenceResponse):
    """Any number of classes for an image: `predicted_classes`, and every class's score in `predictions`.

    A sequence of the classes with their scores: `len(result)`, `result[0]`, `for score in result`. Without any it is
    false.
    """

    __slots__ = ()
    task: ClassVar[TableTask] = "multi-label-classification"
    """The task that gives results of this kind."""

    def __len__(self) -> int:
        return len(self.predictions)

    def __iter__(self) -> Iterator[LabelScore]:  # type: ignore[override]  # see above
        predicted = self._predicted()
        for name, score in self.predictions.items():
            yield LabelScore(
                class_=name, class_id=score.class_id, confidence=score.confidence, is_predicted=name in predicted
            )

    def _predicted(self) -> list[str]:
        predicted: Any = self.predicted_classes
        if not is_array(predicted) or not all(isinstance(name, str) for name in predicted):
            raise InvalidResponseError("predicted_classes in the answer is no list of names")
        return predicted

    @overload
    def __getitem__(self, key: SupportsIndex) -> LabelScore: ...
    @overload
    def __getitem__(self, key: slice) -> list[LabelScore]: ...
    @overload
    def __getitem__(self, key: str) -> Any: ...
    def __getitem__(self, key: Any) -> Any:
        every: Sequence[Any] = list(self)
        return self.additional_properties[key] if isinstance(key, str) else every[key]

    def __contains__(self, key: object) -> bool:
        return key in self.additional_properties if isinstance(key, str) else key in list(self)

    def filter(self, *, classes: str | Collection[str] | None = None, min_confidence: float | None = None) -> Self:
        """Give a new result with some of the classes, in their order; this one stays as it is.

        `predicted_classes` has those of its names that are left. All else is kept, but for `visualization`, which is
        left out when a class is.

        Args:
            classes: Name of a class, or names of several; an empty collection keeps nothing. A name that no prediction
                has is no error. Default: all.
            min_confidence: Lowest confidence to keep, 0 to 1. Default: all.

        Raises:
            InvalidParameterError: A class is no name or empty, or the limit is no number or out of range.

        """
        criteria = read_criteria(classes, min_confidence)
        kept = {name: one for name, one in self.predictions.items() if criteria.accept(name, one.confidence)}
        predicted = [name for name in self._predicted() if name in kept]
        is_smaller = len(kept) < len(self.predictions)
        return with_predictions(self, kept, is_smaller=is_smaller, predicted_classes=predicted)

    def to_supervision(self) -> sv.Classifications:
        """Give `supervision.Classifications` with every class, also those not predicted; needs the extra `supervision`.

        Raises:
            MissingDependencyError: supervision is not installed.
            InvalidResponseError: A value in the answer is of a wrong kind.

        """
        from .supervision_views import as_classifications

        return as_classifications([(one.class_id, one.confidence) for one in self.predictions.values()])


class AnomalyDetectionResult(ListMethods, AnomalyDetectionResponse):  # type: ignore[misc]  # see above
    """How unusual an image is, from a model trained on usual ones.

    A sequence of its two classes with their scores, the verdict first; so it is true whatever the verdict, which is
    `is_anomalous`.
    """

    __slots__ = ()
    task: ClassVar[TableTask] = "anomaly-detection"
    """The task that gives results of this kind."""

    @property
    def predicted_classes(self) -> list[str]:
        """What the image shows, as of every kind of classification: the verdict in `top`."""
        return [self.top] if self.top else []

    def filter(self, *, classes: str | Collection[str] | None = None, min_confidence: float | None = None) -> Self:
        """Give a new result with some of the two classes, in their order; this one stays as it is.

        The verdict (`is_anomalous`, `top`, `confidence`) and the score are kept: they are of the image, not of the
        classes that are looked at. So is all else but `visualization`, which is left out when a class is.

        Args:
            classes: Name of a class, or names of several; an empty collection keeps nothing. A name that no prediction
                has is no error. Default: all.
            min_confidence: Lowest confidence to keep, 0 to 1. Default: all.

        Raises:
            InvalidParameterError: A class is no name or empty, or the limit is no number or out of range.

        """
        criteria = read_criteria(classes, min_confidence)
        kept = [one for one in self.predictions if criteria.accept(one.class_, one.confidence)]
        return with_predictions(self, kept, is_smaller=len(kept) < len(self.predictions))

    def heat_map(self) -> npt.NDArray[np.float32] | None:
        """Decode the map of where the image is anomalous; `None` unless it was asked for (`include_anomaly_map`).

        Returns:
            float32, shape (height, width) of the model's input, in units of `anomaly_score`. It covers the whole
            image: stretch it to the image's size to lay it over.

        Raises:
            InvalidResponseError: Shape and data in the answer do not fit together.

        """
        payload = self.anomaly_map
        if not payload:
            return None
        values: npt.NDArray[np.float32] = decode_anomaly_map(payload.to_dict())
        return values

    def to_supervision(self) -> sv.Classifications:
        """Give `supervision.Classifications`, in the order of `predictions`; needs the extra `supervision`.

        Raises:
            MissingDependencyError: supervision is not installed.
            InvalidResponseError: A value in the answer is of a wrong kind.

        """
        from .supervision_views import as_classifications

        return as_classifications([(one.class_id, one.confidence) for one in self.predictions])
