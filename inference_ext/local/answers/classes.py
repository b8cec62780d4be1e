"""Answers about the whole image: one class, or tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from inference_ext.local.answers.output import ModelOutputError, expect_class, expect_fraction, expect_type
from inference_ext.local.predictions import ClassScores, TagScores

if TYPE_CHECKING:
    from inference_ext.local.registry import Model
    from inference_ext.local.requests.options import InferenceOptions

CLASS_DEFAULT_CONFIDENCE = 0.5
TAG_DEFAULT_CONFIDENCE = 0.4
"""The server's thresholds for `confidence="default"` and `"best"`."""


def class_answer(model: Model, returned: Any, options: InferenceOptions) -> dict[str, Any]:
    """Classes at or above the threshold, best first; `top` is "" and `confidence` 0 when there is none.

    Raises:
        ModelOutputError: The function returned no `ClassScores`, or scores that do not fit.

    """
    scores = _scores(model, expect_type(model, returned, ClassScores, "what the function returns").scores)
    threshold = options.threshold(CLASS_DEFAULT_CONFIDENCE)
    predictions: list[dict[str, Any]] = [
        {"class": name, "class_id": class_id, "confidence": round(score, 4)}
        for class_id, (name, score) in enumerate(zip(model.class_names, scores, strict=True))
        if score >= threshold
    ]
    predictions.sort(key=lambda prediction: prediction["confidence"], reverse=True)
    return {
        "predictions": predictions,
        "top": predictions[0]["class"] if predictions else "",
        "confidence": predictions[0]["confidence"] if predictions else 0.0,
    }


def tag_answer(model: Model, returned: Any, options: InferenceOptions) -> dict[str, Any]:
    """Every class with its score, and the names of those at or above the threshold.

    Raises:
        ModelOutputError: The function returned no `TagScores`, or scores that do not fit.

    """
    scores = _scores(model, expect_type(model, returned, TagScores, "what the function returns").scores)
    threshold = np.float32(options.threshold(TAG_DEFAULT_CONFIDENCE))
    return {
        "predictions": {
            name: {"confidence": score, "class_id": class_id}
            for class_id, (name, score) in enumerate(zip(model.class_names, scores, strict=True))
        },
        "predicted_classes": [
            name for name, score in zip(model.class_names, scores, strict=True) if np.float32(score) >= threshold
        ],
    }


def _scores(model: Model, scores: Any) -> list[float]:
    """One score per class of the model; the server computes in 32-bit floats, so the values are of that kind."""
    if not isinstance(scores, Mapping):
        raise ModelOutputError(model, f"scores has to map class names to confidences, got {type(scores).__name__}.")
    given = [0.0] * len(model.class_names)
    for name, score in scores.items():  # pyright: ignore[reportUnknownVariableType]
        class_id = expect_class(model, name, "a key of scores")
        given[class_id] = float(np.float32(expect_fraction(model, score, f"the score of {name!r}")))
    return given
