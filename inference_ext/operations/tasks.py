"""The tasks of the five model families and their v1 routes."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ..errors import ModelTaskTypeNotSupportedError

__all__ = ["TaskType", "known_task", "v1_path"]

TaskType: TypeAlias = Literal[
    "object-detection",
    "instance-segmentation",
    "semantic-segmentation",
    "classification",
    "keypoint-detection",
]

_V1_PATHS: dict[TaskType, str] = {
    "object-detection": "/infer/object_detection",
    "instance-segmentation": "/infer/instance_segmentation",
    "semantic-segmentation": "/infer/semantic_segmentation",
    "classification": "/infer/classification",
    "keypoint-detection": "/infer/keypoints_detection",
}

#: What server versions call a task in the model registry.
_REGISTRY_NAMES: dict[str, TaskType] = {
    **{task: task for task in _V1_PATHS},
    "multi-label-classification": "classification",
    "keypoints-detection": "keypoint-detection",
}


def v1_path(task: TaskType) -> str:
    """Give the v1 route of a task."""
    return _V1_PATHS[task]


def known_task(registry_name: str, model_id: str) -> TaskType:
    """Find the task behind the name the model registry gives.

    Raises:
        ModelTaskTypeNotSupportedError: `infer` has no v1 route for it.

    """
    task = _REGISTRY_NAMES.get(registry_name)
    if task is None:
        raise ModelTaskTypeNotSupportedError(
            f"model {model_id!r} has task {registry_name[:100]!r}, which infer has no v1 route for; "
            f"it takes {', '.join(_V1_PATHS)}"
        )
    return task
