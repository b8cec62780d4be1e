"""How each setting is spelled on the wire, for each mode and task.

One row per setting that reaches the server. A column that is `None` means the route has no such parameter.
"""

from __future__ import annotations

from typing import Any

from attrs import frozen

from .inference_configuration import InferenceConfiguration

__all__ = ["billing_query", "shortcomings_of_v0", "v0_query", "v1_body"]


@frozen
class _Row:
    """Names of one setting: v0 query; v1 body for boxes, instances, key points, classes, semantic masks."""

    setting: str
    v0: str | None
    boxes: str | None
    instances: str | None
    key_points: str | None
    classes: str | None
    semantic: str | None


def _everywhere(setting: str, name: str | None = None) -> _Row:
    name = name or setting
    return _Row(setting, name, name, name, name, name, name)


def _unless_semantic(setting: str) -> _Row:
    return _Row(setting, setting, setting, setting, setting, setting, None)


def _suppression(setting: str, v0: str | None = None, name: str | None = None) -> _Row:
    """Settings of the tasks that end in non-maximum suppression."""
    name = name or setting
    return _Row(setting, v0, name, name, name, None, None)


_ROWS = (
    _everywhere("confidence_threshold", "confidence"),
    _Row("keypoint_confidence_threshold", "keypoint_confidence", None, None, "keypoint_confidence", None, None),
    _Row("format", "format", None, None, None, None, None),
    _Row("mask_decode_mode", "mask_decode_mode", None, "mask_decode_mode", None, None, None),
    _Row("tradeoff_factor", "tradeoff_factor", None, "tradeoff_factor", None, None, None),
    _Row("response_mask_format", "response_mask_format", None, "response_mask_format", None, None, None),
    _Row(
        "allow_reduced_mask_resolution",
        "allow_reduced_mask_resolution",
        None,
        "allow_reduced_mask_resolution",
        None,
        None,
        None,
    ),
    _suppression("max_candidates"),
    _suppression("class_agnostic_nms"),
    _suppression("class_filter"),
    _suppression("fix_batch_size"),
    _suppression("max_detections", v0="max_detections"),
    _suppression("iou_threshold", v0="overlap"),
    _Row(
        "stroke_width",
        "stroke",
        "visualization_stroke_width",
        "visualization_stroke_width",
        "visualization_stroke_width",
        "visualization_stroke_width",
        None,
    ),
    _suppression("visualize_labels", v0="labels", name="visualization_labels"),
    _Row(
        "visualize_predictions",
        None,
        "visualize_predictions",
        "visualize_predictions",
        "visualize_predictions",
        "visualize_predictions",
        None,
    ),
    _Row("include_anomaly_map", "include_anomaly_map", None, None, None, "include_anomaly_map", None),
    _everywhere("disable_preproc_auto_orientation", "disable_preproc_auto_orient"),
    _everywhere("disable_preproc_contrast"),
    _everywhere("disable_preproc_grayscale"),
    _everywhere("disable_preproc_static_crop"),
    _unless_semantic("disable_active_learning"),
    _unless_semantic("active_learning_target_dataset"),
    _everywhere("source"),
    _everywhere("source_info"),
)

_COLUMN_OF_TASK = {
    "object-detection": "boxes",
    "instance-segmentation": "instances",
    "keypoint-detection": "key_points",
    "classification": "classes",
    "semantic-segmentation": "semantic",
}


def v1_body(configuration: InferenceConfiguration, task: str) -> dict[str, Any]:
    """JSON fields of `POST /infer/{task}`; settings left at `None` are not sent."""
    column = _COLUMN_OF_TASK[task]
    body: dict[str, Any] = {}
    for row in _ROWS:
        name = getattr(row, column)
        value = getattr(configuration, row.setting)
        if name is not None and value is not None:
            body[name] = value
    return body


def v0_query(configuration: InferenceConfiguration) -> list[tuple[str, str]]:
    """Query of `POST /{project}/{version}`; booleans as the words `True` and `False`, which the route reads."""
    values = {row.v0: getattr(configuration, row.setting) for row in _ROWS if row.v0 is not None}
    values["format"] = _v0_format(configuration)
    query = [(name, str(value)) for name, value in values.items() if value is not None]
    return query + billing_query(configuration)


def _v0_format(configuration: InferenceConfiguration) -> str | None:
    """What the answer holds; what v1 calls `visualize_predictions` is one of these formats in v0."""
    if configuration.format is None and configuration.visualize_predictions:
        return "image_and_json"
    return configuration.format


def billing_query(configuration: InferenceConfiguration) -> list[tuple[str, str]]:
    """Query parameters about usage counting, which every model route takes in both modes."""
    query: list[tuple[str, str]] = []
    if configuration.service_secret is not None:
        query.append(("service_secret", configuration.service_secret))
    if configuration.count_inference is not None:
        query.append(("countinference", str(configuration.count_inference)))
    return query


def shortcomings_of_v0(configuration: InferenceConfiguration) -> list[str]:
    """Say in a sentence each what of the settings v0 calls cannot honour.

    Two settings without a parameter of their own are honoured all the same: `visualize_predictions` by asking for
    another format, and `class_filter` by the client, in the answer's predictions.
    """
    honoured = {"class_filter"}
    pictured = _v0_format(configuration) in ("image", "image_and_json")
    if pictured:
        honoured.add("visualize_predictions")
    unsupported = [
        row.setting
        for row in _ROWS
        if row.v0 is None and row.setting not in honoured and getattr(configuration, row.setting) not in (None, False)
    ]
    sentences: list[str] = []
    if unsupported:
        sentences.append(f"the v0 API has no parameter for {', '.join(unsupported)}: not sent. Use the v1 API for it.")
    if pictured and configuration.class_filter:
        sentences.append("class_filter: the picture that the v0 API draws shows the other classes too.")
    return sentences
