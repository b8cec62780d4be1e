"""Routes, uploads, headers and keys: what the recorded answers do not show."""

from __future__ import annotations

import logging
import uuid
from typing import Any

import cv2
import numpy as np
import pytest
from analytic_models import register_analytic_models
from local_calls import RESPONSE_OF_TASK, Answer, assert_conforms, call_wsgi, post_json
from wire_cases import FILES, FORM, PICTURES, TASK_MODELS, base64_text

from inference_ext.local import LocalBackend
from inference_ext.local.routing import INFER_ROUTES

BOXES = "color-boxes/1"


@pytest.fixture(scope="module")
def backend() -> LocalBackend:
    backend = LocalBackend()
    register_analytic_models(backend)
    return backend


def entry(name: str = "two") -> dict[str, str]:
    return {"type": "base64", "value": base64_text(name)}


def post_v0(backend: LocalBackend, body: bytes, content_type: str = FORM, query: str = "") -> Answer:
    return call_wsgi(backend, "POST", f"/{BOXES}{query}", {"Content-Type": content_type}, body)


def multipart(content: bytes, name: str = "file", filename: str | None = "picture.png") -> tuple[bytes, str]:
    """A multipart body with one part, and its content type."""
    disposition = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
    head = f"--frontier\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
    return head + content + b"\r\n--frontier--\r\n", "multipart/form-data; boundary=frontier"


def test_the_front_page_says_what_this_is_and_lists_the_models(backend: LocalBackend) -> None:
    answer = call_wsgi(backend, "GET", "/")
    assert answer.status == 200
    text = answer.body.decode()
    assert "development and tests" in text
    assert all(model_id in text for model_id in backend.model_ids)


def test_info_says_that_it_is_not_the_real_server(backend: LocalBackend) -> None:
    body = call_wsgi(backend, "GET", "/info").json
    assert_conforms(body, "ServerVersionInfo")
    assert "embedded" in body["name"]
    assert body["version"] == "1.8.3"


def test_the_registry_conforms_to_the_schema(backend: LocalBackend) -> None:
    loaded = post_json(backend, "/model/add", {"model_id": "coins-not-there/1"})
    assert loaded.status == 404
    assert "faces/1" in loaded.json["message"]
    for model_id in backend.model_ids:
        answer = post_json(backend, "/model/add", {"model_id": model_id, "api_key": "k"})
        assert_conforms(answer.json, "ModelsDescriptions")
    assert {model["model_id"] for model in answer.json["models"]} >= set(backend.model_ids)
    tasks = {model["model_id"]: model["task_type"] for model in answer.json["models"]}
    assert tasks["exposure/1"] == "classification"
    assert tasks["markers/1"] == "keypoint-detection"


@pytest.mark.parametrize(("model_id", "route"), sorted(TASK_MODELS.items()))
@pytest.mark.parametrize("image", [entry(), [entry()], [entry("two"), entry("green"), entry("empty")]])
@pytest.mark.parametrize("visualize", [False, True])
def test_every_answer_conforms_to_the_schema(
    backend: LocalBackend, model_id: str, route: str, image: Any, visualize: bool
) -> None:
    task = {"color-tags/1": "multi-label-classification"}.get(model_id) or {
        "object_detection": "object-detection",
        "instance_segmentation": "instance-segmentation",
        "keypoints_detection": "keypoint-detection",
        "classification": "classification",
        "semantic_segmentation": "semantic-segmentation",
    }[route]
    content = {"model_id": model_id, "image": image, "visualize_predictions": visualize, "confidence": 0.01}
    answer = post_json(backend, f"/infer/{route}", content)
    if visualize and isinstance(image, list) and model_id != "color-sem/1":
        assert answer.status == 400  # the real server cannot draw on lists
        return
    assert answer.status == 200
    bodies = answer.json if isinstance(image, list) else [answer.json]
    assert len(bodies) == (len(image) if isinstance(image, list) else 1)
    for body in bodies:
        assert_conforms(body, RESPONSE_OF_TASK[task])
        assert ("visualization" in body) == (visualize and model_id != "color-sem/1")
        assert None not in body.values()


@pytest.mark.parametrize("route", INFER_ROUTES)
def test_schema_violations_conform_to_the_schema(backend: LocalBackend, route: str) -> None:
    answer = post_json(backend, f"/infer/{route}", {"model_id": 3, "image": [], "confidence": "much"})
    assert answer.status == 422
    assert_conforms(answer.json, "HTTPValidationError")
    assert {problem["loc"][1] for problem in answer.json["detail"]} == {"model_id", "confidence"}


@pytest.mark.parametrize("name", ["two", "rotated", "grey"])
def test_an_uploaded_file_answers_as_base64_does(backend: LocalBackend, name: str) -> None:
    uploaded = post_v0(backend, *multipart(FILES[name])).json
    sent = post_v0(backend, base64_text(name).encode()).json
    for body in (uploaded, sent):
        assert_conforms(body, "ObjectDetectionInferenceResponse")
    key = ("x", "y", "width", "height", "class", "confidence")
    assert [[item[k] for k in key] for item in uploaded["predictions"]] == [
        [item[k] for k in key] for item in sent["predictions"]
    ]


def test_a_large_upload_is_read(backend: LocalBackend) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1500, 2000, 3), np.uint8)
    data = cv2.imencode(".png", noise)[1].tobytes()
    assert len(data) > 8_000_000
    assert post_v0(backend, *multipart(data)).json["image"] == {"width": 2000, "height": 1500}


def test_uploads_have_to_be_files_named_file(backend: LocalBackend) -> None:
    for arguments in ({"name": "image"}, {"filename": None}):
        answer = post_v0(
            backend, *multipart(FILES["two"][:50] if "filename" in arguments else FILES["two"], **arguments)
        )
        assert answer.status == 400
        assert set(answer.json) == {"message"}
    assert "'file'" in post_v0(backend, *multipart(FILES["two"], name="image")).json["message"]


def test_raw_image_bytes_are_refused_as_the_real_server_does(backend: LocalBackend) -> None:
    answer = post_v0(backend, FILES["two"], "image/png")
    assert answer.status == 400
    assert "base64" in answer.json["message"]


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "application/octet-stream", "x/y"])
def test_base64_is_read_under_any_content_type(backend: LocalBackend, content_type: str) -> None:
    assert post_v0(backend, base64_text("two").encode(), content_type).status == 200


def test_urls_are_refused_and_the_message_says_what_to_do(backend: LocalBackend) -> None:
    url = "https://example.org/x.png"
    for answer in (
        call_wsgi(backend, "GET", f"/{BOXES}?image={url}"),
        post_json(backend, "/infer/object_detection", {"model_id": BOXES, "image": {"type": "url", "value": url}}),
    ):
        assert answer.status == 400
        assert "no network" in answer.json["message"]


def test_format_image_is_a_jpeg_of_the_picture_with_boxes(backend: LocalBackend) -> None:
    answer = post_v0(backend, base64_text("two").encode(), query="?format=image&stroke=3")
    assert answer.headers["content-type"] == "image/jpeg"
    drawn = cv2.imdecode(np.frombuffer(answer.body, np.uint8), cv2.IMREAD_COLOR)
    assert drawn is not None
    assert drawn.shape == PICTURES["two"].shape
    blue = np.array([0xEA, 0x92, 0x48])
    assert np.abs(drawn[100, 60:240].astype(int) - blue).mean() < 40  # the upper edge of the red box
    assert np.abs(drawn[10, 10].astype(int) - 60).max() < 5


def test_a_valid_request_id_is_kept_and_others_are_replaced(backend: LocalBackend) -> None:
    mine = str(uuid.uuid4())
    assert call_wsgi(backend, "GET", "/info", {"X-Request-ID": mine}).headers["x-request-id"] == mine
    for unfit in ("abc", "0123456789abcdef0123456789abcdef", ""):
        given = call_wsgi(backend, "GET", "/info", {"X-Request-ID": unfit}).headers["x-request-id"]
        assert given != unfit
        assert uuid.UUID(given).version == 4


def test_keys_are_neither_needed_nor_echoed_nor_logged(backend: LocalBackend, caplog: pytest.LogCaptureFixture) -> None:
    key = "rf_very_secret"
    headers = {"Authorization": f"Bearer {key}"}
    with caplog.at_level(logging.DEBUG, "inference_ext.local"):
        answers = [
            post_json(backend, f"/infer/object_detection?api_key={key}", {"api_key": key, "model_id": 3}, **headers),
            post_json(backend, "/infer/object_detection", {"api_key": key, "image": entry()}, **headers),
            post_json(backend, "/model/add", {"api_key": key}),
            post_json(backend, "/model/add", {"api_key": key, "model_id": "nope/1"}),
            call_wsgi(backend, "POST", "/model/add", {"Content-Type": "text/plain"}, f'{{"api_key":"{key}"}}'.encode()),
            call_wsgi(backend, "POST", f"/{BOXES}?api_key={key}&confidence=x", {"Content-Type": FORM}, b""),
            call_wsgi(backend, "GET", f"/nope/1?api_key={key}", {"Content-Type": FORM}),
            call_wsgi(backend, "GET", f"/nope?api_key={key}"),
        ]
    assert all(answer.status >= 400 for answer in answers)
    for answer in answers:
        assert key not in answer.body.decode()
        assert key not in str(answer.headers)
    assert key not in caplog.text
    assert post_json(backend, "/infer/object_detection", {"model_id": BOXES, "image": entry()}).status == 200


def test_what_goes_wrong_inside_is_logged_and_answered_with_500(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    backend = LocalBackend(builtin_models=False)

    def broken(_call: object) -> None:
        raise RuntimeError("wires crossed")

    monkeypatch.setitem(backend._endpoints, "info", broken)
    answer = call_wsgi(backend, "GET", "/info")
    assert (answer.status, answer.json) == (500, {"message": "Internal error."})
    assert "wires crossed" in caplog.text
    assert "x-request-id" in answer.headers


def test_boxes_of_a_percentage_threshold(backend: LocalBackend) -> None:
    for query, classes in (("?confidence=75", ["red"]), ("?confidence=0.75", ["red"]), ("", ["red", "blue"])):
        answer = post_v0(backend, base64_text("two").encode(), query=query)
        assert [item["class"] for item in answer.json["predictions"]] == classes


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/workflows/run"),
        ("POST", "/my-team/workflows/my-workflow"),
        ("GET", "/workflows/execution_engine/versions"),
        ("POST", "/infer/workflows/my-team/my-workflow"),
        ("POST", "/clip/embed_image"),
        ("POST", "/sam3/concept_segment"),
        ("POST", "/infer/lmm/some/model"),
        ("GET", "/inference_pipelines/list"),
    ],
)
def test_what_only_a_real_server_serves_is_said_to_be_missing(backend: LocalBackend, method: str, path: str) -> None:
    answer = call_wsgi(backend, method, path, body=b"{}")
    assert answer.status == 501
    assert "serves no workflows" in answer.json["message"]
