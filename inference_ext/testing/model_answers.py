"""What a model is scripted to answer: dictionaries, typed results, what a model function returns, or functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, cast

import numpy as np
import numpy.typing as npt

from ..errors import InvalidParameterError
from ..local import (
    ClassScores,
    DetectedInstance,
    DetectedKeypoints,
    Detection,
    Keypoint,
    SemanticMap,
    TagScores,
    TaskType,
)
from ..local.answers import answer_for
from ..local.answers.output import ModelOutputError
from ..local.predictions import FinishedAnswer
from ..local.registry import make_model
from ..local.requests.options import InferenceOptions
from ..results.typed import (
    AnomalyDetectionResult,
    ClassificationResult,
    InstanceSegmentationResult,
    KeypointDetectionResult,
    MultiLabelClassificationResult,
    ObjectDetectionResult,
    SemanticSegmentationResult,
)
from .class_names import Names
from .finished_answers import finished_answer, with_detection_ids

__all__ = ["AnswerFunction", "AnswerReader", "ModelAnswer", "Predict"]

Image: TypeAlias = npt.NDArray[np.uint8]

_TypedResult: TypeAlias = (
    ObjectDetectionResult
    | InstanceSegmentationResult
    | KeypointDetectionResult
    | ClassificationResult
    | MultiLabelClassificationResult
    | AnomalyDetectionResult
    | SemanticSegmentationResult
)

ModelAnswer: TypeAlias = (
    Mapping[str, Any]
    | Sequence[Mapping[str, Any]]
    | Sequence[Detection]
    | ClassScores
    | TagScores
    | SemanticMap
    | _TypedResult
)
"""The answer for one image."""

AnswerFunction: TypeAlias = Callable[[Image], ModelAnswer]
"""Gives the answer for an image, BGR `uint8` (H, W, 3)."""

Predict: TypeAlias = Callable[[Image], Any]
"""What the embedded backend calls: an image in, what its model function may return out."""

_TASKS_OF_RESULTS: dict[type, tuple[TaskType, ...]] = {
    ObjectDetectionResult: ("object-detection",),
    InstanceSegmentationResult: ("instance-segmentation",),
    KeypointDetectionResult: ("keypoint-detection",),
    ClassificationResult: ("classification",),
    AnomalyDetectionResult: ("classification",),
    MultiLabelClassificationResult: ("multi-label-classification",),
    SemanticSegmentationResult: ("semantic-segmentation",),
}

#: Larger than any box: the size of the image is not known when a script is written.
_ANY_SIZE = (2**20, 2**20)
_KEEPS_ALL = InferenceOptions("script", confidence=0.0)


class AnswerReader:
    """Checks the answers of one model.

    Args:
        model_id: The model.
        task: Its task.
        classes: Its class names; those of the answers are added.
        keypoints: Its key point names; those of the answers are added.

    """

    def __init__(self, model_id: str, task: TaskType, classes: Names, keypoints: Names) -> None:
        self._model_id = model_id
        self._task: TaskType = task
        self._classes = classes
        self._keypoints = keypoints

    def read(self, answer: object) -> Predict:
        """Give the function that the embedded backend calls for an answer.

        Raises:
            InvalidParameterError: The answer does not fit the task; the message says what is wrong.

        """
        if callable(answer) and not isinstance(answer, _TypedResult):
            return self._calling(cast("AnswerFunction", answer))
        returned = self._returned(answer, f"the answer of {self._model_id}")
        return lambda _: _as_given_now(returned)

    def _calling(self, function: AnswerFunction) -> Predict:
        name = getattr(function, "__name__", type(function).__name__)
        place = f"what {name} returned for {self._model_id}"

        def predict(image: Image) -> Any:
            # The backend knows the names that there were before the request.
            known = (self._classes.all, self._keypoints.all)
            returned = self._returned(function(image), place)
            if not isinstance(returned, FinishedAnswer) and known != (self._classes.all, self._keypoints.all):
                raise InvalidParameterError(
                    f"{place} has names that were not known before: tell them all when you script the model, with "
                    "class_names=[...] (and keypoint_names=[...])"
                )
            return _as_given_now(returned)

        return predict

    def _returned(self, answer: object, place: str) -> Any:
        """Give what a function of the embedded backend may return."""
        if isinstance(answer, _TypedResult):
            tasks = _TASKS_OF_RESULTS[type(answer)]
            if self._task not in tasks:
                raise InvalidParameterError(
                    f"{place} is a {type(answer).__name__}, but its task is {self._task!r}; expected {tasks[0]!r}"
                )
            return self._finished(answer.dict(), place)
        if isinstance(answer, ClassScores | TagScores | SemanticMap) or _are_detections(answer):
            self._check_output(answer, place)
            return answer
        if isinstance(answer, Mapping) or (isinstance(answer, Sequence) and not isinstance(answer, str | bytes)):
            return self._finished(cast("object", answer), place)
        raise InvalidParameterError(
            f"{place} has to be a dictionary as the server answers it, a list of its predictions, a typed result, "
            f"objects of inference_ext.local or a function of the image; got {type(answer).__name__}"
        )

    def _finished(self, answer: object, place: str) -> FinishedAnswer:
        return FinishedAnswer(finished_answer(answer, self._task, self._classes, self._keypoints, place))

    def _check_output(self, answer: Any, place: str) -> None:
        """Check what a model function may return, by having the backend answer with it."""
        for name in _class_names(answer):
            self._classes.id_of(name, place)
        for name in _keypoint_names(answer):
            self._keypoints.id_of(name, place)
        if isinstance(answer, SemanticMap) and not self._classes.is_told:
            raise InvalidParameterError(
                f"{place} is a SemanticMap, whose labels are positions in the class names: "
                f"script.model({self._model_id!r}, {self._task!r}, class_names=['background', ...])"
            )
        names = (self._classes.all or ("none",), self._keypoints.all or ("none",))
        model = make_model(self._model_id, self._task, lambda _: answer, *names, None)
        try:
            answer_for(model, answer, _size_of(answer), _KEEPS_ALL)
        except ModelOutputError as error:
            raise InvalidParameterError(f"{place}: {error}") from error


def _as_given_now(returned: Any) -> Any:
    return (
        FinishedAnswer(with_detection_ids(dict(returned.fields))) if isinstance(returned, FinishedAnswer) else returned
    )


def _are_detections(answer: object) -> bool:
    if not isinstance(answer, Sequence) or isinstance(answer, str | bytes):
        return False
    return any(isinstance(item, Detection) for item in cast("Sequence[object]", answer))


def _class_names(answer: Any) -> Iterator[str]:
    if isinstance(answer, ClassScores | TagScores):
        yield from (name for name in answer.scores if isinstance(name, str))
    elif not isinstance(answer, SemanticMap):
        yield from (item.class_name for item in answer if isinstance(getattr(item, "class_name", None), str))


def _keypoint_names(answer: Any) -> Iterator[str]:
    if isinstance(answer, Sequence):
        for item in cast("Sequence[object]", answer):
            if isinstance(item, DetectedKeypoints):
                yield from (point.name for point in item.keypoints if isinstance(point, Keypoint))


def _size_of(answer: Any) -> tuple[int, int]:
    """Give the (width, height) of the image that an output is about, as far as it tells."""
    if isinstance(answer, SemanticMap):
        return _size_of_array(answer.labels)
    if isinstance(answer, Sequence):
        for item in cast("Sequence[object]", answer):
            if isinstance(item, DetectedInstance) and item.mask is not None:
                return _size_of_array(item.mask)
    return _ANY_SIZE


def _size_of_array(array: object) -> tuple[int, int]:
    shape = np.shape(cast("npt.NDArray[Any]", array))
    return (int(shape[1]), int(shape[0])) if len(shape) == 2 else (1, 1)
