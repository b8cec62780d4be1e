from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request
from sent_images import decoded, plain

from inference_ext import (
    HTTPCallErrorError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidInputFormatError,
    InvalidParameterError,
    InvalidResponseError,
)


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = describing
    with InferenceHTTPClient(server.url, api_key="KEY-1") as made:
        yield made.configure(InferenceConfiguration(image_format="png"))


def describing(request: Request) -> Reply:
    """Says the blue value of the top left pixel of every image."""
    image = request.json["image"]
    texts = [f"{decoded(entry)[0, 0, 0]}" for entry in (image if isinstance(image, list) else [image])]
    results = [{"response": text, "time": 0.1} for text in texts]
    return Reply(results if isinstance(image, list) else results[0])


@both_shells
def test_request_has_the_documented_shape(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    result = invoke(client, "infer_lmm", plain(7), "florence-2-base", "<CAPTION>", max_new_tokens=np.int64(64))
    assert result == {"response": "7", "time": 0.1}
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", "/infer/lmm", {})
    assert request.headers["content-type"] == "application/json"
    body = request.json
    np.testing.assert_array_equal(decoded(body.pop("image")), plain(7))
    assert body == {
        "api_key": "KEY-1",
        "model_id": "florence-2-base",
        "prompt": "<CAPTION>",
        "max_new_tokens": 64,
    }


@both_shells
def test_settings_of_the_call_are_sent(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    client.configure(
        InferenceConfiguration(
            source="app", source_info="test", count_inference=False, service_secret="S", disable_preproc_grayscale=True
        )
    )
    invoke(client, "infer_lmm", plain(7), "m", prompt="", enable_thinking=True)
    (request,) = server.requests
    assert request.query == {"service_secret": "S", "countinference": "False"}
    sent = {name: request.json[name] for name in ("source", "source_info", "prompt", "enable_thinking")}
    assert sent == {"source": "app", "source_info": "test", "prompt": "", "enable_thinking": True}
    assert request.json["disable_preproc_grayscale"] is True
    assert "max_new_tokens" not in request.json


@both_shells
@pytest.mark.parametrize(
    ("model_id", "path"),
    [
        ("florence-2-base", "/infer/lmm/florence-2-base"),
        ("moondream2/moondream2_2b_jul24", "/infer/lmm/moondream2/moondream2_2b_jul24"),
        ("a model/1?x#y%", "/infer/lmm/a%20model/1%3Fx%23y%25"),
    ],
)
def test_model_id_in_the_path(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, model_id: str, path: str
) -> None:
    invoke(client, "infer_lmm", plain(7), model_id, model_id_in_path=True)
    (request,) = server.requests
    assert request.path == path
    assert request.json["model_id"] == model_id


@both_shells
def test_list_travels_in_batches_and_comes_back_flat(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    client.configure(InferenceConfiguration(image_format="png", max_batch_size=2, max_concurrent_requests=2))
    results = invoke(client, "infer_lmm", [plain(value) for value in range(5)], "m", "what?")
    assert [result["response"] for result in results] == ["0", "1", "2", "3", "4"]
    sizes = [len(r.json["image"]) if isinstance(r.json["image"], list) else 1 for r in server.requests]
    assert sorted(sizes) == [1, 2, 2]
    assert {request.json["prompt"] for request in server.requests} == {"what?"}
    assert invoke(client, "infer_lmm", (plain(9),), "m") == [{"response": "9", "time": 0.1}]
    assert invoke(client, "infer_lmm", [], "m") == []


@both_shells
@pytest.mark.parametrize(
    ("transport", "mode", "place"),
    [("legacy", "v1", "body"), ("legacy", "v0", "query"), ("header", "v1", "header"), ("header", "v0", "header")],
)
def test_key_travels_where_it_was_told_to(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, transport: Any, mode: str, place: str
) -> None:
    (client.select_api_v0 if mode == "v0" else client.select_api_v1)()
    client.configure(InferenceConfiguration(api_key_transport=transport))
    invoke(client, "infer_lmm", plain(7), "m")
    (request,) = server.requests
    found = {
        "body": request.json.get("api_key") == "KEY-1",
        "query": request.query.get("api_key") == "KEY-1",
        "header": request.headers.get("authorization") == "Bearer KEY-1",
    }
    assert [name for name, there in found.items() if there] == [place]


@both_shells
@pytest.mark.parametrize("body", [[], [{"response": "1"}], [{"response": "1"}] * 3, {"response": "1"}, ["1", "2"]])
def test_batch_answer_that_does_not_fit_is_an_error(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, body: Any
) -> None:
    server.answer = lambda _: Reply(body)
    client.configure(InferenceConfiguration(max_batch_size=2))
    with pytest.raises(InvalidResponseError):
        invoke(client, "infer_lmm", [plain(1), plain(2)], "m")


@both_shells
def test_one_bad_image_of_a_list_is_told(invoke: Invoke, client: InferenceHTTPClient) -> None:
    with pytest.raises(InvalidInputFormatError) as caught:
        invoke(client, "infer_lmm", [plain(1), b"no image", plain(2)], "m")
    assert caught.value.input_index == 1
    assert caught.value.finished_results[0]["response"] == "1"
    assert set(caught.value.finished_results) <= {0, 2}
    client.configure(InferenceConfiguration(on_error="return"))
    first, bad, last = invoke(client, "infer_lmm", [plain(1), b"no image", plain(2)], "m")
    assert (first["response"], last["response"]) == ("1", "2")
    assert isinstance(bad, InvalidInputFormatError)


@both_shells
def test_error_status_is_raised(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    server.answer = lambda _: Reply({"detail": "Model ID mismatch"}, status=400)
    with pytest.raises(HTTPCallErrorError, match="Model ID mismatch"):
        invoke(client, "infer_lmm", plain(1), "m")


@both_shells
@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"model_id": None}, "model_id"),
        ({"model_id": "a//b", "model_id_in_path": True}, "model_id"),
        ({"prompt": 5}, "prompt"),
        ({"model_id_in_path": 1}, "model_id_in_path"),
        ({"max_new_tokens": 0}, "max_new_tokens"),
        ({"max_new_tokens": 1.5}, "max_new_tokens"),
        ({"max_new_tokens": True}, "max_new_tokens"),
        ({"enable_thinking": "yes"}, "enable_thinking"),
    ],
)
def test_arguments_are_checked_before_anything_is_sent(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, arguments: dict[str, Any], name: str
) -> None:
    with pytest.raises(InvalidParameterError, match=name):
        invoke(client, "infer_lmm", plain(1), **{"model_id": "m", **arguments})
    assert server.requests == []
