"""The query parameters of the `/{project}/{version}` route."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inference_ext.local.http_errors import schema_violation
from inference_ext.local.requests.fields import (
    Field,
    check_boolean,
    check_confidence,
    check_fields,
    check_integer,
    check_number,
    check_string,
    one_of,
)
from inference_ext.local.requests.options import InferenceOptions, options_from

LOWEST_CONFIDENCE = 0.01
"""The server never goes below this on v0: a lower threshold would let every candidate box through."""

FIELDS: dict[str, Field] = {
    "confidence": Field(check_confidence, default=0.4),
    "keypoint_confidence": Field(check_number),
    "format": Field(check_string, default="json"),
    "image": Field(check_string),
    "image_type": Field(check_string, default="base64"),
    "labels": Field(check_boolean),
    "mask_decode_mode": Field(check_string),
    "allow_reduced_mask_resolution": Field(check_boolean),
    "tradeoff_factor": Field(check_number),
    "max_detections": Field(check_integer),
    "overlap": Field(check_number),
    "stroke": Field(check_integer),
    "disable_preproc_auto_orient": Field(check_boolean),
    "disable_preproc_contrast": Field(check_boolean),
    "disable_preproc_grayscale": Field(check_boolean),
    "disable_preproc_static_crop": Field(check_boolean),
    "disable_active_learning": Field(check_boolean),
    "include_anomaly_map": Field(check_boolean),
    "response_mask_format": Field(one_of("polygon", "rle")),
}


@dataclass(frozen=True)
class QueryRequest:
    """What a v0 query asks for.

    Attributes:
        options: The inference options; `visualize` follows from `answer_format`.
        answer_format: `json`, `image` (the body is a JPEG) or `image_and_json`.
        image_url: URL given as `image`, or `None`.
        image_type: How the body is to be read.

    """

    options: InferenceOptions
    answer_format: str
    image_url: str | None
    image_type: str


def _fraction(value: float) -> float:
    """Percentages (1 and more) as fractions."""
    return value / 100 if value >= 1 else value


def read_query(given: Mapping[str, str]) -> QueryRequest:
    """Checked query of a v0 call.

    Raises:
        HTTPAnswerError: 422 with one entry per parameter that does not fit.

    """
    values, problems = check_fields(FIELDS, given, "query", None)
    if problems:
        raise schema_violation(problems)
    confidence: Any = values["confidence"]
    if isinstance(confidence, float):
        values["confidence"] = max(_fraction(confidence), LOWEST_CONFIDENCE)
    if values["overlap"] is not None:
        values["overlap"] = _fraction(values["overlap"])
    values["visualize_predictions"] = values["format"] in ("image", "image_and_json")
    return QueryRequest(
        options=options_from(values, str(uuid.uuid4())),
        answer_format=values["format"],
        image_url=values["image"],
        image_type=values["image_type"],
    )
