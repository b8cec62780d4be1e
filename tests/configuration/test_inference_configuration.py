"""Settings: what each takes, what it refuses and how it says so."""

from __future__ import annotations

import dataclasses
import decimal
import pickle
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_ext.configuration import ApiKeyTransport, InferenceConfiguration, VisualisationResponseFormat
from inference_ext.errors import InvalidParameterError

ARRAY = np.array([0.1, 0.2])
HUGE = 10**400

# setting -> (values that are taken, values that are refused)
FRACTION: tuple[list[Any], list[Any]] = (
    [None, 0, 0.0, 0.5, 1, 1.0],
    [-0.1, 1.1, 2, float("nan"), float("inf"), True, "0.5", "best", b"1", ARRAY, [0.5], HUGE, decimal.Decimal("0.5")],
)
OPTIONAL_BOOLEAN: tuple[list[Any], list[Any]] = ([None, True, False], [0, 1, "True", "", [], 0.0, ARRAY])
BOOLEAN: tuple[list[Any], list[Any]] = ([True, False], [None, 0, 1, "True", "", [], ARRAY])
OPTIONAL_COUNT: tuple[list[Any], list[Any]] = ([None, 1, 300], [0, -1, 1.0, True, "3", float("nan"), ARRAY])
COUNT: tuple[list[Any], list[Any]] = ([1, 8], [None, 0, -1, 2.0, True, "3", ARRAY])
OPTIONAL_TEXT: tuple[list[Any], list[Any]] = ([None, "", "a project"], [b"a project", 7, True, ["a"], Path("a")])
SECONDS: tuple[list[Any], list[Any]] = (
    [1, 0.001, 3600.0],
    [None, 0, -1, float("nan"), float("inf"), True, "3", ARRAY, HUGE, 1e12],
)

TABLE: dict[str, tuple[list[Any], list[Any]]] = {
    "confidence_threshold": (
        [None, 0, 0.4, 1, 40, 100, "best", "default"],
        [-0.1, 100.5, "", "0.4", "BEST", float("nan"), float("-inf"), True, False, ARRAY, [0.4], HUGE, b"best"],
    ),
    "keypoint_confidence_threshold": FRACTION,
    "iou_threshold": FRACTION,
    "tradeoff_factor": FRACTION,
    "class_filter": ([None, (), ("cat",), ["cat", "dog"]], ["cat", b"cat", [1], [""], ["cat", None], {"cat"}, 7]),
    "class_agnostic_nms": OPTIONAL_BOOLEAN,
    "max_detections": OPTIONAL_COUNT,
    "max_candidates": OPTIONAL_COUNT,
    "fix_batch_size": OPTIONAL_BOOLEAN,
    "mask_decode_mode": ([None, "accurate", "tradeoff", "fast"], ["slow", "", "Fast", 1, True, ARRAY, ["fast"]]),
    "response_mask_format": ([None, "polygon", "rle"], ["mask", "", "RLE", 1, ARRAY]),
    "allow_reduced_mask_resolution": BOOLEAN,
    "include_anomaly_map": OPTIONAL_BOOLEAN,
    "format": ([None, "json", "image", "image_and_json"], ["jpeg", "", 1, ARRAY]),
    "visualize_predictions": BOOLEAN,
    "visualize_labels": OPTIONAL_BOOLEAN,
    "stroke_width": OPTIONAL_COUNT,
    "output_visualisation_format": (
        [*VisualisationResponseFormat, "base64", "numpy", "pillow"],
        ["NUMPY", "", None, 1, "array"],
    ),
    "disable_preproc_auto_orientation": OPTIONAL_BOOLEAN,
    "disable_preproc_contrast": OPTIONAL_BOOLEAN,
    "disable_preproc_grayscale": OPTIONAL_BOOLEAN,
    "disable_preproc_static_crop": OPTIONAL_BOOLEAN,
    "disable_active_learning": BOOLEAN,
    "active_learning_target_dataset": OPTIONAL_TEXT,
    "source": OPTIONAL_TEXT,
    "source_info": OPTIONAL_TEXT,
    "count_inference": OPTIONAL_BOOLEAN,
    "service_secret": OPTIONAL_TEXT,
    "client_downsizing_disabled": BOOLEAN,
    "default_max_input_size": COUNT,
    "image_format": (["jpeg", "png"], [None, "jpg", "PNG", "", 1, ARRAY]),
    "v0_upload": (["base64", "multipart"], [None, "", "form", 1, ARRAY]),
    "image_url_handling": (["download", "pass_through"], [None, "", "url", True, ARRAY]),
    "max_image_pixels": COUNT,
    "source_buffer_filling_strategy": (["wait", "drop_oldest"], [None, "", "DROP_OLDEST", 1, ARRAY]),
    "jpeg_quality": ([1, 95, 100], [None, 0, 101, 95.0, True, "95", ARRAY]),
    "image_extensions_for_directory_scan": ([["jpg"], ("jpg", "PNG")], [[], (), "jpg", None, [""], [1], 7]),
    "max_concurrent_requests": COUNT,
    "max_batch_size": COUNT,
    "on_error": (["raise", "return"], [None, "ignore", "", True, ARRAY]),
    "show_progress": BOOLEAN,
    "connect_timeout": SECONDS,
    "request_timeout": SECONDS,
    "total_timeout": SECONDS,
    "max_retries": ([0, 1, 10], [None, -1, 1.0, True, "1", ARRAY]),
    "api_key_transport": ([None, "legacy", "header", "both"], ["query", "", 1, ARRAY]),
    "profiling_directory": (["traces", Path("traces")], [None, 7, b"traces", "", ARRAY]),
    "workflow_run_retries_enabled": BOOLEAN,
}

GOOD = [(name, value) for name, (good, _) in TABLE.items() for value in good]
BAD = [(name, value) for name, (_, bad) in TABLE.items() for value in bad]


def build(**values: Any) -> InferenceConfiguration:
    return InferenceConfiguration(**values)


def test_the_table_has_every_setting() -> None:
    assert set(TABLE) == {field.name for field in attrs.fields(InferenceConfiguration)}


@pytest.mark.parametrize(("name", "value"), GOOD, ids=lambda item: repr(item)[:40])
def test_a_good_value_is_kept(name: str, value: Any) -> None:
    kept = getattr(build(**{name: value}), name)
    if isinstance(value, list):
        value = tuple(cast("list[str]", value))
    assert kept == (str(value) if isinstance(value, Path) else value)


@pytest.mark.parametrize(("name", "value"), BAD, ids=lambda item: repr(item)[:40])
def test_a_bad_value_is_refused_by_the_name_of_the_setting(name: str, value: Any) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        build(**{name: value})
    message = str(caught.value)
    assert message.startswith(f"InferenceConfiguration.{name}: expected ")
    assert ", got " in message
    assert isinstance(caught.value, ValueError)


def test_evolve_checks_too_and_leaves_the_original_alone() -> None:
    first = build(confidence_threshold=0.4, service_secret="hush")
    second = attrs.evolve(first, confidence_threshold=0.6)
    assert (first.confidence_threshold, second.confidence_threshold) == (0.4, 0.6)
    assert second.service_secret == "hush"
    with pytest.raises(InvalidParameterError, match="confidence_threshold"):
        attrs.evolve(first, confidence_threshold=200)


# -- what programs written for inference-sdk do with its dataclass


def test_the_functions_of_dataclasses_work() -> None:
    first = build(confidence_threshold=0.4, service_secret="hush", class_filter=["cat"])
    second = dataclasses.replace(first, confidence_threshold=0.6, api_key_transport="header")
    assert second == build(
        confidence_threshold=0.6, service_secret="hush", class_filter=("cat",), api_key_transport="header"
    )
    assert first.confidence_threshold == 0.4
    with pytest.raises(InvalidParameterError, match="confidence_threshold"):
        dataclasses.replace(first, confidence_threshold=200)
    with pytest.raises(TypeError, match="confidence"):
        dataclasses.replace(first, confidence=0.5)
    assert dataclasses.asdict(first) == attrs.asdict(first)
    fields = {field.name: field.default for field in dataclasses.fields(InferenceConfiguration)}
    assert fields == {field.name: field.default for field in attrs.fields(InferenceConfiguration)}


def test_the_default_configuration_has_a_name() -> None:
    assert InferenceConfiguration.init_default() == InferenceConfiguration()
    changed = dataclasses.replace(InferenceConfiguration.init_default(), confidence_threshold=0.5)
    assert changed.confidence_threshold == 0.5


@pytest.mark.parametrize("transport", ApiKeyTransport)
def test_the_transport_is_kept_as_a_member_and_is_its_text(transport: ApiKeyTransport) -> None:
    for given_as in (transport, transport.value):
        kept = build(api_key_transport=given_as).api_key_transport
        assert kept is transport
        assert kept == transport.value


@pytest.mark.parametrize("name", TABLE)
def test_no_setting_can_be_changed(name: str) -> None:
    configuration = InferenceConfiguration()
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(configuration, name, None)


def test_a_setting_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match="confidence"):
        build(confidence=0.4)
    with pytest.raises(TypeError):
        InferenceConfiguration(0.4)  # type: ignore[call-arg]


def test_the_callers_list_can_change_without_consequence() -> None:
    names = ["cat"]
    configuration = build(class_filter=names)
    names.append("dog")
    assert configuration.class_filter == ("cat",)


def test_equal_settings_are_equal_and_hash_alike() -> None:
    first, second = build(class_filter=["cat"], iou_threshold=0.5), build(class_filter=("cat",), iou_threshold=0.5)
    assert first == second
    assert hash(first) == hash(second)
    assert first != InferenceConfiguration()


def test_copies_and_pickles_are_equal() -> None:
    configuration = build(class_filter=["cat"], confidence_threshold="best", service_secret="hush")
    assert pickle.loads(pickle.dumps(configuration)) == configuration
    assert deepcopy(configuration) == configuration


# -- numpy


NUMPY_SCALARS: list[tuple[str, Any, type]] = [
    ("confidence_threshold", np.float32(0.5), float),
    ("confidence_threshold", np.float64(0.25), float),
    ("confidence_threshold", np.int64(1), int),
    ("iou_threshold", np.float16(0.5), float),
    ("keypoint_confidence_threshold", np.float32(0.5), float),
    ("max_detections", np.int32(7), int),
    ("max_detections", np.uint8(7), int),
    ("stroke_width", np.int64(2), int),
    ("default_max_input_size", np.int64(640), int),
    ("jpeg_quality", np.uint8(90), int),
    ("max_retries", np.int16(0), int),
    ("request_timeout", np.float64(2.5), float),
    ("confidence_threshold", Fraction(1, 2), float),
    ("visualize_labels", np.True_, bool),
    ("visualize_predictions", np.False_, bool),
    ("client_downsizing_disabled", np.False_, bool),
]


@pytest.mark.parametrize(("name", "value", "plain"), NUMPY_SCALARS)
def test_scalars_become_plain_python_values(name: str, value: Any, plain: type) -> None:
    kept = getattr(build(**{name: value}), name)
    assert type(kept) is plain
    assert kept == value


@pytest.mark.parametrize("value", [np.float32(1.5), np.float64("nan"), np.True_, np.int64(-1)])
def test_scalars_are_checked_like_plain_values(value: Any) -> None:
    with pytest.raises(InvalidParameterError, match="iou_threshold"):
        build(iou_threshold=value)


# -- the secret


@settings(max_examples=30, deadline=None)
@given(secret=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=24, max_size=40))
def test_the_secret_is_never_shown(secret: str) -> None:
    configuration = build(service_secret=secret)
    for shown in (repr(configuration), str(configuration), f"{configuration}", f"{configuration!r}"):
        assert secret not in shown
        assert "service_secret='***'" in shown
    assert configuration.service_secret == secret


@pytest.mark.parametrize("secret", [b"top-secret", ["top-secret"], Path("top-secret")])
def test_a_secret_of_the_wrong_type_is_not_shown_either(secret: Any) -> None:
    with pytest.raises(InvalidParameterError, match="service_secret") as caught:
        build(service_secret=secret)
    assert "top-secret" not in str(caught.value)


def test_no_secret_is_shown_as_none() -> None:
    assert "service_secret=None" in repr(InferenceConfiguration())
