from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply

from inference_ext import (
    HTTPCallErrorError,
    HTTPServerConnectionError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidParameterError,
    InvalidResponseError,
)

SPECIFICATION: dict[str, Any] = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}
START = "start_inference_pipeline_with_workflow"
ANSWER: dict[str, Any] = {"status": "success", "context": {"request_id": "r", "pipeline_id": "p-1"}, "new": [1]}
#: Calls about one pipeline: method, HTTP method, last part of the path.
ABOUT_ONE = [
    ("get_inference_pipeline_status", "GET", "status"),
    ("pause_inference_pipeline", "POST", "pause"),
    ("resume_inference_pipeline", "POST", "resume"),
    ("terminate_inference_pipeline", "POST", "terminate"),
    ("consume_inference_pipeline_result", "GET", "consume"),
]
CALLS: dict[str, dict[str, Any]] = {
    START: {"video_reference": "rtsp://camera", "workflow_specification": SPECIFICATION},
    "list_inference_pipelines": {},
    **{method: {"pipeline_id": "p-1"} for method, _, _ in ABOUT_ONE},
}
every_call = pytest.mark.parametrize(("method", "arguments"), CALLS.items(), ids=CALLS.keys())


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = lambda _: Reply(ANSWER)
    with InferenceHTTPClient(server.url, api_key="KEY-1") as made:
        yield made


@both_shells
def test_start_with_a_definition_and_defaults(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    assert invoke(client, START, "rtsp://camera", SPECIFICATION) == ANSWER
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", "/inference_pipelines/initialise", {})
    assert request.json == {
        "api_key": "KEY-1",
        "video_configuration": {
            "type": "VideoConfiguration",
            "video_reference": "rtsp://camera",
            "max_fps": None,
            "source_buffer_filling_strategy": "DROP_OLDEST",
            "source_buffer_consumption_strategy": "EAGER",
            "video_source_properties": None,
            "batch_collection_timeout": None,
        },
        "processing_configuration": {
            "type": "WorkflowConfiguration",
            "workflow_specification": SPECIFICATION,
            "workspace_name": None,
            "workflow_id": None,
            "image_input_name": "image",
            "workflows_parameters": None,
            "workflows_thread_pool_workers": 4,
            "cancel_thread_pool_tasks_on_exit": True,
            "video_metadata_input_name": "video_metadata",
        },
        "sink_configuration": {"type": "MemorySinkConfiguration", "results_buffer_size": 64},
    }


@both_shells
def test_start_with_a_saved_workflow_and_every_setting(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    invoke(
        client,
        START,
        video_reference=["a.mp4", 0],
        workspace_name="team",
        workflow_id="cats",
        image_input_name="frame",
        workflows_parameters={"confidence": 0.5},
        workflows_thread_pool_workers=2,
        cancel_thread_pool_tasks_on_exit=False,
        video_metadata_input_name="meta",
        max_fps=2.5,
        source_buffer_filling_strategy=None,
        source_buffer_consumption_strategy="LAZY",
        video_source_properties={"frame_width": 640},
        batch_collection_timeout=0.5,
        results_buffer_size=3,
        workflow_version_id="7",
        disable_sinks=True,
        consumption_timeout=30.5,
        execution_engine_thread_pool_workers=6,
        decoding_buffer_size=16,
        predictions_queue_size=32,
    )
    assert server.requests[0].json == {
        "api_key": "KEY-1",
        "video_configuration": {
            "type": "VideoConfiguration",
            "video_reference": ["a.mp4", 0],
            "max_fps": 2.5,
            "source_buffer_filling_strategy": None,
            "source_buffer_consumption_strategy": "LAZY",
            "video_source_properties": {"frame_width": 640},
            "batch_collection_timeout": 0.5,
        },
        "processing_configuration": {
            "type": "WorkflowConfiguration",
            "workflow_specification": None,
            "workspace_name": "team",
            "workflow_id": "cats",
            "image_input_name": "frame",
            "workflows_parameters": {"confidence": 0.5},
            "workflows_thread_pool_workers": 2,
            "cancel_thread_pool_tasks_on_exit": False,
            "video_metadata_input_name": "meta",
            "workflow_version_id": "7",
            "disable_sinks": True,
            "execution_engine_thread_pool_workers": 6,
        },
        "sink_configuration": {"type": "MemorySinkConfiguration", "results_buffer_size": 3},
        "consumption_timeout": 30.5,
        "decoding_buffer_size": 16,
        "predictions_queue_size": 32,
    }


@both_shells
def test_list(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    assert invoke(client, "list_inference_pipelines") == ANSWER
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("GET", "/inference_pipelines/list", {})
    assert request.headers["content-type"] == "application/json"
    assert request.json == {"api_key": "KEY-1"}


@both_shells
@pytest.mark.parametrize(("method", "verb", "action"), ABOUT_ONE)
def test_call_about_one_pipeline(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str, verb: str, action: str
) -> None:
    assert invoke(client, method, "p-1") == ANSWER
    (request,) = server.requests
    assert (request.method, request.path, request.query) == (verb, f"/inference_pipelines/p-1/{action}", {})
    fields: dict[str, Any] = {"excluded_fields": []} if action == "consume" else {}
    assert request.json == {"api_key": "KEY-1", **fields}


@both_shells
def test_consuming_may_leave_outputs_out(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    invoke(client, "consume_inference_pipeline_result", "p-1", excluded_fields=["picture"])
    assert server.requests[0].json == {"api_key": "KEY-1", "excluded_fields": ["picture"]}


@both_shells
@pytest.mark.parametrize("pipeline_id", ["", "  ", None, 3, "a/b", ".."])
@pytest.mark.parametrize("method", [method for method, _, _ in ABOUT_ONE])
def test_pipeline_id_is_checked_before_sending(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str, pipeline_id: Any
) -> None:
    with pytest.raises(InvalidParameterError, match="pipeline_id"):
        invoke(client, method, pipeline_id)
    assert server.requests == []


@both_shells
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"workflow_specification": None}, "which workflow"),
        ({"workspace_name": "w", "workflow_id": "f"}, "two workflows"),
        ({"workflow_specification": "{}"}, "workflow_specification: expected"),
        ({"video_reference": ""}, "video_reference"),
        ({"video_reference": []}, "video_reference"),
        ({"video_reference": ["a", None]}, "video_reference"),
        ({"video_reference": True}, "video_reference"),
        ({"video_reference": b"a"}, "video_reference"),
        ({"source_buffer_filling_strategy": "KEEP"}, "source_buffer_filling_strategy"),
        ({"source_buffer_consumption_strategy": "eager"}, "source_buffer_consumption_strategy"),
        ({"results_buffer_size": 0}, "results_buffer_size"),
        ({"workflows_thread_pool_workers": 1.5}, "workflows_thread_pool_workers"),
        ({"max_fps": 0}, "max_fps"),
        ({"batch_collection_timeout": "1"}, "batch_collection_timeout"),
        ({"max_fps": float("nan")}, "max_fps"),
        ({"workflow_version_id": "7"}, "workflow_version_id is about saved workflows"),
        ({"disable_sinks": "no"}, "disable_sinks"),
        ({"consumption_timeout": 0}, "consumption_timeout"),
        ({"execution_engine_thread_pool_workers": 0}, "execution_engine_thread_pool_workers"),
        ({"decoding_buffer_size": 2.5}, "decoding_buffer_size"),
        ({"predictions_queue_size": True}, "predictions_queue_size"),
    ],
)
def test_wrong_arguments_of_a_start_are_refused_before_sending(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, arguments: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidParameterError, match=words):
        invoke(client, START, **{**CALLS[START], **arguments})
    assert server.requests == []


def test_password_in_an_address_is_not_shown(client: InferenceHTTPClient) -> None:
    wrong: Any = ["rtsp://me:PASSWORD@camera", None]
    with pytest.raises(InvalidParameterError) as caught:
        client.start_inference_pipeline_with_workflow(wrong, SPECIFICATION)
    assert "PASSWORD" not in str(caught.value)


@every_call
@both_shells
def test_header_transport_keeps_the_key_out_of_the_body(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str, arguments: dict[str, Any]
) -> None:
    client.configure(InferenceConfiguration(api_key_transport="header"))
    invoke(client, method, **arguments)
    (request,) = server.requests
    assert request.headers["authorization"] == "Bearer KEY-1"
    assert b"KEY-1" not in request.body
    assert isinstance(request.json, dict)


REPEATED = {"list_inference_pipelines", "get_inference_pipeline_status"}


@every_call
@both_shells
def test_only_questions_are_repeated(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str, arguments: dict[str, Any]
) -> None:
    client.configure(InferenceConfiguration(max_retries=1))
    server.answer = lambda _: Reply({"message": "busy"}, status=503, headers={"Retry-After": "0"})
    with pytest.raises(HTTPCallErrorError, match="busy"):
        invoke(client, method, **arguments)
    assert len(server.requests) == (2 if method in REPEATED else 1)


@both_shells
def test_start_whose_answer_is_lost_is_not_repeated(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    def cut_off(_: object) -> Reply:
        raise ConnectionResetError

    server.answer = cut_off
    with pytest.raises(HTTPServerConnectionError):
        invoke(client, START, **CALLS[START])
    assert len(server.requests) == 1


@every_call
@pytest.mark.parametrize("body", [[], "text", None, b"<html>", b""])
@both_shells
def test_answer_of_another_shape_is_our_error(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    arguments: dict[str, Any],
    body: Any,
) -> None:
    server.answer = lambda _: Reply(body)
    with pytest.raises(InvalidResponseError, match="/inference_pipelines/"):
        invoke(client, method, **arguments)
