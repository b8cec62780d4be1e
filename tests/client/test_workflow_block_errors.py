"""What the server says is wrong with the steps of a workflow arrives with the error, step by step."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply

from inference_ext import BlockTraceback, HTTPCallErrorError, InferenceHTTPClient, WorkflowBlockError

SPECIFICATION: dict[str, Any] = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}
BODY: dict[str, Any] = {
    "message": "Could not parse workflow definition",
    "error_type": "WorkflowSyntaxError",
    "context": "workflow_compilation | workflow_definition_parsing",
    "inner_error_message": "2 validation errors",
    "blocks_errors": [
        {
            "block_id": "crop",
            "block_type": "roboflow_core/crop@v1",
            "property_name": "width",
            "property_details": "Input should be greater than 0",
        },
        {
            "block_id": "script",
            "block_details": "a block of one's own",
            "block_traceback": {
                "traceback": "Traceback (most recent call last): ...",
                "error_line": 3,
                "code_snippet": "1 / 0",
                "stdout": "",
                "stderr": None,
            },
        },
    ],
}
EXPECTED = (
    WorkflowBlockError(
        block_id="crop",
        block_type="roboflow_core/crop@v1",
        property_name="width",
        property_details="Input should be greater than 0",
    ),
    WorkflowBlockError(
        block_id="script",
        block_details="a block of one's own",
        block_traceback=BlockTraceback("Traceback (most recent call last): ...", 3, "1 / 0", ""),
    ),
)


def failed(invoke: Invoke, client: InferenceHTTPClient, method: str, **arguments: Any) -> HTTPCallErrorError:
    with pytest.raises(HTTPCallErrorError) as caught:
        invoke(client, method, specification=SPECIFICATION, **arguments)
    return caught.value


@both_shells
@pytest.mark.parametrize("method", ["validate_workflow", "describe_workflow_interface", "run_workflow"])
def test_every_step_is_told_apart(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str
) -> None:
    server.answer = lambda _: Reply(BODY, status=400)
    error = failed(invoke, client, method)
    assert error.status_code == 400
    assert tuple(error.blocks_errors) == EXPECTED
    assert "Could not parse workflow definition (2 validation errors)" in str(error)


@both_shells
@pytest.mark.parametrize("entries", [None, [], {}, "crop", 7, ["crop", None, 7, [{"block_id": "crop"}]]])
def test_what_says_nothing_of_steps_gives_none(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, entries: Any
) -> None:
    server.answer = lambda _: Reply({"message": "no", "blocks_errors": entries}, status=400)
    assert tuple(failed(invoke, client, "validate_workflow").blocks_errors) == ()
    server.answer = lambda _: Reply([BODY], status=400)
    assert tuple(failed(invoke, client, "validate_workflow").blocks_errors) == ()


@both_shells
def test_values_of_another_type_are_left_out(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    entry = {"block_id": 7, "block_type": ["x"], "property_name": "width", "block_traceback": "text", "more": 1}
    server.answer = lambda _: Reply({"message": "no", "blocks_errors": [entry]}, status=400)
    assert tuple(failed(invoke, client, "validate_workflow").blocks_errors) == (
        WorkflowBlockError(property_name="width"),
    )


@both_shells
def test_the_key_is_not_repeated(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    trace = {"traceback": "url?api_key=KEY-1", "stdout": "KEY-1"}
    entry = {"block_id": "sink", "property_details": "got 'KEY-1'", "block_traceback": trace}
    server.answer = lambda _: Reply({"message": "no", "blocks_errors": [entry]}, status=400)
    error = failed(invoke, client, "validate_workflow")
    assert "KEY-1" not in repr(error.blocks_errors)
    assert error.blocks_errors[0].property_details == "got '***'"


def test_they_are_copied_and_pickled_with_the_error(client: InferenceHTTPClient, server: RecordingServer) -> None:
    server.answer = lambda _: Reply(BODY, status=400)
    with pytest.raises(HTTPCallErrorError) as caught:
        client.validate_workflow(SPECIFICATION)
    for again in (copy.copy(caught.value), pickle.loads(pickle.dumps(caught.value))):
        assert tuple(again.blocks_errors) == EXPECTED


def test_other_errors_have_none(client: InferenceHTTPClient, server: RecordingServer) -> None:
    server.answer = lambda _: Reply(b"no", status=500)
    with pytest.raises(HTTPCallErrorError) as caught:
        client.list_loaded_models()
    assert tuple(caught.value.blocks_errors) == ()
