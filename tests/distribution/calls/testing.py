"""Tests of users: scripted answers, faults, and what was asked."""

from collections.abc import Mapping
from typing import Any, assert_type

import numpy as np
import numpy.typing as npt

from inference_ext import InferenceConfiguration, InferenceHTTPClient, ObjectDetectionResult
from inference_ext.local import ClassScores, Detection, LocalBackend, TaskType
from inference_ext.testing import (
    AnswerFunction,
    DroppedConnection,
    ErrorStatus,
    Fault,
    InferenceScript,
    ModelAnswer,
    NotJSON,
    RecordedRequest,
    RequestFunction,
    ScriptedModel,
    ScriptedRoute,
    ScriptedWorkflow,
    SlowAnswer,
    TimedOut,
    embedded_client,
    embedded_server,
)

Pixels = npt.NDArray[np.uint8]


def ready(script: InferenceScript) -> None:
    with embedded_client() as client:
        assert_type(client, InferenceHTTPClient)
    with embedded_client(script=script, configuration=InferenceConfiguration(), strict=True) as client:
        assert_type(client, InferenceHTTPClient)
    with embedded_server(script=script, port=0, strict=True) as url:
        assert_type(url, str)


def a_test_with_fixtures(inference_client: InferenceHTTPClient, inference_script: InferenceScript) -> None:
    people = inference_script.model("people/3", "object-detection")
    people.answers_with([{"x": 20, "y": 30, "width": 10, "height": 20, "confidence": 0.9, "class": "person"}])
    assert_type(inference_client.detect_objects("a.jpg", model_id="people/3"), ObjectDetectionResult)
    assert_type(people.requests[0].parameters["confidence"], Any)


def scripts(script: InferenceScript) -> None:
    assert_type(InferenceScript(), InferenceScript)
    assert_type(InferenceScript(backend=LocalBackend()), InferenceScript)
    assert_type(
        script.model(
            model_id="people/3",
            task="keypoint-detection",
            class_names=["person"],
            keypoint_names=["nose"],
            input_size=(640, 480),
        ),
        ScriptedModel,
    )
    assert_type(script.workflow(), ScriptedWorkflow)
    assert_type(script.workflow(workspace_name="w", workflow_id="f"), ScriptedWorkflow)
    assert_type(script.route(method="POST", path="/doctr/ocr"), ScriptedRoute)
    script.inject(fault=TimedOut(), times=None, at=2)
    script.clear_faults()
    script.forget_requests()
    script.assert_all_used()
    assert_type(script.backend, LocalBackend)
    assert_type(script.requests, tuple[RecordedRequest, ...])


def answers(model: ScriptedModel, result: ObjectDetectionResult, function: AnswerFunction, answer: ModelAnswer) -> None:
    def boxes(image: Pixels) -> list[Detection]:
        return [Detection(0, 0, float(image.shape[1]), 9, "a")]

    assert_type(model.answers_with(answer=[]), ScriptedModel)
    assert_type(model.answers_with({"predictions": []}), ScriptedModel)
    assert_type(model.answers_with(result), ScriptedModel)
    assert_type(model.answers_with(boxes), ScriptedModel)
    assert_type(model.answers_with(ClassScores({"a": 1})), ScriptedModel)
    assert_type(model.answers_in_order(result, function, answer, [Detection(0, 0, 1, 1, "a")]), ScriptedModel)
    assert_type(model.inject(fault=ErrorStatus(503), times=2, at=None), ScriptedModel)
    assert_type(model.clear_faults().answers_with([]).inject(NotJSON()), ScriptedModel)
    assert_type(model.requests, tuple[RecordedRequest, ...])
    assert_type(model.model_id, str)
    assert_type(model.task, TaskType)


def other_answers(workflow: ScriptedWorkflow, route: ScriptedRoute, function: RequestFunction, picture: Pixels) -> None:
    def counted(request: RecordedRequest) -> dict[str, int]:
        return {"count": request.number_of_images}

    assert_type(workflow.answers_with(answer={"count": 3, "picture": picture}), ScriptedWorkflow)
    assert_type(workflow.answers_with([{"count": 3}]), ScriptedWorkflow)
    assert_type(workflow.answers_in_order(counted, {"count": 4}), ScriptedWorkflow)
    assert_type(workflow.inject(fault=DroppedConnection(), times=1, at=2), ScriptedWorkflow)
    assert_type(workflow.clear_faults(), ScriptedWorkflow)
    assert_type(workflow.requests, tuple[RecordedRequest, ...])
    assert_type(route.answers_with(answer={"result": "EXIT"}), ScriptedRoute)
    assert_type(route.answers_in_order(function, ["a"], None), ScriptedRoute)
    assert_type(route.inject(fault=SlowAnswer(0.1), times=None, at=None), ScriptedRoute)
    assert_type(route.clear_faults(), ScriptedRoute)
    assert_type(route.requests, tuple[RecordedRequest, ...])


def faults(error: ErrorStatus, page: NotJSON, slow: SlowAnswer) -> None:
    every: list[Fault] = [
        ErrorStatus(status=429, message="slow down", retry_after=30, body=None),
        TimedOut(),
        DroppedConnection(),
        NotJSON(content="<html></html>"),
        SlowAnswer(seconds=0.5),
    ]
    assert_type(every[0], Fault)
    assert_type(error.status, int)
    assert_type(error.message, str | None)
    assert_type(error.retry_after, float | None)
    assert_type(error.body, Mapping[str, Any] | None)
    assert_type(page.content, str)
    assert_type(slow.seconds, float)


def asked(request: RecordedRequest) -> None:
    assert_type(request.method, str)
    assert_type(request.path, str)
    assert_type(request.model_id, str | None)
    assert_type(request.parameters, Mapping[str, Any])
    assert_type(request.number_of_images, int)
    assert_type(request.images, tuple[Pixels, ...])
