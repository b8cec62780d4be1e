"""The bodies of the `/infer/...` and `/model/...` routes."""

from __future__ import annotations

import json
import uuid
from typing import Any, cast

from inference_ext.local.http_errors import schema_violation
from inference_ext.local.requests.fields import (
    Field,
    check_boolean,
    check_confidence,
    check_fields,
    check_images,
    check_integer,
    check_keypoint_confidence,
    check_number,
    check_string,
    check_strings,
    one_of,
    problem,
)
from inference_ext.local.requests.options import InferenceOptions, options_from

HIDDEN_KEY = "***"
"""Stands for an API key wherever a request is echoed."""

_TEXT, _FLAG, _WHOLE, _NUMBER = Field(check_string), Field(check_boolean), Field(check_integer), Field(check_number)

_COMMON: dict[str, Field] = {
    "id": Field(check_string, nullable=False),
    "api_key": _TEXT,
    "usage_billable": Field(check_boolean, nullable=False),
    "start": _NUMBER,
    "source": _TEXT,
    "source_info": _TEXT,
    "disable_model_monitoring": _FLAG,
    "model_id": Field(check_string, nullable=False, required=True),
    "model_type": _TEXT,
    "image": Field(check_images, nullable=False, required=True),
    "disable_preproc_auto_orient": _FLAG,
    "disable_preproc_contrast": _FLAG,
    "disable_preproc_grayscale": _FLAG,
    "disable_preproc_static_crop": _FLAG,
}
_ACTIVE_LEARNING: dict[str, Field] = {"disable_active_learning": _FLAG, "active_learning_target_dataset": _TEXT}
_CONFIDENCE = Field(check_confidence, default=0.4, nullable=False)
_DETECTION: dict[str, Field] = {
    **_COMMON,
    "class_agnostic_nms": _FLAG,
    "class_filter": Field(check_strings),
    "confidence": _CONFIDENCE,
    "fix_batch_size": _FLAG,
    "iou_threshold": _NUMBER,
    "max_detections": _WHOLE,
    "max_candidates": _WHOLE,
    "visualization_labels": _FLAG,
    "visualization_stroke_width": _WHOLE,
    "visualize_predictions": _FLAG,
    **_ACTIVE_LEARNING,
}

FIELDS: dict[str, dict[str, Field]] = {
    "object_detection": _DETECTION,
    "instance_segmentation": {
        **_DETECTION,
        "mask_decode_mode": _TEXT,
        "tradeoff_factor": _NUMBER,
        "allow_reduced_mask_resolution": Field(check_boolean, nullable=False),
        "response_mask_format": Field(one_of("polygon", "rle"), nullable=False),
        "enforce_dense_masks_in_inference_models": _FLAG,
    },
    "keypoints_detection": {
        **_DETECTION,
        "confidence": Field(check_keypoint_confidence, default=0.4, nullable=False),
        "keypoint_confidence": _NUMBER,
    },
    "classification": {
        **_COMMON,
        "include_anomaly_map": Field(check_boolean, nullable=False),
        "confidence": _CONFIDENCE,
        "visualization_stroke_width": _WHOLE,
        "visualize_predictions": _FLAG,
        **_ACTIVE_LEARNING,
    },
    "semantic_segmentation": {
        **_COMMON,
        "confidence": _CONFIDENCE,
        "response_mask_format": Field(one_of("base64_png", "numpy"), nullable=False),
    },
}
"""Fields per `/infer/...` route."""

MODEL_FIELDS: dict[str, Field] = {"model_id": Field(check_string, nullable=False, required=True), "api_key": _TEXT}
"""Fields of `/model/add` and `/model/remove`."""


def without_key(given: dict[str, Any]) -> dict[str, Any]:
    """The body as it may be echoed: the API key is covered."""
    return {**given, "api_key": HIDDEN_KEY} if "api_key" in given else given


def read_json_object(body: bytes, content_type: str) -> dict[str, Any]:
    """The JSON object of a request body.

    Raises:
        HTTPAnswerError: 422 when the body is missing, is not JSON, or is not an object.

    """
    if not body:
        raise schema_violation(problem("missing", ("body",), "Field required", None).entries)
    subtype = content_type.split(";")[0].strip().lower()
    if subtype != "application/json" and not (subtype.startswith("application/") and subtype.endswith("+json")):
        # The real server echoes the whole text here. It may hold a key, so only its size is shown.
        raise _not_an_object(f"{len(body)} bytes that are not declared as JSON")
    try:
        content: Any = json.loads(body)
    except json.JSONDecodeError as error:
        raise schema_violation(
            problem("json_invalid", ("body", error.pos), "JSON decode error", {}, error=error.msg).entries
        ) from error
    except UnicodeDecodeError as error:
        raise schema_violation(
            problem("json_invalid", ("body", error.start), "JSON decode error", {}, error="not UTF-8").entries
        ) from error
    if not isinstance(content, dict):
        raise _not_an_object(content)
    return cast("dict[str, Any]", content)


def _not_an_object(shown: Any) -> Exception:
    message = "Input should be a valid dictionary or object to extract fields from"
    return schema_violation(problem("model_attributes_type", ("body",), message, shown).entries)


def read_inference_request(
    route: str, given: dict[str, Any]
) -> tuple[str, dict[str, Any] | list[dict[str, Any]], InferenceOptions]:
    """Model id, image entries and options of an `/infer/...` body.

    Raises:
        HTTPAnswerError: 422 with one entry per field that does not fit.

    """
    request_id = given.get("id", str(uuid.uuid4()))
    echo = without_key({**given, "id": request_id})
    values, problems = check_fields(FIELDS[route], given, "body", echo)
    if problems:
        raise schema_violation(problems)
    return values["model_id"], values["image"], options_from(values, request_id)


def read_model_id(given: dict[str, Any]) -> str:
    """Model id of a `/model/add` or `/model/remove` body.

    Raises:
        HTTPAnswerError: 422 when it is missing or no text.

    """
    values, problems = check_fields(MODEL_FIELDS, given, "body", without_key(given))
    if problems:
        raise schema_violation(problems)
    return str(values["model_id"])
