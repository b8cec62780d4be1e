"""A run is repeated after a failure only when running twice does no harm."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request

from inference_ext import (
    HTTPCallErrorError,
    HTTPServerConnectionError,
    InferenceConfiguration,
    InferenceHTTPClient,
)

HARMLESS: dict[str, Any] = {
    "version": "1.0",
    "inputs": [],
    "steps": [{"type": "roboflow_core/roboflow_object_detection_model@v2"}, {"type": "ContinueIf"}],
    "outputs": [],
}
WITH_SINK: dict[str, Any] = {**HARMLESS, "steps": [*HARMLESS["steps"], {"type": "roboflow_core/webhook_sink@v1"}]}
INNER = {"type": "roboflow_core/inner_workflow@v1"}
SAVED = {"workspace_name": "w", "workflow_id": "f"}


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = lambda _: Reply({"outputs": [{}], "profiler_trace": []})
    with InferenceHTTPClient(server.url, api_key="KEY-1") as made:
        yield made


@both_shells
@pytest.mark.parametrize(
    ("arguments", "enabled", "runs"),
    [
        ({"specification": HARMLESS}, True, 2),
        ({"specification": HARMLESS}, False, 1),
        ({"specification": HARMLESS, "disable_sinks": True}, False, 1),
        ({"specification": WITH_SINK}, True, 1),
        ({"specification": WITH_SINK, "disable_sinks": True}, True, 2),
        ({"specification": {**HARMLESS, "steps": [INNER]}}, True, 1),
        ({"specification": {**HARMLESS, "steps": [{"type": "my_plugin/thing@v1"}]}}, True, 1),
        ({"specification": {**HARMLESS, "dynamic_blocks_definitions": [{}]}}, True, 1),
        ({"specification": {}}, True, 1),
        (SAVED, True, 1),
        ({**SAVED, "disable_sinks": True}, True, 2),
    ],
)
def test_run_is_repeated_only_when_that_is_safe(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    arguments: dict[str, Any],
    enabled: bool,
    runs: int,
) -> None:
    client.configure(InferenceConfiguration(workflow_run_retries_enabled=enabled, max_retries=1))
    server.answer = lambda _: Reply({"message": "busy"}, status=503, headers={"Retry-After": "0"})
    with pytest.raises(HTTPCallErrorError, match="busy"):
        invoke(client, "run_workflow", **arguments)
    assert len(server.requests) == runs


@both_shells
def test_lost_connection_does_not_run_sinks_twice(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    def cut_short(_: Request) -> Reply:
        raise ConnectionResetError

    server.answer = cut_short
    with pytest.raises(HTTPServerConnectionError):
        invoke(client, "run_workflow", specification=WITH_SINK)
    assert len(server.requests) == 1
