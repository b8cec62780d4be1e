"""Answers with a class for every pixel."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from inference_ext.local.answers.output import ModelOutputError, expect_type
from inference_ext.local.predictions import SemanticMap

if TYPE_CHECKING:
    import numpy.typing as npt

    from inference_ext.local.registry import Model
    from inference_ext.local.requests.options import InferenceOptions

SEMANTIC_DEFAULT_CONFIDENCE = 0.5
"""The server's threshold for `confidence="default"` and `"best"`."""

BACKGROUND = 0


def semantic_answer(
    model: Model, returned: Any, image_size: tuple[int, int], options: InferenceOptions
) -> dict[str, Any]:
    """Class and confidence of every pixel as base64 PNGs; pixels below the threshold become background, confidence 0.

    Raises:
        ModelOutputError: The function returned no `SemanticMap`, or arrays that do not fit the image or the classes.

    """
    semantic = expect_type(model, returned, SemanticMap, "what the function returns")
    labels, confidence = _checked(model, semantic, image_size)
    unsure = confidence < np.float32(options.threshold(SEMANTIC_DEFAULT_CONFIDENCE))
    labels = np.where(unsure, BACKGROUND, labels).astype(np.uint8)
    confidence = np.where(unsure, np.float32(0), confidence)
    return {
        "predictions": {
            "segmentation_mask": _png(labels),
            "class_map": {str(class_id): name for class_id, name in enumerate(model.class_names)},
            # The server cuts off, it does not round.
            "confidence_mask": _png((confidence * np.float32(255)).astype(np.uint8)),
            "present_class_ids": np.unique(labels).tolist(),
        }
    }


def _checked(
    model: Model, semantic: SemanticMap, image_size: tuple[int, int]
) -> tuple[npt.NDArray[Any], npt.NDArray[np.float32]]:
    shape = (image_size[1], image_size[0])
    labels = np.asarray(semantic.labels)
    if labels.shape != shape or not np.issubdtype(labels.dtype, np.integer):
        raise ModelOutputError(
            model, f"labels has to be an integer array of shape {shape}, got {labels.dtype} {labels.shape}."
        )
    lowest, highest = int(labels.min()), int(labels.max())
    classes = min(len(model.class_names), 256)
    if lowest < 0 or highest >= classes:
        raise ModelOutputError(model, f"labels has to hold class ids 0..{classes - 1}, got {lowest}..{highest}.")
    if semantic.confidence is None:
        return labels, np.ones(shape, np.float32)
    confidence = np.asarray(semantic.confidence, np.float32)
    if confidence.shape != shape or not bool(np.all((confidence >= 0) & (confidence <= 1))):
        raise ModelOutputError(
            model, f"confidence has to be an array of shape {shape} with values 0..1, got shape {confidence.shape}."
        )
    return labels, confidence


def _png(pixels: npt.NDArray[np.uint8]) -> str:
    """One-channel PNG as base64 text."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    return base64.b64encode(buffer.getvalue()).decode("ascii")
