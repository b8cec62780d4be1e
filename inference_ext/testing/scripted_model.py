"""A model that answers what a test says, among those of the embedded backend."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from .class_names import Names
from .model_answers import AnswerFunction, AnswerReader, ModelAnswer, Predict
from .recorded_request import RecordedRequest
from .targets import ScriptedTarget

if TYPE_CHECKING:
    from ..local import LocalBackend, TaskType

__all__ = ["ENTRIES_OF_TURN", "ScriptedModel"]


class ScriptedModel(ScriptedTarget["ModelAnswer | AnswerFunction", Predict]):
    """A model that answers what the test says. Made by `InferenceScript.model`.

    Dictionaries, lists of them and typed results are what the server answers: they come back as they are, whatever
    threshold the request has. `Detection`, `ClassScores`, ... of `inference_ext.local` are what the model found: the
    request's threshold, suppression and class filter are applied, and boxes are rounded to whole pixels, as a server
    does. Coordinates are pixels of the image as it was sent.
    """

    def __init__(
        self,
        model_id: str,
        task: TaskType,
        backend: LocalBackend,
        lock: threading.RLock,
        *,
        class_names: Sequence[str] | None,
        keypoint_names: Sequence[str] | None,
        input_size: tuple[int, int] | None,
    ) -> None:
        super().__init__(f"model {model_id}", lock)
        self._model_id = model_id
        self._task: TaskType = task
        self._backend = backend
        self._input_size = input_size
        # Checked before anything else looks at them.
        self._register(
            ("object",) if class_names is None else class_names,
            ("point",) if keypoint_names is None else keypoint_names,
        )
        self._classes = Names("class_names", class_names)
        self._keypoints = Names("keypoint_names", keypoint_names)
        self._registered = (self._classes.all, self._keypoints.all)
        self._reader = AnswerReader(model_id, task, self._classes, self._keypoints)

    @property
    def model_id(self) -> str:
        """`project/version`."""
        return self._model_id

    @property
    def task(self) -> TaskType:
        """What the model predicts."""
        return self._task

    def _answers_needed(self, request: RecordedRequest) -> int:
        return request.number_of_images

    def _read(self, answer: ModelAnswer | AnswerFunction) -> Predict:
        entry = self._reader.read(answer)
        names = (self._classes.all, self._keypoints.all)
        if names != self._registered:
            self._register(names[0] or ("object",), names[1] or ("point",))
            self._registered = names
        return entry

    def _register(self, class_names: Sequence[str], keypoint_names: Sequence[str]) -> None:
        self._backend.register(
            self._model_id,
            task=self._task,
            class_names=class_names,
            keypoint_names=keypoint_names,
            input_size=self._input_size,
            predict=answer_of_turn,
        )


ENTRIES_OF_TURN: ContextVar[deque[Predict]] = ContextVar("ENTRIES_OF_TURN")
"""The answers of the request that the embedded backend is working on in this thread, one for each image."""


def answer_of_turn(image: Any) -> Any:
    """Answer one image; what the embedded backend calls for every scripted model."""
    entry = ENTRIES_OF_TURN.get()[0]
    returned = entry(image)
    # Not before: an answer that could not be given was not used.
    ENTRIES_OF_TURN.get().popleft()
    return returned
