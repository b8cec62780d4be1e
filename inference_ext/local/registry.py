"""Models: the functions that are registered, and which of them are loaded.

A registered model is only *available*. As on the real server it becomes *loaded* with the first request that names
it (or `/model/add`), is then listed by `/model/registry`, and can be unloaded again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from inference_ext.errors import InvalidModelIdentifier, InvalidParameterError
from inference_ext.local.http_errors import with_message

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

TaskType: TypeAlias = Literal[
    "object-detection",
    "instance-segmentation",
    "keypoint-detection",
    "classification",
    "multi-label-classification",
    "semantic-segmentation",
]
"""The tasks a model can have."""

PredictFunction: TypeAlias = "Callable[[npt.NDArray[np.uint8]], Any]"
"""A model: BGR `uint8` image (H, W, 3) in, predictions of its task out."""


@dataclass(frozen=True)
class Model:
    """A registered model.

    Attributes:
        model_id: `project/version`.
        task: What it predicts.
        predict: The function; calls of one model never overlap.
        class_names: All class names; the position is the class id.
        keypoint_names: All key point names; the position is the key point's class id.
        input_size: (width, height) the registry reports, or `None` when the model has no fixed input size.
        lock: Held while `predict` runs.

    """

    model_id: str
    task: TaskType
    predict: PredictFunction
    class_names: tuple[str, ...]
    keypoint_names: tuple[str, ...] = ()
    input_size: tuple[int, int] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)


@dataclass
class _LoadedModel:
    model: Model
    request_paths: set[str] = field(default_factory=set[str])

    def description(self) -> dict[str, Any]:
        width, height = self.model.input_size or (None, None)
        # The server knows no multi-label task of its own: such models are classification models there.
        task = "classification" if self.model.task == "multi-label-classification" else self.model.task
        return {
            "model_id": self.model.model_id,
            "task_type": task,
            "batch_size": None,
            "input_height": height,
            "input_width": width,
            "vram_bytes": None,
            "request_aliases": [],
            "request_paths": sorted(self.request_paths),
        }


def make_model(
    model_id: str,
    task: TaskType,
    predict: PredictFunction,
    class_names: Sequence[str],
    keypoint_names: Sequence[str],
    input_size: tuple[int, int] | None,
) -> Model:
    """Checked `Model`.

    Raises:
        InvalidModelIdentifier: `model_id` is not `project/version`.
        InvalidParameterError: Another argument does not fit; the message names it.

    """
    parts = model_id.split("/")
    if len(parts) != 2 or not all(parts):
        raise InvalidModelIdentifier(f"model_id has to look like 'project/version', got {model_id!r}.")
    if task not in get_args(TaskType):
        raise InvalidParameterError(
            f"task of {model_id} has to be one of {', '.join(get_args(TaskType))}; got {task!r}."
        )
    if not callable(predict):
        raise InvalidParameterError(f"predict of {model_id} has to be a function, got {type(predict).__name__}.")
    for argument, names in (("class_names", class_names), ("keypoint_names", keypoint_names)):
        if isinstance(names, str) or not all(isinstance(name, str) for name in names):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidParameterError(f"{argument} of {model_id} has to be a list of strings, got {names!r}.")
        if len(set(names)) != len(names):
            raise InvalidParameterError(f"{argument} of {model_id} names something twice: {list(names)}.")
    if not class_names:
        raise InvalidParameterError(f"class_names of {model_id} is empty; name at least one class.")
    if task == "keypoint-detection" and not keypoint_names:
        raise InvalidParameterError(f"{model_id} detects key points; give keypoint_names.")
    if input_size is not None and (len(input_size) != 2 or min(input_size) < 1):
        raise InvalidParameterError(
            f"input_size of {model_id} has to be (width, height) in pixels, got {input_size!r}."
        )
    return Model(model_id, task, predict, tuple(class_names), tuple(keypoint_names), input_size)


class ModelRegistry:
    """The backend's models. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._available: dict[str, Model] = {}
        self._loaded: dict[str, _LoadedModel] = {}

    def register(self, model: Model) -> None:
        """Make a model available; one with the same id is replaced and unloaded."""
        with self._lock:
            self._available[model.model_id] = model
            self._loaded.pop(model.model_id, None)

    @property
    def available(self) -> tuple[str, ...]:
        """Ids of all registered models, in the order of registration."""
        with self._lock:
            return tuple(self._available)

    def load(self, model_id: str, request_path: str) -> tuple[Model, float | None]:
        """The model, loaded now if it was not.

        Args:
            model_id: Its id.
            request_path: Path of the request that needs it, listed in the registry.

        Returns:
            The model, and the seconds loading took, or `None` if it was loaded before.

        Raises:
            HTTPAnswerError: 400 when the id has more than two parts, 404 when there is no such model.

        """
        started = time.perf_counter()
        if model_id.count("/") > 1:
            raise with_message(400, "Invalid Model ID sent in request.")
        with self._lock:
            model = self._available.get(model_id)
            if model is None:
                known = ", ".join(self._available)
                raise with_message(404, f"The embedded backend has no model '{model_id}'. It has: {known}.")
            loaded = self._loaded.get(model_id)
            if loaded is None:
                loaded = self._loaded[model_id] = _LoadedModel(model)
                seconds = time.perf_counter() - started
            else:
                seconds = None
            loaded.request_paths.add(request_path)
        return model, seconds

    def unload(self, model_id: str) -> None:
        """Unload a model; one that is not loaded is no error, as on the real server."""
        with self._lock:
            self._loaded.pop(model_id, None)

    def unload_all(self) -> None:
        """Unload every model."""
        with self._lock:
            self._loaded.clear()

    def description(self) -> dict[str, Any]:
        """The answer of `/model/registry`: the loaded models in the order of loading."""
        with self._lock:
            models = [loaded.description() for loaded in self._loaded.values()]
        return {
            "models": models,
            "total_vram_bytes": None,
            "gpu_memory_used": None,
            "gpu_memory_total": None,
            "torch_cuda_allocated": None,
            "torch_cuda_reserved": None,
            "torch_cuda_allocator_cache": None,
            "non_torch_gpu_memory": None,
        }
