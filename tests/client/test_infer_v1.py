from __future__ import annotations

import base64
import threading
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from PIL import Image
from recording_server import RecordingServer, Reply, Request, detector

from inference_ext import (
    HTTPCallErrorError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidInputFormatError,
    InvalidResponseError,
    ModelNotInitializedError,
    ModelNotSelectedError,
    ModelTaskTypeNotSupportedError,
    VisualisationResponseFormat,
)

PIXELS = np.random.default_rng(7).integers(0, 256, (40, 60, 3), dtype=np.uint8)


def png(pixels: np.ndarray[Any, Any]) -> bytes:
    return cv2.imencode(".png", pixels)[1].tobytes()


def numbered(value: int) -> bytes:
    """A picture whose result carries this number."""
    return png(np.full((8, 8, 3), value, np.uint8))


def number_of(result: dict[str, Any]) -> int:
    return int(result["predictions"][0]["class_id"])


@both_shells
def test_one_image_gives_a_dictionary_and_one_request_after_the_first(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    for _ in range(3):
        result = invoke(client, "infer", PIXELS, model_id="p/1")
        assert result["image"] == {"width": 60, "height": 40}
    assert server.paths() == ["GET /model/registry"] + ["POST /infer/object_detection"] * 3


@both_shells
def test_request_has_the_documented_shape(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    client.configure(InferenceConfiguration(confidence_threshold=0.3, class_filter=["cat"], image_format="png"))
    invoke(client, "infer", PIXELS, model_id="p/1")
    registry, request = server.requests
    assert registry.query == {"api_key": "KEY-1"}
    assert request.query == {}
    assert request.headers["content-type"] == "application/json"
    body = request.json
    image = body.pop("image")
    assert image["type"] == "base64"
    assert body == {
        "api_key": "KEY-1",
        "model_id": "p/1",
        "confidence": 0.3,
        "class_filter": ["cat"],
        "visualize_predictions": False,
        "disable_active_learning": False,
    }
    np.testing.assert_array_equal(request.image(), PIXELS)


@both_shells
def test_every_kind_of_input_shows_the_server_the_same_pixels(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path
) -> None:
    encoded = png(PIXELS)
    file = tmp_path / "image.png"
    file.write_bytes(encoded)
    text = base64.b64encode(encoded).decode()
    inputs = [
        str(file),
        file,
        encoded,
        BytesIO(encoded),
        text,
        f"data:image/png;base64,{text}",
        PIXELS,
        Image.fromarray(PIXELS[:, :, ::-1]),
    ]
    client.configure(InferenceConfiguration(image_format="png"))
    results = invoke(client, "infer", inputs, model_id="p/1")
    assert len(results) == len(inputs)
    for request in server.requests[1:]:
        np.testing.assert_array_equal(request.image(), PIXELS)


@both_shells
@pytest.mark.parametrize("batch", [1, 3, 8])
def test_list_keeps_length_and_order(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, batch: int
) -> None:
    client.configure(InferenceConfiguration(max_batch_size=batch, max_concurrent_requests=4))
    results = invoke(client, "infer", [numbered(value) for value in range(10)], model_id="p/1")
    assert [number_of(result) for result in results] == list(range(10))
    assert len(server.requests) == 1 + -(-10 // batch)
    assert server.most_in_flight <= 4


@both_shells
@pytest.mark.parametrize("mode", ["v0", "v1"])
def test_slow_image_does_not_hold_the_others_up(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, mode: str
) -> None:
    """A window that slides: the first image is answered when all others have been, through the other place."""
    others_done = threading.Event()
    answered: list[int] = []

    def answer(request: Request) -> Reply:
        if request.path.startswith("/model/"):
            return detector(request)
        value = int(request.image()[0, 0, 0])
        if value == 0:
            assert others_done.wait(20)
        answered.append(value)
        if len(answered) == 7:
            others_done.set()
        return detector(request)

    server.answer = answer
    client.configure(InferenceConfiguration(max_concurrent_requests=2, image_format="png"))
    results = invoke(client, f"infer_from_api_{mode}", [numbered(value) for value in range(8)], model_id="p/1")
    assert [number_of(result) for result in results] == list(range(8))
    assert answered[-1] == 0
    assert server.most_in_flight == 2


@both_shells
@pytest.mark.parametrize("form", ["array", "PIL"])
@pytest.mark.parametrize("settings", [{}, {"jpeg_quality": 40}, {"image_format": "png"}])
def test_pixels_travel_in_the_configured_format_and_quality(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, form: str, settings: dict[str, Any]
) -> None:
    client.configure(InferenceConfiguration(**settings))
    invoke(client, "infer", PIXELS if form == "array" else Image.fromarray(PIXELS[:, :, ::-1]), model_id="p/1")
    sent = Image.open(BytesIO(base64.b64decode(server.requests[-1].json["image"]["value"])))
    if settings.get("image_format") == "png":
        assert sent.format == "PNG"
        return
    expected = BytesIO()
    Image.fromarray(PIXELS).save(expected, "JPEG", quality=settings.get("jpeg_quality", 95))
    assert sent.format == "JPEG"
    assert sent.quantization == Image.open(expected).quantization  # type: ignore[attr-defined]


@both_shells
def test_list_of_one_stays_a_list_and_an_empty_list_is_empty(invoke: Invoke, client: InferenceHTTPClient) -> None:
    (only,) = invoke(client, "infer", (numbered(5),), model_id="p/1")
    assert number_of(only) == 5
    assert invoke(client, "infer", [], model_id="p/1") == []


@both_shells
def test_one_bad_image_stops_the_list_and_tells_which(
    invoke: Invoke, client: InferenceHTTPClient, tmp_path: Path
) -> None:
    client.configure(InferenceConfiguration(max_concurrent_requests=1))
    inputs = [numbered(1), numbered(2), str(tmp_path / "missing.jpg"), numbered(3)]
    with pytest.raises(InvalidInputFormatError, match=r"missing\.jpg") as caught:
        invoke(client, "infer", inputs, model_id="p/1")
    assert caught.value.input_index == 2
    assert [number_of(result) for result in caught.value.finished_results.values()] == [1, 2]


@both_shells
def test_one_bad_image_can_stand_at_its_place(invoke: Invoke, client: InferenceHTTPClient, tmp_path: Path) -> None:
    client.configure(InferenceConfiguration(on_error="return"))
    first, failed, last = invoke(client, "infer", [numbered(1), tmp_path / "no.jpg", numbered(3)], model_id="p/1")
    assert (number_of(first), number_of(last)) == (1, 3)
    assert isinstance(failed, InvalidInputFormatError)
    assert failed.input_index == 1


@both_shells
def test_error_within_a_batch_names_the_input_not_the_batch(
    invoke: Invoke, client: InferenceHTTPClient, tmp_path: Path
) -> None:
    client.configure(InferenceConfiguration(max_batch_size=3, max_concurrent_requests=1))
    inputs = [*(numbered(value) for value in range(4)), tmp_path / "no.jpg"]
    with pytest.raises(InvalidInputFormatError) as caught:
        invoke(client, "infer", inputs, model_id="p/1")
    assert caught.value.input_index == 4
    assert sorted(caught.value.finished_results) == [0, 1, 2]


@both_shells
def test_short_batch_is_an_error_not_a_shift(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    def short(request: Request) -> Reply:
        reply = detector(request)
        return Reply(reply.body[:-1]) if isinstance(reply.body, list) else reply

    server.answer = short
    client.configure(InferenceConfiguration(max_batch_size=3))
    with pytest.raises(InvalidResponseError, match="2 results for 3 images"):
        invoke(client, "infer", [numbered(1)] * 3, model_id="p/1")


@both_shells
def test_unloaded_model_is_loaded_once(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    def empty_registry(request: Request) -> Reply:
        return Reply({"models": []}) if request.path == "/model/registry" else detector(request)

    server.answer = empty_registry
    invoke(client, "infer", numbered(1), model_id="p/1")
    assert server.paths()[:2] == ["GET /model/registry", "POST /model/add"]
    assert server.requests[1].json == {"model_id": "p/1", "api_key": "KEY-1"}
    with pytest.raises(ModelNotInitializedError, match="other/2"):
        invoke(client, "infer", numbered(1), model_id="other/2")


@both_shells
@pytest.mark.parametrize(
    ("task", "path"),
    [
        ("object-detection", "/infer/object_detection"),
        ("instance-segmentation", "/infer/instance_segmentation"),
        ("semantic-segmentation", "/infer/semantic_segmentation"),
        ("classification", "/infer/classification"),
        ("multi-label-classification", "/infer/classification"),
        ("keypoint-detection", "/infer/keypoints_detection"),
        ("keypoints-detection", "/infer/keypoints_detection"),
    ],
)
def test_registry_decides_on_the_route(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, task: str, path: str
) -> None:
    models = {"models": [{"model_id": "p/1", "task_type": task}]}
    answer = {"predictions": {}, "time": 0.5}
    server.answer = lambda request: Reply(models if request.path == "/model/registry" else answer)
    assert invoke(client, "infer", PIXELS, model_id="p/1") == answer
    assert invoke(client, "infer_from_api_v1", [PIXELS], model_id="p/1") == [answer]
    assert server.paths() == ["GET /model/registry", f"POST {path}", f"POST {path}"]


@both_shells
def test_task_without_a_route_names_the_model_and_the_task(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = lambda _: Reply({"models": [{"model_id": "p/1", "task_type": "embedding"}]})
    with pytest.raises(ModelTaskTypeNotSupportedError, match=r"'p/1' has task 'embedding'"):
        invoke(client, "infer", numbered(1), model_id="p/1")


@both_shells
def test_without_a_model_nothing_is_sent(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    with pytest.raises(ModelNotSelectedError):
        invoke(client, "infer", numbered(1))
    assert server.requests == []


@both_shells
def test_known_task_needs_no_registry(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    def no_registry(request: Request) -> Reply:
        if request.path.startswith("/model/"):
            return Reply({"detail": "Not Found"}, status=404)
        return detector(request)

    server.answer = no_registry
    result = invoke(client, "detect_objects", PIXELS, model_id="p/1")
    assert result.predictions[0].x == 30.0
    assert server.paths() == ["POST /infer/object_detection"]
    with pytest.raises(HTTPCallErrorError, match="Not Found"):
        invoke(client, "infer", PIXELS, model_id="p/1")


@both_shells
def test_downsizing_shrinks_what_is_sent_and_scales_the_answer_back(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    client.configure(InferenceConfiguration(client_downsizing_disabled=False))
    wide = np.full((100, 301, 3), 9, np.uint8)
    result = invoke(client, "infer", wide, model_id="p/1")
    assert server.requests[-1].image().shape == (21, 64, 3)
    assert result["image"] == {"width": 301, "height": 100}
    box = result["predictions"][0]
    assert (box["x"], box["y"], box["width"], box["height"]) == pytest.approx((150.5, 50, 301, 100))


def test_caller_who_downsizes_a_typed_call_asks_the_registry_once(
    client: InferenceHTTPClient, server: RecordingServer
) -> None:
    client.configure(InferenceConfiguration(client_downsizing_disabled=False))
    for _ in range(2):
        client.detect_objects(np.full((100, 301, 3), 9, np.uint8), model_id="p/1")
    assert server.paths() == ["GET /model/registry"] + ["POST /infer/object_detection"] * 2


@both_shells
@pytest.mark.parametrize("arguments", [{"confidence": 0.5}, {"max_detections": 3}, {"class_filter": ["a", "b"]}])
def test_typed_call_overrides_the_configuration_for_itself_alone(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, arguments: dict[str, Any]
) -> None:
    client.configure(InferenceConfiguration(confidence_threshold=0.1))
    invoke(client, "detect_objects", PIXELS, model_id="p/1", **arguments)
    sent = server.requests[-1].json
    assert {"confidence": 0.1, **arguments}.items() <= sent.items()
    assert client.inference_configuration.confidence_threshold == 0.1


@both_shells
@pytest.mark.parametrize("output", list(VisualisationResponseFormat))
@pytest.mark.parametrize("as_list", [False, True])
def test_picture_comes_in_the_chosen_form(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    output: VisualisationResponseFormat,
    as_list: bool,
) -> None:
    text = base64.b64encode(png(PIXELS)).decode()

    def drawing(request: Request) -> Reply:
        reply = detector(request)
        if request.path.startswith("/infer/"):
            assert request.json["visualize_predictions"] is True
            reply.body["visualization"] = text
        return reply

    server.answer = drawing
    client.configure(InferenceConfiguration(visualize_predictions=True, output_visualisation_format=output))
    answer = invoke(client, "infer", [PIXELS] if as_list else PIXELS, model_id="p/1")
    picture: Any = (answer[0] if as_list else answer)["visualization"]
    if output is VisualisationResponseFormat.NUMPY:
        assert picture.dtype == np.uint8
        np.testing.assert_array_equal(picture, PIXELS)
    elif output is VisualisationResponseFormat.PILLOW:
        assert picture.mode == "RGB"
        np.testing.assert_array_equal(np.asarray(picture)[:, :, ::-1], PIXELS)
    else:
        assert picture == text
