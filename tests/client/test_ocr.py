from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from both_shells import Invoke, both_shells
from core_model_server import KEY_PLACES, assert_key_travelled, connected, plain, sent_values
from recording_server import RecordingServer, Reply, Request

from inference_ext import (
    HTTPCallErrorError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidParameterError,
    InvalidResponseError,
)


def reader(request: Request) -> Reply:
    """Read the grey value of an image as its text."""
    (value,) = sent_values(request)
    return Reply({"result": str(value), "time": 0.1, "predictions": None})


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = reader
    with connected(server) as made:
        made.configure(InferenceConfiguration(image_format="png", max_batch_size=5))
        yield made


@both_shells
@pytest.mark.parametrize(
    ("model", "path", "field"),
    [
        ("doctr", "/doctr/ocr", "doctr_version_id"),
        ("trocr", "/ocr/trocr", "trocr_version_id"),
        ("easy_ocr", "/easy_ocr/ocr", "easy_ocr_version_id"),
        ("pp_ocr", "/ocr/pp-ocr", "pp_ocr_version_id"),
        ("DocTR", "/doctr/ocr", "doctr_version_id"),
    ],
)
def test_every_model_has_its_route_and_version(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, model: str, path: str, field: str
) -> None:
    assert invoke(client, "ocr_image", plain(7), model=model)["result"] == "7"
    invoke(client, "ocr_image", plain(7), model=model, version="v")
    without, with_version = server.requests
    assert (without.method, without.path, without.query) == ("POST", path, {})
    assert without.json.keys() == {"api_key", "image"}
    assert with_version.json.keys() == {"api_key", "image", field}
    assert with_version.json[field] == "v"


@both_shells
def test_doctr_is_the_default(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    invoke(client, "ocr_image", inference_input=plain(7))
    assert server.paths() == ["POST /doctr/ocr"]


@both_shells
def test_options_travel_in_the_body(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    invoke(
        client,
        "ocr_image",
        plain(7),
        "easy_ocr",
        "english_g2",
        quantize=False,
        generate_bounding_boxes=True,
        language_codes=("en", "de"),
    )
    body = server.requests[0].json
    del body["image"]
    assert body == {
        "api_key": "KEY-1",
        "easy_ocr_version_id": "english_g2",
        "quantize": False,
        "generate_bounding_boxes": True,
        "language_codes": ["en", "de"],
    }


@both_shells
def test_every_image_is_a_request_of_its_own(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    results = invoke(client, "ocr_image", [plain(value) for value in (3, 1, 2)])
    assert [result["result"] for result in results] == ["3", "1", "2"]
    assert server.paths() == ["POST /doctr/ocr"] * 3
    assert [result["result"] for result in invoke(client, "ocr_image", [plain(9)])] == ["9"]
    assert invoke(client, "ocr_image", ()) == []


@both_shells
def test_one_key_and_a_list_of_one_are_taken_as_the_answer(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = lambda _: Reply({"result": "text"})
    assert invoke(client, "ocr_image", plain(7)) == {"result": "text"}
    server.answer = lambda _: Reply([{"result": "text", "time": 1}])
    assert invoke(client, "ocr_image", plain(7)) == {"result": "text", "time": 1}


@both_shells
@pytest.mark.parametrize("place", KEY_PLACES, ids=lambda place: f"{place[0]}-{place[1]}")
def test_key_travels_where_it_belongs(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, place: Any
) -> None:
    (client.select_api_v0 if place[0] == "v0" else client.select_api_v1)()
    client.configure(InferenceConfiguration(image_format="png", api_key_transport=place[1]))
    invoke(client, "ocr_image", plain(7))
    assert_key_travelled(server.requests[0], place)


@both_shells
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"model": "nope"}, "^model: expected one of 'doctr', 'trocr', 'easy_ocr', 'pp_ocr', got 'nope'"),
        ({"model": None}, "^model: expected one of"),
        ({"version": " "}, "^version: expected text"),
        ({"quantize": "yes"}, "^quantize: expected True or False"),
        ({"generate_bounding_boxes": 1}, "^generate_bounding_boxes: expected True or False"),
        ({"language_codes": "en"}, "^language_codes: expected a sequence of texts"),
        ({"language_codes": ["en", 5]}, r"^language_codes\[1\]: expected text"),
    ],
)
def test_arguments_are_checked_before_anything_is_sent(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidParameterError, match=message):
        invoke(client, "ocr_image", plain(7), **arguments)
    assert server.requests == []


@both_shells
@pytest.mark.parametrize("answer", ["text", ["text"], [], [{"result": "a"}, {"result": "b"}]])
def test_other_answers_are_refused(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, answer: Any
) -> None:
    server.answer = lambda _: Reply(answer)
    with pytest.raises(InvalidResponseError, match="POST /doctr/ocr answered"):
        invoke(client, "ocr_image", plain(7))


@both_shells
def test_errors_can_stand_in_the_list(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    def answer(request: Request) -> Reply:
        return Reply({"message": "too dark"}, status=400) if sent_values(request) == [0] else reader(request)

    server.answer = answer
    images = [plain(1), plain(0), plain(2)]
    with pytest.raises(HTTPCallErrorError, match="too dark") as caught:
        invoke(client, "ocr_image", images)
    assert caught.value.input_index == 1
    assert caught.value.finished_results[0]["result"] == "1"
    client.configure(InferenceConfiguration(image_format="png", on_error="return"))
    first, second, third = invoke(client, "ocr_image", images)
    assert (first["result"], third["result"]) == ("1", "2")
    assert isinstance(second, HTTPCallErrorError)
