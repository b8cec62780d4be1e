from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from both_shells import Invoke, both_shells
from core_model_server import (
    KEY_PLACES,
    assert_key_travelled,
    comparer,
    connected,
    embedder,
    grey_value,
    plain,
    sent_values,
)
from recording_server import RecordingServer, Reply

from inference_ext import (
    HTTPCallErrorError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidParameterError,
    InvalidResponseError,
)


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = embedder
    with connected(server) as made:
        made.configure(InferenceConfiguration(image_format="png", max_batch_size=2))
        yield made


@both_shells
def test_image_request(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    result = invoke(
        client, "get_perception_encoder_image_embeddings", plain(7), perception_encoder_version="PE-Core-B16-224"
    )
    assert result["embeddings"] == [[7.0]]
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", "/perception_encoder/embed_image", {})
    assert request.json.keys() == {"api_key", "perception_encoder_version_id", "image"}
    assert request.json["perception_encoder_version_id"] == "PE-Core-B16-224"


@both_shells
def test_batches_are_split_into_one_result_per_image(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    results = invoke(client, "get_perception_encoder_image_embeddings", [plain(value) for value in (3, 1, 2)])
    assert [result["embeddings"] for result in results] == [[[3.0]], [[1.0]], [[2.0]]]
    assert sorted(sent_values(request) for request in server.requests) == [[2], [3, 1]]
    assert [result["time"] for result in results] == [0.25] * 3


@both_shells
@pytest.mark.parametrize(("text", "vectors"), [("fox", [[3.0]]), (["a", "bcd"], [[1.0], [3.0]]), (["ab"], [[2.0]])])
def test_text_request(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, text: Any, vectors: Any
) -> None:
    result = invoke(client, "get_perception_encoder_text_embeddings", text)
    assert result["embeddings"] == vectors
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/perception_encoder/embed_text")
    assert request.json == {"api_key": "KEY-1", "text": text}


@both_shells
@pytest.mark.parametrize("subject_type", ["image", "text"])
@pytest.mark.parametrize("prompt_type", ["image", "text"])
def test_comparison(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, subject_type: str, prompt_type: str
) -> None:
    server.answer = comparer
    subject: Any = plain(200) if subject_type == "image" else "subject"
    prompt: Any = [plain(10), plain(20)] if prompt_type == "image" else ["a", "bcd"]
    result = invoke(
        client,
        "perception_encoder_compare",
        subject,
        prompt,
        subject_type=subject_type,
        prompt_type=prompt_type,
        perception_encoder_version="PE-Core-L14-336",
    )
    assert result["similarity"] == ([0.1, 0.2] if prompt_type == "image" else [0.01, 0.03])
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/perception_encoder/compare")
    assert request.json["perception_encoder_version_id"] == "PE-Core-L14-336"
    if subject_type == "image":
        assert grey_value(request.json["subject"]) == 200
    else:
        assert request.json["subject"] == "subject"


@both_shells
@pytest.mark.parametrize("place", KEY_PLACES, ids=lambda place: f"{place[0]}-{place[1]}")
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("get_perception_encoder_image_embeddings", (plain(1),)),
        ("get_perception_encoder_text_embeddings", ("a fox",)),
        ("perception_encoder_compare", (plain(1), "a fox")),
    ],
)
def test_key_travels_where_it_belongs(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    arguments: tuple[Any, ...],
    place: Any,
) -> None:
    server.answer = comparer if method == "perception_encoder_compare" else embedder
    (client.select_api_v0 if place[0] == "v0" else client.select_api_v1)()
    client.configure(InferenceConfiguration(api_key_transport=place[1]))
    invoke(client, method, *arguments)
    assert_key_travelled(server.requests[0], place)


@both_shells
@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("get_perception_encoder_image_embeddings", (plain(1),)),
        ("get_perception_encoder_text_embeddings", ("fox",)),
        ("perception_encoder_compare", (plain(1), "fox")),
    ],
)
def test_version_must_be_text_and_errors_come_through(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str, arguments: tuple[Any, ...]
) -> None:
    with pytest.raises(InvalidParameterError, match="perception_encoder_version: expected text"):
        invoke(client, method, *arguments, perception_encoder_version=7)
    assert server.requests == []
    server.answer = lambda _: Reply({"message": "not this one"}, status=501)
    with pytest.raises(HTTPCallErrorError, match="answered 501: not this one"):
        invoke(client, method, *arguments)
    server.answer = lambda _: Reply({"embeddings": [], "similarity": []})
    with pytest.raises(InvalidResponseError):
        invoke(client, method, *arguments)
