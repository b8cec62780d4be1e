"""Handwritten signatures keep up: what an operation accepts, its methods can send, or the table says why not."""

from __future__ import annotations

import inspect
from typing import Any

import attrs
import numpy as np
import pytest

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from inference_ext.client.routes_of_calls import ROUTES_OF_CALLS

from .accepted import read_document, read_operations
from .arguments import ARGUMENTS, LEFT_AT_DEFAULT, SETTINGS
from .exposure import causes, causes_of_settings, exposed, exposed_by_all
from .left_out import findings, read_table

#: What calls send before their own requests: whether the server is new enough, and what a model is.
PRELIMINARIES = {"GET /info", "GET /model/registry", "POST /model/add"}

#: Arguments that change nothing in the requests of the calls here, and why.
STAY_IN_THE_CLIENT = {
    "allow_loading": "the model is loaded already",
    "progress": "it is about what the caller sees",
    "set_as_default": "it is about the calls that follow",
}


def test_every_parameter_can_be_sent_or_is_left_out_for_a_reason() -> None:
    found = findings(read_operations(read_document()), ROUTES_OF_CALLS, exposed_by_all(), read_table())
    assert not found, "\n" + "\n".join(found)


# -- the calls leave nothing out


def test_every_method_is_called() -> None:
    assert ARGUMENTS.keys() == ROUTES_OF_CALLS.keys()


@pytest.mark.parametrize("method", ROUTES_OF_CALLS)
def test_every_argument_is_given_a_value_that_is_not_its_default(method: str) -> None:
    parameters = dict(list(inspect.signature(getattr(InferenceHTTPClient, method)).parameters.items())[1:])
    given = {
        name
        for arguments in ARGUMENTS[method]
        for name, value in arguments.items()
        if not _is_same(value, parameters[name].default)
    }
    assert given == parameters.keys()


def _is_same(value: Any, default: Any) -> bool:
    return type(value) is type(default) and not isinstance(value, np.ndarray) and bool(value == default)


def test_every_setting_is_given_a_value_that_is_not_its_default() -> None:
    settings = {field.name for field in attrs.fields(InferenceConfiguration)}
    assert SETTINGS.keys() | LEFT_AT_DEFAULT.keys() == settings
    given, default = InferenceConfiguration(**SETTINGS), InferenceConfiguration()
    assert {name for name in settings if getattr(given, name) != getattr(default, name)} == SETTINGS.keys()


@pytest.mark.parametrize("method", ROUTES_OF_CALLS)
def test_every_route_is_taken_and_no_other(method: str) -> None:
    taken = exposed(method).keys()
    assert set(ROUTES_OF_CALLS[method]) <= taken
    assert taken - set(ROUTES_OF_CALLS[method]) <= PRELIMINARIES


# -- both shells, and what causes what


@pytest.mark.parametrize("method", ROUTES_OF_CALLS)
def test_the_method_for_asyncio_sends_the_same(method: str) -> None:
    assert exposed(method, in_asyncio=True) == exposed(method)


@pytest.mark.parametrize("method", ROUTES_OF_CALLS)
def test_every_argument_changes_what_is_sent(method: str) -> None:
    without_effect = {name for name, parameters in causes(method).items() if not parameters}
    assert without_effect == causes(method).keys() & STAY_IN_THE_CLIENT.keys()


def test_an_argument_is_told_by_its_names_on_the_wire() -> None:
    assert causes("detect_objects")["iou_threshold"] == {
        ("POST /infer/object_detection", "body.iou_threshold"),
        ("POST /{dataset_id}/{version_id}", "query.overlap"),
    }
    assert causes("ocr_image")["quantize"] == {("POST /easy_ocr/ocr", "body.quantize")}
    assert causes("run_workflow")["workflow_version_id"] == {
        ("POST /{workspace_name}/workflows/{workflow_id}", "body.workflow_version_id")
    }
    assert causes("sam3_visual_segment")["image_id"] == {("POST /sam3/visual_segment", "body.image_id")}
    assert causes("start_inference_pipeline_with_workflow")["max_fps"] == {
        ("POST /inference_pipelines/initialise", "body.video_configuration.max_fps")
    }


def test_a_setting_is_told_by_its_names_on_the_wire() -> None:
    found = causes_of_settings("infer_on_video")
    v0, v1 = "POST /{dataset_id}/{version_id}", "POST /infer/action_recognition"
    assert {name: {path for _, path in parameters} for name, parameters in found.items()} == {
        "class_filter": {"query.class_filter", "body.class_filter"},
        "confidence_threshold": {"query.confidence", "body.confidence"},
        "count_inference": {"query.countinference"},
        "service_secret": {"query.service_secret"},
        "source": {"query.source", "body.source"},
        "source_info": {"query.source_info", "body.source_info"},
    }
    assert found["source"] == {(v0, "query.source"), (v1, "body.source")}
