from __future__ import annotations

import base64
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import HTTP
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request

from inference_ext import (
    APIKeyNotProvided,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidModelIdentifier,
    InvalidResponseError,
    ModelNotSelectedError,
    VisualisationResponseFormat,
)

PIXELS = np.random.default_rng(3).integers(0, 256, (30, 50, 3), dtype=np.uint8)
PICTURE = base64.b64encode(cv2.imencode(".png", PIXELS)[1].tobytes()).decode()


@both_shells
def test_request_has_the_documented_shape(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    client.select_api_v0().configure(
        InferenceConfiguration(
            confidence_threshold=0.4, iou_threshold=0.5, count_inference=False, service_secret="S", image_format="png"
        )
    )
    result = invoke(client, "infer", PIXELS, model_id="p/1")
    assert result["image"] == {"width": 50, "height": 30}
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/p/1")
    assert request.query == {
        "api_key": "KEY-1",
        "confidence": "0.4",
        "overlap": "0.5",
        "disable_active_learning": "False",
        "allow_reduced_mask_resolution": "False",
        "countinference": "False",
        "service_secret": "S",
    }
    np.testing.assert_array_equal(request.image(), PIXELS)


@both_shells
def test_list_is_one_request_per_image_in_order(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    client.configure(InferenceConfiguration(max_batch_size=4, max_concurrent_requests=3, image_format="png"))
    images = [np.full((8, 8, 3), value, np.uint8) for value in range(7)]
    results = invoke(client, "infer_from_api_v0", images, model_id="p/1")
    assert [result["predictions"][0]["class_id"] for result in results] == list(range(7))
    assert server.paths() == ["POST /p/1"] * 7
    assert server.most_in_flight <= 3


@both_shells
def test_list_of_one_stays_a_list_and_one_image_a_dictionary(invoke: Invoke, client: InferenceHTTPClient) -> None:
    assert invoke(client, "infer_from_api_v0", PIXELS, model_id="p/1")["image"] == {"width": 50, "height": 30}
    (only,) = invoke(client, "infer_from_api_v0", (PIXELS,), model_id="p/1")
    assert only["image"] == {"width": 50, "height": 30}
    assert invoke(client, "infer_from_api_v0", [], model_id="p/1") == []


@both_shells
def test_without_a_model_nothing_is_sent(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    with pytest.raises(ModelNotSelectedError, match="model_id"):
        invoke(client, "infer_from_api_v0", PIXELS)
    assert server.requests == []


@both_shells
@pytest.mark.parametrize("model_id", ["p", "a/b/c", "a/", "/1", "a/1?x", "a b/1", "a/1#"])
def test_model_id_must_be_project_and_version(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, model_id: str
) -> None:
    with pytest.raises(InvalidModelIdentifier, match="project/version"):
        invoke(client, "infer_from_api_v0", PIXELS, model_id=model_id)
    assert server.requests == []


@both_shells
@pytest.mark.parametrize("output", list(VisualisationResponseFormat))
def test_picture_alone_comes_in_the_chosen_form(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, output: VisualisationResponseFormat
) -> None:
    picture = cv2.imencode(".jpg", PIXELS)[1].tobytes()
    server.answer = lambda _: Reply(picture, headers={"Content-Type": "image/jpeg"})
    client.configure(InferenceConfiguration(format="image", output_visualisation_format=output))
    value: Any = invoke(client, "infer_from_api_v0", PIXELS, model_id="p/1")["visualization"]
    decoded = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    if output is VisualisationResponseFormat.NUMPY:
        np.testing.assert_array_equal(value, decoded)
    elif output is VisualisationResponseFormat.PILLOW:
        assert np.abs(np.asarray(value)[:, :, ::-1].astype(int) - decoded).max() <= 8  # two decoders
    else:
        assert base64.b64decode(value) == picture


@both_shells
def test_page_of_a_proxy_is_no_picture(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    server.answer = lambda _: Reply(b"<html>login</html>", headers={"Content-Type": "text/html"})
    with pytest.raises(InvalidResponseError, match="not JSON"):
        invoke(client, "infer_from_api_v0", PIXELS, model_id="p/1")


def three_classes(request: Request) -> Reply:
    """A model that saw three boxes; whether it drew them is up to the request."""
    box = {"x": 1, "y": 1, "width": 2, "height": 2, "confidence": 0.5}
    boxes = [{**box, "class": name, "class_id": number} for number, name in enumerate(("cat", "dog", "cat"))]
    drawn = {"visualization": PICTURE} if request.query.get("format") == "image_and_json" else {}
    return Reply({"image": {"width": 50, "height": 30}, "predictions": boxes, **drawn})


@both_shells
def test_class_filter_is_applied_to_the_answer(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = three_classes
    client.select_api_v0().configure(InferenceConfiguration(class_filter=["cat", "bird"]))
    results = [invoke(client, "infer", PIXELS, model_id="p/1"), *invoke(client, "infer", [PIXELS], model_id="p/1")]
    for result in results:
        assert [prediction["class"] for prediction in result["predictions"]] == ["cat", "cat"]
    typed = invoke(client, "detect_objects", PIXELS, model_id="p/1", class_filter=["dog"])
    assert [prediction.class_ for prediction in typed.predictions] == ["dog"]
    assert all("class_filter" not in request.query for request in server.requests)


@both_shells
def test_wish_for_pictures_asks_for_them(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    server.answer = three_classes
    client.configure(InferenceConfiguration(visualize_predictions=True, output_visualisation_format="numpy"))
    result = invoke(client, "infer_from_api_v0", PIXELS, model_id="p/1")
    assert server.requests[0].query["format"] == "image_and_json"
    np.testing.assert_array_equal(result["visualization"], PIXELS)
    assert len(result["predictions"]) == 3


@both_shells
@pytest.mark.parametrize("output", list(VisualisationResponseFormat))
def test_picture_beside_predictions_comes_in_the_chosen_form(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, output: VisualisationResponseFormat
) -> None:
    server.answer = three_classes
    client.configure(InferenceConfiguration(format="image_and_json", output_visualisation_format=output))
    result = invoke(client, "infer_from_api_v0", PIXELS, model_id="p/1")
    assert len(result["predictions"]) == 3
    picture: Any = result["visualization"]
    if output is VisualisationResponseFormat.NUMPY:
        assert picture.dtype == np.uint8
        np.testing.assert_array_equal(picture, PIXELS)
    elif output is VisualisationResponseFormat.PILLOW:
        np.testing.assert_array_equal(np.asarray(picture)[:, :, ::-1], PIXELS)
    else:
        assert picture == PICTURE


@both_shells
def test_hosted_api_without_a_key_is_refused_before_sending(invoke: Invoke) -> None:
    with (
        InferenceHTTPClient("https://detect.roboflow.com") as client,
        pytest.raises(APIKeyNotProvided, match="ROBOFLOW_API_KEY"),
    ):
        invoke(client, "infer", PIXELS, model_id="p/1")


@both_shells
@pytest.mark.parametrize(
    ("transport", "in_query", "in_header"),
    [(None, True, False), ("legacy", True, False), ("header", False, True), ("both", True, True)],
)
def test_key_travels_where_it_was_told_to(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    transport: Any,
    in_query: bool,
    in_header: bool,
) -> None:
    client.configure(InferenceConfiguration(api_key_transport=transport))
    invoke(client, "infer_from_api_v0", PIXELS, model_id="p/1")
    invoke(client, "infer_from_api_v1", PIXELS, model_id="p/1")
    v0, registry, v1 = server.requests
    for request in (v0, registry, v1):
        assert (request.headers.get("authorization") == "Bearer KEY-1") is in_header
    assert (v0.query.get("api_key") == registry.query.get("api_key") == v1.json.get("api_key") == "KEY-1") is in_query


@both_shells
def test_missing_key_is_left_out(invoke: Invoke, server: RecordingServer) -> None:
    with InferenceHTTPClient(server.url) as client:
        invoke(client, "infer_from_api_v0", PIXELS, model_id="p/1")
        invoke(client, "infer_from_api_v1", PIXELS, model_id="p/1")
    for request in server.requests:
        assert "api_key" not in request.query
        assert b"api_key" not in request.body
        assert "authorization" not in request.headers


@both_shells
def test_short_name_of_a_public_model_is_its_id_on_the_wire(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    invoke(client, "infer_from_api_v0", PIXELS, model_id="yolov8n-640")
    with client.use_model("yolov8n-640"):
        invoke(client, "detect_objects", PIXELS)
    assert server.requests[0].path == "/coco/3"
    assert server.requests[1].json["model_id"] == "coco/3"


@both_shells
def test_image_can_travel_as_a_file(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path
) -> None:
    server.answer = lambda _: Reply({"image": {"width": 50, "height": 30}, "predictions": [], "time": 0.1})
    encoded = cv2.imencode(".png", PIXELS)[1].tobytes()
    (tmp_path / "picture.png").write_bytes(encoded)
    client.select_api_v0().configure(InferenceConfiguration(v0_upload="multipart", confidence_threshold=0.4))
    invoke(client, "infer", tmp_path / "picture.png", model_id="p/1")
    (request,) = server.requests
    assert (request.query["api_key"], request.query["confidence"]) == ("KEY-1", "0.4")
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    (part,) = cast("list[EmailMessage]", message_from_bytes(head + request.body, policy=HTTP).get_payload())
    assert part.get_param("name", header="content-disposition") == "file"
    assert part.get_filename()  # without one, the server takes the part for text
    assert part.get_payload(decode=True) == encoded
    assert len(request.body) < 1.1 * len(encoded)


@both_shells
def test_embedded_backend_reads_the_file(invoke: Invoke) -> None:
    with InferenceHTTPClient.embedded() as embedded:
        answers: list[dict[str, Any]] = []
        for upload in ("base64", "multipart"):
            embedded.select_api_v0().configure(InferenceConfiguration(v0_upload=upload, image_format="png"))
            answers.append(invoke(embedded, "infer", PIXELS, model_id="sharpness/1"))
    assert answers[0]["image"] == answers[1]["image"] == {"width": 50, "height": 30}
    assert answers[0]["predictions"] == answers[1]["predictions"]
