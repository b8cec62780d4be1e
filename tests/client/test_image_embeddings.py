from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from both_shells import Invoke, both_shells
from core_model_server import KEY_PLACES, assert_key_travelled, connected, plain, sent_values
from hypothesis import given, settings
from hypothesis import strategies as st
from recording_server import RecordingServer, Reply, Request, recording_server

from inference_ext import (
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidParameterError,
    InvalidResponseError,
)

INFO = {"space_id": "resnet101/feature_vector", "dimension": 1}


def answer(request: Request) -> Reply:
    vectors = [[float(value)] for value in sent_values(request)]
    return Reply({"time": 0.25, "embeddings": vectors, "embedding_info": INFO})


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = answer
    with connected(server) as made:
        made.configure(InferenceConfiguration(image_format="png"))
        yield made


@both_shells
def test_one_image(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    result = invoke(client, "get_image_embeddings", plain(7), "resnet101")
    assert result == {"time": 0.25, "embeddings": [[7.0]], "embedding_info": INFO}
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", "/infer/embeddings", {})
    body = request.json
    assert sent_values(request) == [7]
    del body["image"]
    assert body == {"api_key": "KEY-1", "model_id": "resnet101", "output_type": "feature_vector"}


@both_shells
def test_preprocessing_and_output_type_travel(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    client.configure(
        InferenceConfiguration(
            disable_preproc_auto_orientation=True,
            disable_preproc_contrast=True,
            disable_preproc_grayscale=False,
            disable_preproc_static_crop=True,
            confidence_threshold=0.3,
            source="app",
        )
    )
    invoke(client, "get_image_embeddings", plain(7), model_id="p/1", output_type="logits")
    body = server.requests[0].json
    del body["image"]
    assert body == {
        "api_key": "KEY-1",
        "source": "app",
        "model_id": "p/1",
        "output_type": "logits",
        "disable_preproc_auto_orient": True,
        "disable_preproc_contrast": True,
        "disable_preproc_grayscale": False,
        "disable_preproc_static_crop": True,
    }


@settings(max_examples=15, deadline=None)
@given(values=st.lists(st.integers(0, 255), max_size=7), size=st.integers(1, 4))
def test_every_image_gets_its_own_vector_and_the_info(values: list[int], size: int) -> None:
    with recording_server() as server, connected(server) as client:
        server.answer = answer
        client.configure(InferenceConfiguration(image_format="png", max_batch_size=size))
        results = client.get_image_embeddings([plain(value) for value in values], "p/1")
        assert results == [{"time": 0.25, "embeddings": [[float(value)]], "embedding_info": INFO} for value in values]
        assert len(server.requests) == -(-len(values) // size)


@both_shells
@pytest.mark.parametrize("place", KEY_PLACES, ids=lambda place: f"{place[0]}-{place[1]}")
def test_key_travels_where_it_belongs(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, place: Any
) -> None:
    (client.select_api_v0 if place[0] == "v0" else client.select_api_v1)()
    client.configure(InferenceConfiguration(image_format="png", api_key_transport=place[1]))
    invoke(client, "get_image_embeddings", plain(7), "p/1")
    assert_key_travelled(server.requests[0], place)


@both_shells
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"model_id": ""}, "^model_id"),
        ({"model_id": None}, "^model_id"),
        ({"output_type": "vector"}, "^output_type: expected one of 'feature_vector', 'logits', got 'vector'"),
    ],
)
def test_arguments_are_checked_before_anything_is_sent(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidParameterError, match=message):
        invoke(client, "get_image_embeddings", plain(7), **{"model_id": "p/1", **arguments})
    assert server.requests == []


@both_shells
def test_short_answer_is_refused(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    server.answer = lambda _: Reply({"embeddings": [[1.0]], "embedding_info": INFO})
    client.configure(InferenceConfiguration(max_batch_size=4))
    with pytest.raises(InvalidResponseError, match="1 embeddings for 3 inputs"):
        invoke(client, "get_image_embeddings", [plain(7)] * 3, "p/1")
