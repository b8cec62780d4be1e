"""What each setting is called on the wire, row by row, and that the server knows the name.

The table is written by hand from what inference-sdk 1.8.3 sends; semantic segmentation, which it lacks, from the
server's document.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import attrs
import pytest

from inference_ext.configuration import InferenceConfiguration
from inference_ext.configuration.wire_names import billing_query, shortcomings_of_v0, v0_query, v1_body

TASKS = {
    "object-detection": "/infer/object_detection",
    "instance-segmentation": "/infer/instance_segmentation",
    "keypoint-detection": "/infer/keypoints_detection",
    "classification": "/infer/classification",
    "semantic-segmentation": "/infer/semantic_segmentation",
}
V0_ROUTE = "/{dataset_id}/{version_id}"


class Row(NamedTuple):
    """A setting, a value for it, and its names; a task that is not in `v1` does not get it."""

    setting: str
    value: Any
    v0: str | None
    v1: dict[str, str]


def build(**values: Any) -> InferenceConfiguration:
    return InferenceConfiguration(**values)


def names(name: str, *tasks: str) -> dict[str, str]:
    return dict.fromkeys(tasks, name)


OD, SEG, KP, CLS, SEM = TASKS
BOXES = (OD, SEG, KP)
FIRST_FOUR = (OD, SEG, KP, CLS)

TABLE = [
    Row("confidence_threshold", 0.4, "confidence", names("confidence", *TASKS)),
    Row("keypoint_confidence_threshold", 0.3, "keypoint_confidence", names("keypoint_confidence", KP)),
    Row("format", "image_and_json", "format", {}),
    Row("mask_decode_mode", "fast", "mask_decode_mode", names("mask_decode_mode", SEG)),
    Row("tradeoff_factor", 0.5, "tradeoff_factor", names("tradeoff_factor", SEG)),
    Row("response_mask_format", "rle", "response_mask_format", names("response_mask_format", SEG)),
    Row(
        "allow_reduced_mask_resolution",
        value=True,
        v0="allow_reduced_mask_resolution",
        v1=names("allow_reduced_mask_resolution", SEG),
    ),
    Row("max_candidates", 3000, None, names("max_candidates", *BOXES)),
    Row("class_agnostic_nms", value=True, v0=None, v1=names("class_agnostic_nms", *BOXES)),
    Row("class_filter", ("cat", "dog"), None, names("class_filter", *BOXES)),
    Row("fix_batch_size", value=True, v0=None, v1=names("fix_batch_size", *BOXES)),
    Row("max_detections", 300, "max_detections", names("max_detections", *BOXES)),
    Row("iou_threshold", 0.5, "overlap", names("iou_threshold", *BOXES)),
    Row("stroke_width", 2, "stroke", names("visualization_stroke_width", *FIRST_FOUR)),
    Row("visualize_labels", value=True, v0="labels", v1=names("visualization_labels", *BOXES)),
    Row("visualize_predictions", value=True, v0=None, v1=names("visualize_predictions", *FIRST_FOUR)),
    Row("include_anomaly_map", value=True, v0="include_anomaly_map", v1=names("include_anomaly_map", CLS)),
    Row(
        "disable_preproc_auto_orientation",
        value=True,
        v0="disable_preproc_auto_orient",
        v1=names("disable_preproc_auto_orient", *TASKS),
    ),
    Row(
        "disable_preproc_contrast",
        value=True,
        v0="disable_preproc_contrast",
        v1=names("disable_preproc_contrast", *TASKS),
    ),
    Row(
        "disable_preproc_grayscale",
        value=True,
        v0="disable_preproc_grayscale",
        v1=names("disable_preproc_grayscale", *TASKS),
    ),
    Row(
        "disable_preproc_static_crop",
        value=True,
        v0="disable_preproc_static_crop",
        v1=names("disable_preproc_static_crop", *TASKS),
    ),
    Row(
        "disable_active_learning",
        value=True,
        v0="disable_active_learning",
        v1=names("disable_active_learning", *FIRST_FOUR),
    ),
    Row(
        "active_learning_target_dataset",
        "other",
        "active_learning_target_dataset",
        names("active_learning_target_dataset", *FIRST_FOUR),
    ),
    Row("source", "warehouse", "source", names("source", *TASKS)),
    Row("source_info", "door 3", "source_info", names("source_info", *TASKS)),
]
BILLING = {"count_inference": "countinference", "service_secret": "service_secret"}
CLIENT_SIDE = {
    "output_visualisation_format",
    "client_downsizing_disabled",
    "default_max_input_size",
    "image_format",
    "jpeg_quality",
    "v0_upload",
    "image_url_handling",
    "max_image_pixels",
    "source_buffer_filling_strategy",
    "image_extensions_for_directory_scan",
    "max_concurrent_requests",
    "max_batch_size",
    "on_error",
    "show_progress",
    "connect_timeout",
    "request_timeout",
    "total_timeout",
    "max_retries",
    "api_key_transport",
    "profiling_directory",
    "workflow_run_retries_enabled",
}
ALWAYS_SENT_V0 = {"disable_active_learning": "False", "allow_reduced_mask_resolution": "False"}


def always_sent_v1(task: str) -> dict[str, Any]:
    if task == SEM:
        return {}
    always: dict[str, Any] = {"visualize_predictions": False, "disable_active_learning": False}
    return always | ({"allow_reduced_mask_resolution": False} if task == SEG else {})


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    path = Path(__file__).parents[2] / "openapi" / "openapi.json"
    content: dict[str, Any] = json.loads(path.read_bytes())
    return content


def everything_set() -> InferenceConfiguration:
    values = {row.setting: row.value for row in TABLE}
    return build(**values, count_inference=False, service_secret="hush")


def test_every_setting_is_in_one_of_the_tables() -> None:
    on_the_wire = [row.setting for row in TABLE]
    assert len(on_the_wire) == len(set(on_the_wire))
    fields = {field.name for field in attrs.fields(InferenceConfiguration)}
    assert set(on_the_wire) | set(BILLING) | CLIENT_SIDE == fields


# -- v1


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.setting)
def test_a_setting_has_its_name_in_the_v1_body(row: Row, task: str) -> None:
    body = v1_body(build(**{row.setting: row.value}), task)
    expected = always_sent_v1(task)
    if task in row.v1:
        expected[row.v1[task]] = row.value
    assert body == expected


@pytest.mark.parametrize("task", TASKS)
def test_settings_left_at_none_are_not_sent_in_v1(task: str) -> None:
    assert v1_body(InferenceConfiguration(), task) == always_sent_v1(task)


@pytest.mark.parametrize("task", TASKS)
def test_false_is_a_setting_in_v1(task: str) -> None:
    body = v1_body(InferenceConfiguration(disable_preproc_contrast=False), task)
    assert body["disable_preproc_contrast"] is False


@pytest.mark.parametrize("task", TASKS)
def test_every_v1_name_is_a_property_of_the_request(task: str, document: dict[str, Any]) -> None:
    content = document["paths"][TASKS[task]]["post"]["requestBody"]["content"]["application/json"]
    schema = document["components"]["schemas"][content["schema"]["$ref"].rpartition("/")[2]]
    body = v1_body(everything_set(), task)
    assert len(body) == sum(task in row.v1 for row in TABLE)
    assert set(body) <= set(schema["properties"])


@pytest.mark.parametrize("task", TASKS)
def test_the_billing_names_are_query_parameters_of_the_v1_routes(task: str, document: dict[str, Any]) -> None:
    assert set(BILLING.values()) <= _query_parameters(document, TASKS[task])


def test_every_v1_body_is_json() -> None:
    for task in TASKS:
        json.dumps(v1_body(everything_set(), task))


# -- v0


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.setting)
def test_a_setting_has_its_name_in_the_v0_query(row: Row) -> None:
    query = v0_query(build(**{row.setting: row.value}))
    expected = dict(ALWAYS_SENT_V0)
    if row.v0 is not None:
        expected[row.v0] = str(row.value)
    if row.setting == "visualize_predictions":
        expected["format"] = "image_and_json"
    assert dict(query) == expected
    assert len(query) == len(expected)


def test_settings_left_at_none_are_not_sent_in_v0() -> None:
    assert dict(v0_query(InferenceConfiguration())) == ALWAYS_SENT_V0


@pytest.mark.parametrize("row", [row for row in TABLE if row.value is True and row.v0], ids=lambda row: row.setting)
@pytest.mark.parametrize("value", [True, False])
def test_booleans_are_words_in_v0(row: Row, value: bool) -> None:
    query = dict(v0_query(build(**{row.setting: value})))
    assert query[str(row.v0)] == ("True" if value else "False")


@pytest.mark.parametrize(("value", "text"), [(0.4, "0.4"), (1, "1"), (80, "80"), ("best", "best"), (1e-07, "1e-07")])
def test_numbers_and_words_are_spelled_plainly_in_v0(value: Any, text: str) -> None:
    query = dict(v0_query(InferenceConfiguration(confidence_threshold=value)))
    assert query["confidence"] == text
    assert value == text or float(text) == value


def test_every_v0_name_is_a_query_parameter(document: dict[str, Any]) -> None:
    query = [name for name, _ in v0_query(everything_set())]
    assert len(query) == len(set(query)) == sum(row.v0 is not None for row in TABLE) + len(BILLING)
    assert set(query) <= _query_parameters(document, V0_ROUTE)


@pytest.mark.parametrize("chosen", ["json", "image", "image_and_json"])
def test_the_chosen_format_wins_over_a_wish_for_pictures_in_v0(chosen: Any) -> None:
    query = dict(v0_query(InferenceConfiguration(visualize_predictions=True, format=chosen)))
    assert query["format"] == chosen


@pytest.mark.parametrize("setting", ["max_candidates", "class_agnostic_nms", "fix_batch_size"])
def test_what_v0_cannot_honour_is_told(setting: str) -> None:
    (row,) = (row for row in TABLE if row.setting == setting)
    (sentence,) = shortcomings_of_v0(build(**{setting: row.value}))
    assert f"no parameter for {setting}: not sent" in sentence


def test_what_v0_cannot_honour_is_told_in_one_sentence() -> None:
    (sentence,) = shortcomings_of_v0(build(max_candidates=10, fix_batch_size=True, max_detections=3))
    assert "no parameter for max_candidates, fix_batch_size: not sent" in sentence


@pytest.mark.parametrize("row", [row for row in TABLE if row.v0 is not None], ids=lambda row: row.setting)
def test_nothing_is_told_of_settings_that_v0_honours(row: Row) -> None:
    assert shortcomings_of_v0(build(**{row.setting: row.value})) == []
    assert shortcomings_of_v0(build(class_agnostic_nms=False, fix_batch_size=False)) == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"visualize_predictions": True}, []),
        ({"visualize_predictions": True, "format": "image"}, []),
        ({"visualize_predictions": True, "format": "json"}, ["no parameter for visualize_predictions"]),
        ({"class_filter": ["cat"]}, []),
        ({"class_filter": ["cat"], "format": "json"}, []),
        ({"class_filter": [], "format": "image"}, []),
        ({"class_filter": ["cat"], "format": "image"}, ["class_filter: the picture"]),
        ({"class_filter": ["cat"], "format": "image_and_json"}, ["class_filter: the picture"]),
        ({"class_filter": ["cat"], "visualize_predictions": True}, ["class_filter: the picture"]),
    ],
)
def test_what_the_client_makes_up_for_in_v0_is_told_where_it_cannot(settings: dict[str, Any], told: list[str]) -> None:
    sentences = shortcomings_of_v0(build(**settings))
    assert len(sentences) == len(told)
    for sentence, words in zip(sentences, told, strict=True):
        assert words in sentence


# -- billing


@pytest.mark.parametrize("value", [True, False])
def test_billing_is_always_in_the_query(value: bool) -> None:
    configuration = InferenceConfiguration(count_inference=value, service_secret="hush")
    expected = {"service_secret": "hush", "countinference": str(value)}
    assert dict(billing_query(configuration)) == expected
    assert expected.items() <= dict(v0_query(configuration)).items()
    for task in TASKS:
        assert "hush" not in str(v1_body(configuration, task))


def test_without_billing_settings_nothing_is_sent() -> None:
    assert billing_query(InferenceConfiguration()) == []


def _query_parameters(document: dict[str, Any], route: str) -> set[str]:
    parameters = document["paths"][route]["post"]["parameters"]
    return {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
