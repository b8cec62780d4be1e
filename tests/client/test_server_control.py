from __future__ import annotations

from typing import Any

import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request

from inference_ext import (
    HTTPCallErrorError,
    InferenceHTTPClient,
    InvalidParameterError,
    InvalidResponseError,
    ModelNotInitializedError,
    WrongClientModeError,
)


@pytest.fixture(autouse=True)
def questions_for_the_version_count(server: RecordingServer) -> None:
    server.records_info = True


@pytest.fixture(autouse=True)
def registry(server: RecordingServer) -> dict[str, Any]:
    """A server that loads every model but those of project `bad`."""
    loaded: dict[str, Any] = {}

    def answer(request: Request) -> Reply:
        if request.path == "/info":
            return Reply({"name": "n", "version": "1.8.3", "uuid": "u", "extra": 1})
        if request.path == "/model/add":
            model_id = request.json["model_id"]
            if model_id.startswith("bad"):
                return Reply({"message": "no such model"}, status=404)
            loaded[model_id] = {"model_id": model_id, "task_type": "classification", "input_width": 0}
        elif request.path == "/model/remove":
            loaded.pop(request.json["model_id"], None)
        elif request.path == "/model/clear":
            loaded.clear()
        return Reply({"models": list(loaded.values())})

    server.answer = answer
    return loaded


@both_shells
def test_server_info_sends_no_key(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    info = invoke(client, "get_server_info")
    assert (info.name, info.version, info.uuid) == ("n", "1.8.3", "u")
    assert info.to_dict() == {"name": "n", "version": "1.8.3", "uuid": "u"}
    with client.use_api_v0():
        assert invoke(client, "get_server_info") == info
    for request in server.requests:
        assert request.query == {}
        assert "authorization" not in request.headers


@both_shells
def test_models_are_loaded_listed_and_unloaded(invoke: Invoke, client: InferenceHTTPClient) -> None:
    assert invoke(client, "list_loaded_models").models == []
    assert [model.model_id for model in invoke(client, "load_model", "a/1").models] == ["a/1"]
    assert client.selected_model is None
    invoke(client, "load_model", "b/1", set_as_default=True)
    assert client.selected_model == "b/1"
    invoke(client, "unload_model", "a/1")
    assert client.selected_model == "b/1"
    invoke(client, "unload_model", "b/1")
    assert client.selected_model is None
    invoke(client, "load_model", "c/1", set_as_default=True)
    assert invoke(client, "unload_all_models").models == []
    assert client.selected_model is None


@both_shells
def test_failed_load_changes_nothing(invoke: Invoke, client: InferenceHTTPClient) -> None:
    client.select_model("a/1")
    with pytest.raises(HTTPCallErrorError, match="no such model"):
        invoke(client, "load_model", "bad/1", set_as_default=True)
    assert client.selected_model == "a/1"


@both_shells
def test_description_loads_only_when_allowed(invoke: Invoke, client: InferenceHTTPClient) -> None:
    with pytest.raises(ModelNotInitializedError, match="allow_loading=True"):
        invoke(client, "get_model_description", "a/1", allow_loading=False)
    model = invoke(client, "get_model_description", "a/1")
    assert (model.model_id, model.task_type, model.input_width) == ("a/1", "classification", None)
    assert invoke(client, "get_model_description", "a/1", allow_loading=False) == model
    described = {"model_id": "a/1", "task_type": "classification"}
    unknown = {"batch_size": None, "input_height": None, "input_width": None}
    assert model.to_dict() == described | unknown
    assert invoke(client, "list_loaded_models").to_dict() == {"models": [described | unknown]}


@both_shells
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("list_loaded_models", ()),
        ("get_model_description", ("a/1",)),
        ("load_model", ("a/1",)),
        ("unload_model", ("a/1",)),
        ("unload_all_models", ()),
    ],
)
def test_registry_is_refused_in_v0_before_sending(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str, arguments: tuple[str, ...]
) -> None:
    with client.use_api_v0(), pytest.raises(WrongClientModeError, match="use_api_v1"):
        invoke(client, method, *arguments)
    assert server.requests == []


@both_shells
@pytest.mark.parametrize("model_id", ["", "  ", 3, None])
def test_model_id_must_be_text(invoke: Invoke, client: InferenceHTTPClient, model_id: Any) -> None:
    with pytest.raises(InvalidParameterError, match="model_id"):
        invoke(client, "load_model", model_id)


@both_shells
@pytest.mark.parametrize("body", [[], {"models": {}}, {"models": [{"task_type": "x"}]}, {}])
def test_unreadable_registry_is_our_error(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, body: Any
) -> None:
    server.answer = lambda _: Reply(body)
    with pytest.raises(InvalidResponseError, match="GET /model/registry"):
        invoke(client, "list_loaded_models")


@both_shells
def test_short_name_is_resolved_before_the_registry_is_searched(
    invoke: Invoke, client: InferenceHTTPClient, registry: dict[str, Any]
) -> None:
    assert invoke(client, "get_model_description", "yolov8n-640").model_id == "coco/3"
    invoke(client, "load_model", "yolov8n-640", set_as_default=True)
    assert list(registry) == ["coco/3"]
    invoke(client, "unload_model", "coco/3")
    assert client.selected_model is None
    invoke(client, "load_model", "yolov8n-640", set_as_default=True)
    invoke(client, "unload_model", "yolov8n-640")
    assert client.selected_model is None
    assert registry == {}
