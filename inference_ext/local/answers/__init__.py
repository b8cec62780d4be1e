"""From what a model function returned to the server's answer, one module per family of tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from inference_ext.local.answers.classes import class_answer, tag_answer
from inference_ext.local.answers.detections import detection_answer
from inference_ext.local.answers.semantic import semantic_answer
from inference_ext.local.predictions import FinishedAnswer

if TYPE_CHECKING:
    from inference_ext.local.registry import Model
    from inference_ext.local.requests.options import InferenceOptions

__all__ = ["answer_for"]


def answer_for(model: Model, returned: Any, image_size: tuple[int, int], options: InferenceOptions) -> dict[str, Any]:
    """The `image` and prediction part of an answer.

    Args:
        model: The model that ran.
        returned: What its function returned.
        image_size: (width, height) of the image in pixels.
        options: The request's options.

    Raises:
        ModelOutputError: The function returned something else than its task needs.

    """
    width, height = image_size
    if isinstance(returned, FinishedAnswer):
        return {"image": {"width": width, "height": height}, **returned.fields}
    match model.task:
        case "object-detection" | "instance-segmentation" | "keypoint-detection":
            answer = detection_answer(model, returned, image_size, options)
        case "classification":
            answer = class_answer(model, returned, options)
        case "multi-label-classification":
            answer = tag_answer(model, returned, options)
        case "semantic-segmentation":
            answer = semantic_answer(model, returned, image_size, options)
    return {"image": {"width": width, "height": height}, **answer}
