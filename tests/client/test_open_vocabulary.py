from __future__ import annotations

import base64
from collections.abc import Generator
from typing import Any

import cv2
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
    server.answer = finding
    with InferenceHTTPClient(server.url, api_key="KEY-1") as made:
        yield made.configure(InferenceConfiguration(image_format="png"))


def finding(request: Request) -> Reply:
    """Tells images apart by their blue value."""
    return Reply({"predictions": [], "seen": int(decoded(request.json["image"])[0, 0, 0])})


def body(request: Request) -> dict[str, Any]:
    return {name: value for name, value in request.json.items() if name not in ("api_key", "image")}


BOX = {"x": 3, "y": 4, "w": 2, "h": 2, "cls": "nut"}
EXAMPLES = [{"image": plain(200), "boxes": [BOX]}]
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "infer_from_yolo_world": ("/yolo_world/infer", {"class_names": ["cat", "dog"]}),
    "infer_from_grounding_dino": ("/grounding_dino/infer", {"text": ["cat", "dog"]}),
    "infer_from_owlv2": ("/owlv2/infer", {"training_data": EXAMPLES}),
}
every_call = pytest.mark.parametrize("method", list(CALLS))


@both_shells
@every_call
@pytest.mark.parametrize(
    ("transport", "mode", "place"),
    [("legacy", "v1", "body"), ("legacy", "v0", "query"), ("header", "v1", "header"), ("header", "v0", "header")],
)
def test_route_and_key(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    transport: Any,
    mode: str,
    place: str,
) -> None:
    (client.select_api_v0 if mode == "v0" else client.select_api_v1)()
    client.configure(InferenceConfiguration(api_key_transport=transport, service_secret="S"))
    path, arguments = CALLS[method]
    invoke(client, method, plain(5), **arguments)
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", path)
    assert request.query.pop("service_secret") == "S"
    found = {
        "body": request.json.get("api_key") == "KEY-1",
        "query": request.query == {"api_key": "KEY-1"},
        "header": request.headers.get("authorization") == "Bearer KEY-1",
    }
    assert [name for name, there in found.items() if there] == [place]


@both_shells
@every_call
def test_every_image_is_a_request_of_its_own(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str
) -> None:
    client.configure(InferenceConfiguration(image_format="png", max_batch_size=8, max_concurrent_requests=3))
    _, arguments = CALLS[method]
    results = invoke(client, method, [plain(value) for value in range(5)], **arguments)
    assert [result["seen"] for result in results] == [0, 1, 2, 3, 4]
    assert len(server.requests) == 5
    assert [result["seen"] for result in invoke(client, method, [plain(9)], **arguments)] == [9]
    assert invoke(client, method, [], **arguments) == []


@both_shells
def test_yolo_world_gives_a_list_also_for_one_image(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    result = invoke(client, "infer_from_yolo_world", plain(5), ("cat", "dog"), "v2-s", np.float32(0.25))
    assert result == [{"predictions": [], "seen": 5}]
    assert body(server.requests[0]) == {"text": ["cat", "dog"], "yolo_world_version_id": "v2-s", "confidence": 0.25}
    invoke(client, "infer_from_yolo_world", plain(5), ["cat"])
    assert body(server.requests[1]) == {"text": ["cat"]}


@both_shells
def test_error_about_one_image_is_raised_whatever_the_list_rule(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = lambda _: Reply({"message": "no such version"}, status=400)
    client.configure(InferenceConfiguration(on_error="return"))
    with pytest.raises(HTTPCallErrorError, match="no such version"):
        invoke(client, "infer_from_yolo_world", plain(5), ["cat"])
    (error,) = invoke(client, "infer_from_yolo_world", [plain(5)], ["cat"])
    assert isinstance(error, HTTPCallErrorError)


@both_shells
def test_grounding_dino_sends_its_thresholds(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    client.configure(InferenceConfiguration(disable_preproc_auto_orientation=True))
    result = invoke(
        client,
        "infer_from_grounding_dino",
        plain(5),
        ["a red car"],
        box_threshold=0,
        text_threshold=0.25,
        class_agnostic_nms=np.array([True])[0],
        grounding_dino_version_id="default",
    )
    assert isinstance(result, dict)
    assert body(server.requests[0]) == {
        "text": ["a red car"],
        "box_threshold": 0.0,
        "text_threshold": 0.25,
        "class_agnostic_nms": True,
        "grounding_dino_version_id": "default",
        "disable_preproc_auto_orient": True,
    }


@both_shells
def test_owlv2_sends_the_examples_with_every_image(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    more = {"image": plain(100), "boxes": ({**BOX, "x": np.int64(7), "negative": True},)}
    results = invoke(client, "infer_from_owlv2", [plain(1), plain(2)], [*EXAMPLES, more], confidence=0.99)
    assert [result["seen"] for result in results] == [1, 2]
    for request in server.requests:
        first, second = request.json["training_data"]
        np.testing.assert_array_equal(decoded(first["image"]), plain(200))
        np.testing.assert_array_equal(decoded(second["image"]), plain(100))
        assert (first["boxes"], second["boxes"]) == ([BOX], [{**BOX, "x": 7, "negative": True}])
        assert request.json["confidence"] == 0.99
        assert "owlv2_version_id" not in request.json


@both_shells
def test_owlv2_reads_a_file_of_examples_once(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, tmp_path: Any
) -> None:
    path = tmp_path / "example.png"
    cv2.imwrite(str(path), plain(200))
    client.configure(InferenceConfiguration(max_concurrent_requests=4))
    with path.open("rb") as file:  # gives its bytes only the first time
        invoke(client, "infer_from_owlv2", [plain(value) for value in range(6)], [{"image": file, "boxes": [BOX]}])
    assert len(server.requests) == 6
    for request in server.requests:
        np.testing.assert_array_equal(decoded(request.json["training_data"][0]["image"]), plain(200))


@both_shells
def test_owlv2_picture_comes_in_the_chosen_form(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    drawn = base64.b64encode(cv2.imencode(".png", plain(77))[1].tobytes()).decode()
    server.answer = lambda _: Reply({"predictions": [], "visualization": drawn})
    client.configure(InferenceConfiguration(output_visualisation_format="numpy"))
    result = invoke(
        client,
        "infer_from_owlv2",
        plain(1),
        EXAMPLES,
        owlv2_version_id="owlv2-base-patch16-ensemble",
        visualize_predictions=True,
        visualization_labels=False,
        visualization_stroke_width=3,
    )
    np.testing.assert_array_equal(result["visualization"], plain(77))
    sent = body(server.requests[0])
    del sent["training_data"]
    assert sent == {
        "owlv2_version_id": "owlv2-base-patch16-ensemble",
        "visualize_predictions": True,
        "visualization_labels": False,
        "visualization_stroke_width": 3,
    }


@both_shells
def test_example_that_is_no_image_is_named(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    examples = [*EXAMPLES, {"image": b"no image", "boxes": [BOX]}]
    with pytest.raises(InvalidInputFormatError) as caught:
        invoke(client, "infer_from_owlv2", plain(1), examples)
    assert "It is the image of training_data[1]." in caught.value.__notes__
    assert caught.value.input_index is None
    assert server.requests == []


@both_shells
@every_call
@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"[1]", b"5", b"[{}, {}]"])
def test_answer_of_another_shape_is_an_error(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str, answer: bytes
) -> None:
    server.answer = lambda _: Reply(answer)
    with pytest.raises(InvalidResponseError):
        invoke(client, method, plain(3), **CALLS[method][1])


@both_shells
@pytest.mark.parametrize(
    ("method", "arguments", "message"),
    [
        ("infer_from_yolo_world", {"class_names": "cat"}, "class_names: expected a sequence"),
        ("infer_from_yolo_world", {"class_names": []}, "class_names"),
        ("infer_from_yolo_world", {"class_names": ["cat", 5]}, r"class_names\[1\]"),
        ("infer_from_yolo_world", {"confidence": 40}, "confidence: expected a number from 0 to 1, got 40"),
        ("infer_from_yolo_world", {"confidence": float("nan")}, "confidence"),
        ("infer_from_yolo_world", {"model_version": 5}, "model_version"),
        ("infer_from_grounding_dino", {"text": ["  "]}, r"text\[0\]"),
        ("infer_from_grounding_dino", {"box_threshold": "0.5"}, "box_threshold"),
        ("infer_from_grounding_dino", {"text_threshold": True}, "text_threshold"),
        ("infer_from_grounding_dino", {"class_agnostic_nms": 1}, "class_agnostic_nms"),
        ("infer_from_owlv2", {"training_data": []}, "training_data"),
        ("infer_from_owlv2", {"training_data": EXAMPLES[0]}, "training_data"),
        ("infer_from_owlv2", {"training_data": [{"image": plain(1)}]}, r"training_data\[0\]: .*'boxes'"),
        ("infer_from_owlv2", {"training_data": [{"image": plain(1), "boxes": [{"x": 1}]}]}, "lacks cls, h, w, y"),
        ("infer_from_owlv2", {"visualization_stroke_width": 0}, "visualization_stroke_width"),
        ("infer_from_owlv2", {"visualize_predictions": "yes"}, "visualize_predictions"),
    ],
)
def test_arguments_are_checked_before_anything_is_sent(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    arguments: dict[str, Any],
    message: str,
) -> None:
    with pytest.raises(InvalidParameterError, match=message):
        invoke(client, method, plain(1), **{**CALLS[method][1], **arguments})
    assert server.requests == []
