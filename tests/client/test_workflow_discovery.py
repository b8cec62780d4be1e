from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply

from inference_ext import (
    HTTPCallErrorError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidParameterError,
    InvalidResponseError,
)

SPECIFICATION: dict[str, Any] = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}
INTERFACE: dict[str, Any] = {
    "inputs": {"image": ["image"]},
    "outputs": {"found": ["object_detection_prediction"], "all": {"a": ["string"]}},
    "typing_hints": {"image": "dict"},
    "kinds_schemas": {"image": {"type": "object"}},
}
BLOCKS: dict[str, Any] = {
    "blocks": [
        {
            "block_schema": {"block_type": "model"},
            "outputs_manifest": [{"name": "predictions", "kind": [{"name": "string"}]}],
            "block_source": "workflows_core",
            "fully_qualified_block_class_name": "a.B",
            "human_friendly_block_name": "B",
            "manifest_type_identifier": "roboflow_core/b@v1",
            "input_dimensionality_offsets": {},
            "dimensionality_reference_property": None,
            "output_dimensionality_offset": 0,
        }
    ],
    "declared_kinds": [],
    "kinds_connections": {},
    "primitives_connections": [],
    "universal_query_language_description": {"operations_description": [], "operators_descriptions": []},
    "dynamic_block_definition_schema": {},
}
ANSWERS: dict[str, Any] = {
    "/workflows/validate": {"status": "ok"},
    "/workflows/describe_interface": INTERFACE,
    "/team/workflows/cats/describe_interface": INTERFACE,
    "/workflows/blocks/describe": BLOCKS,
    "/workflows/execution_engine/versions": {"versions": ["1.17.0"]},
}
CALLS: dict[str, dict[str, Any]] = {
    "validate_workflow": {"specification": SPECIFICATION},
    "describe_workflow_interface": {"specification": SPECIFICATION},
    "describe_workflow_blocks": {},
    "get_workflow_execution_engine_versions": {},
}
every_call = pytest.mark.parametrize(("method", "arguments"), CALLS.items(), ids=CALLS.keys())


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = lambda request: Reply(ANSWERS[request.path])
    with InferenceHTTPClient(server.url, api_key="KEY-1") as made:
        yield made


@both_shells
def test_valid_definition(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    assert invoke(client, "validate_workflow", SPECIFICATION).status == "ok"
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/workflows/validate")
    assert request.json == SPECIFICATION
    assert request.query == {"api_key": "KEY-1"}


@both_shells
def test_invalid_definition_is_an_error_with_the_servers_words(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    body = {"message": "Could not parse", "error_type": "WorkflowSyntaxError", "inner_error_message": "steps.0 missing"}
    server.answer = lambda _: Reply(body, status=400)
    with pytest.raises(HTTPCallErrorError, match=r"steps\.0 missing") as caught:
        invoke(client, "validate_workflow", SPECIFICATION)
    assert caught.value.status_code == 400


@both_shells
def test_interface_of_a_definition(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    interface = invoke(client, "describe_workflow_interface", specification=SPECIFICATION)
    assert interface.inputs == INTERFACE["inputs"]
    assert interface.outputs == INTERFACE["outputs"]
    assert interface.typing_hints == {"image": "dict"}
    assert interface.kinds_schemas == {"image": {"type": "object"}}
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/workflows/describe_interface")
    assert request.json == {"api_key": "KEY-1", "specification": SPECIFICATION}


@both_shells
def test_interface_of_a_saved_workflow(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    invoke(client, "describe_workflow_interface", "team", "cats", use_cache=False, workflow_version_id="3")
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/team/workflows/cats/describe_interface")
    assert request.json == {"api_key": "KEY-1", "use_cache": False, "workflow_version_id": "3"}


@both_shells
def test_blocks(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    described = invoke(client, "describe_workflow_blocks", "1.4.0", [{"type": "DynamicBlockDefinition"}])
    (block,) = described.blocks
    assert block.manifest_type_identifier == "roboflow_core/b@v1"
    assert block.outputs_manifest[0].name == "predictions"
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/workflows/blocks/describe")
    assert request.json == {
        "api_key": "KEY-1",
        "execution_engine_version": "1.4.0",
        "dynamic_blocks_definitions": [{"type": "DynamicBlockDefinition"}],
    }


@both_shells
def test_engine_versions(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    assert invoke(client, "get_workflow_execution_engine_versions") == ["1.17.0"]
    (request,) = server.requests
    assert (request.method, request.path) == ("GET", "/workflows/execution_engine/versions")


@every_call
@both_shells
def test_header_transport_keeps_the_key_out_of_query_and_body(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str, arguments: dict[str, Any]
) -> None:
    client.configure(InferenceConfiguration(api_key_transport="header"))
    invoke(client, method, **arguments)
    (request,) = server.requests
    assert request.headers["authorization"] == "Bearer KEY-1"
    assert request.query == {}
    assert b"KEY-1" not in request.body


@every_call
@pytest.mark.parametrize("body", [[], {}, {"versions": "1"}, {"versions": [1]}, "text", b"<html>"])
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
    with pytest.raises(InvalidResponseError):
        invoke(client, method, **arguments)


@both_shells
@pytest.mark.parametrize(
    ("method", "arguments", "words"),
    [
        ("validate_workflow", {"specification": "{}"}, "specification"),
        ("validate_workflow", {"specification": None}, "specification"),
        ("describe_workflow_interface", {}, "which workflow"),
        ("describe_workflow_interface", {"workspace_name": "w", "specification": {}}, "two workflows"),
        ("describe_workflow_interface", {"workspace_name": "a/b", "workflow_id": "c"}, "workspace_name"),
        ("describe_workflow_blocks", {"dynamic_blocks_definitions": {"type": "x"}}, "dynamic_blocks_definitions"),
        ("describe_workflow_blocks", {"dynamic_blocks_definitions": ["x"]}, "dynamic_blocks_definitions"),
    ],
)
def test_wrong_arguments_are_refused_before_sending(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    arguments: dict[str, Any],
    words: str,
) -> None:
    with pytest.raises(InvalidParameterError, match=words):
        invoke(client, method, **arguments)
    assert server.requests == []
