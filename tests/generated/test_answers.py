"""What comes back: the declared type, or an error that says what came instead."""

from __future__ import annotations

import gzip
import json
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from inference_api import ApiError, Client, UnexpectedPayload, UnexpectedStatus, models
from inference_api.api.builder import get_builder_page, save_local_workflow
from inference_api.api.core_models import gaze_detection, sam2_segment_image
from inference_api.api.infer import infer_classification, infer_object_detection
from inference_api.api.server import get_dashboard, get_info, get_metrics, get_readiness, head_dashboard
from inference_api.api.v0 import infer_v0_from_url
from inference_api.api.workflows import get_workflow_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from loopback import LoopbackServer

INFO = {"name": "Roboflow Inference Server", "version": "1.8.3", "uuid": "u"}
IMAGE = models.InferenceRequestImage(type_="url", value="https://x/i.jpg")
SIZE = {"width": 640, "height": 480}
BOX = {"x": 1.0, "y": 2.0, "width": 3.0, "height": 4.0, "confidence": 0.5, "class": "red", "class_id": 0}
POINT = {"x": 1.0, "y": 2.0, "confidence": 0.5, "class_id": 0, "class": "corner"}
OBJECT = {**BOX, "detection_id": "d"}

V0_ANSWERS: list[tuple[dict[str, Any], type[Any]]] = [
    ({"image": SIZE, "predictions": [OBJECT]}, models.ObjectDetectionInferenceResponse),
    (
        {"image": SIZE, "predictions": [{**OBJECT, "points": [{"x": 1.0, "y": 2.0}]}]},
        models.InstanceSegmentationInferenceResponse,
    ),
    (
        {"image": SIZE, "predictions": [{**OBJECT, "keypoints": [POINT]}]},
        models.KeypointsDetectionInferenceResponse,
    ),
    (
        {
            "image": SIZE,
            "predictions": [{"class": "red", "class_id": 0, "confidence": 0.9}],
            "top": "red",
            "confidence": 0.9,
        },
        models.ClassificationInferenceResponse,
    ),
    (
        {"image": SIZE, "predictions": {"red": {"confidence": 0.9, "class_id": 0}}, "predicted_classes": ["red"]},
        models.MultiLabelClassificationInferenceResponse,
    ),
    (
        {
            "image": SIZE,
            "predictions": {
                "segmentation_mask": "iVBO",
                "confidence_mask": "iVBO",
                "class_map": {"0": "red"},
                "image": SIZE,
            },
        },
        models.SemanticSegmentationInferenceResponse,
    ),
]


@pytest.fixture
def client(server: LoopbackServer) -> Iterator[Client]:
    with Client(server.url) as opened:
        yield opened


@pytest.mark.parametrize(("answer", "expected"), V0_ANSWERS, ids=lambda value: getattr(value, "__name__", ""))
def test_the_v0_answer_of_each_task_is_told_apart(
    server: LoopbackServer, client: Client, answer: dict[str, Any], expected: type[Any]
) -> None:
    server.answer(answer)
    parsed = infer_v0_from_url.sync("boxes", "1", client=client)
    assert not isinstance(parsed, bytes)
    assert type(parsed) is expected
    assert parsed.to_dict() == answer


def test_one_image_gives_one_answer_and_a_list_a_list(server: LoopbackServer, client: Client) -> None:
    body = models.ObjectDetectionInferenceRequest(model_id="b/1", image=IMAGE)
    one = {"image": SIZE, "predictions": [OBJECT]}
    server.answer(one)
    single = infer_object_detection.sync(client=client, body=body)
    assert isinstance(single, models.ObjectDetectionInferenceResponse)
    assert single.predictions[0].class_ == "red"
    server.answer([one, one])
    several = infer_object_detection.sync(client=client, body=body)
    assert isinstance(several, list)
    assert [item.to_dict() for item in several] == [one, one]


def test_a_list_of_classifications(server: LoopbackServer, client: Client) -> None:
    single_label, multi_label = V0_ANSWERS[3][0], V0_ANSWERS[4][0]
    server.answer([single_label, multi_label])
    body = models.ClassificationInferenceRequest(model_id="b/1", image=IMAGE)
    answers = infer_classification.sync(client=client, body=body)
    assert isinstance(answers, list)
    assert [type(answer) for answer in answers] == [V0_ANSWERS[3][1], V0_ANSWERS[4][1]]


def test_detailed_gives_status_headers_and_bytes(server: LoopbackServer, client: Client) -> None:
    server.answer(INFO, headers={"X-Model-Id": "boxes/1", "Content-Type": "application/json"})
    response = get_info.sync_detailed(client=client)
    assert response.status_code == 200
    assert response.headers["x-model-id"] == "boxes/1"
    assert json.loads(response.content) == INFO
    assert response.parsed == models.ServerVersionInfo(name=INFO["name"], version="1.8.3", uuid="u")


async def test_asyncio_gives_the_same(server: LoopbackServer) -> None:
    server.answer(INFO)
    async with Client(server.url) as client:
        parsed = await get_info.asyncio(client=client)
        detailed = await get_info.asyncio_detailed(client=client)
    assert parsed == detailed.parsed == models.ServerVersionInfo.from_dict(INFO)


@pytest.mark.parametrize("content_type", ["image/jpeg", "application/octet-stream"])
def test_a_binary_answer_is_bytes(server: LoopbackServer, client: Client, content_type: str) -> None:
    server.answer(b"\xff\xd8\x00", headers={"Content-Type": content_type})
    assert infer_v0_from_url.sync("boxes", "1", client=client, format_="image") == b"\xff\xd8\x00"


def test_an_operation_with_a_binary_form_also_answers_json(server: LoopbackServer, client: Client) -> None:
    body = models.Sam2SegmentationRequest(image=IMAGE)
    server.answer(b"\x93NUMPY", headers={"Content-Type": "application/octet-stream"})
    assert sam2_segment_image.sync(client=client, body=body) == b"\x93NUMPY"
    server.answer({"predictions": [], "time": 0.5})
    parsed = sam2_segment_image.sync(client=client, body=body)
    assert isinstance(parsed, models.Sam2SegmentationResponse)


def test_a_gzip_answer_without_a_content_type_is_read(server: LoopbackServer, client: Client) -> None:
    answer = {"schema": {"a": 1}}
    server.answer(gzip.compress(json.dumps(answer).encode()), headers={"Content-Encoding": "gzip"})
    response = get_workflow_schema.sync_detailed(client=client)
    assert "content-type" not in response.headers
    assert response.parsed.to_dict() == answer


def test_text_and_pages_are_text(server: LoopbackServer, client: Client) -> None:
    server.answer(b"# HELP x\n", headers={"Content-Type": "text/plain; charset=utf-8"})
    assert get_metrics.sync(client=client) == "# HELP x\n"
    server.answer("<html>ü".encode(), headers={"Content-Type": "text/html; charset=utf-8"})
    assert get_builder_page.sync(client=client) == "<html>ü"


def test_an_answer_without_a_declared_body_is_none(server: LoopbackServer, client: Client) -> None:
    server.answer(b"<html>", headers={"Content-Type": "text/html"})
    get_dashboard.sync(client=client)
    assert get_dashboard.sync_detailed(client=client).content == b"<html>"
    assert head_dashboard.sync_detailed(client=client).parsed is None


def test_created_is_a_success_where_it_is_declared(server: LoopbackServer, client: Client) -> None:
    server.answer({"message": "saved"}, status=201)
    assert save_local_workflow.sync("w", client=client, body={"a": 1}).message == "saved"
    server.answer({"message": "saved"}, status=200)
    with pytest.raises(UnexpectedStatus, match="HTTP 200"):
        save_local_workflow.sync("w", client=client, body={"a": 1})


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 429, 500, 501, 503, 504, 507, 520])
def test_every_error_status_raises_with_its_body(server: LoopbackServer, client: Client, status: int) -> None:
    server.answer({"message": "what went wrong"}, status=status)
    with pytest.raises(UnexpectedStatus, match=f"HTTP {status}: .*what went wrong") as caught:
        get_info.sync(client=client)
    assert caught.value.status_code == status
    assert caught.value.body == {"message": "what went wrong"}


async def test_asyncio_raises_the_same(server: LoopbackServer) -> None:
    server.answer({"message": "no"}, status=503)
    async with Client(server.url) as client:
        with pytest.raises(UnexpectedStatus, match="HTTP 503"):
            await get_readiness.asyncio(client=client)


@pytest.mark.parametrize("detail", ["a text", [{"loc": ["body"], "msg": "m", "type": "t"}], None])
def test_a_validation_error_keeps_its_detail_whatever_it_is(
    server: LoopbackServer, client: Client, detail: object
) -> None:
    server.answer({"detail": detail}, status=422)
    with pytest.raises(UnexpectedStatus) as caught:
        infer_v0_from_url.sync("boxes", "1", client=client)
    assert caught.value.body == {"detail": detail}


def test_an_error_that_is_not_json_gives_its_text(server: LoopbackServer, client: Client) -> None:
    server.answer(b"<h1>Bad Gateway</h1>", status=502, headers={"Content-Type": "text/html"})
    with pytest.raises(UnexpectedStatus, match="HTTP 502: <h1>Bad Gateway") as caught:
        get_info.sync(client=client)
    assert caught.value.body == "<h1>Bad Gateway</h1>"


def test_an_operation_the_server_gave_up_always_raises(server: LoopbackServer, client: Client) -> None:
    server.answer({"message": "gone"}, status=410)
    with pytest.raises(UnexpectedStatus, match="HTTP 410"):
        gaze_detection.sync(client=client)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"null", b"7", b'{"name": "n"}'])
def test_a_success_that_cannot_be_read_says_so(server: LoopbackServer, client: Client, body: bytes) -> None:
    server.answer(body)
    with pytest.raises(UnexpectedPayload, match="HTTP 200, unreadable body") as caught:
        get_info.sync(client=client)
    assert caught.value.response.content == body
    assert isinstance(caught.value.__cause__, (TypeError, ValueError, KeyError))


def test_a_union_that_fits_nothing_says_so(server: LoopbackServer, client: Client) -> None:
    server.answer({"predictions": "none"})
    with pytest.raises(UnexpectedPayload, match="no declared type accepts this dict"):
        infer_v0_from_url.sync("boxes", "1", client=client)


def test_errors_survive_another_process(server: LoopbackServer, client: Client) -> None:
    caught: list[ApiError] = []
    for status, body in ((500, {"message": "no"}), (200, [])):
        server.answer(body, status=status)
        with pytest.raises(ApiError) as raised:
            get_info.sync(client=client)
        caught.append(raised.value)
    for error in caught:
        copy = pickle.loads(pickle.dumps(error))
        assert type(copy) is type(error)
        assert (str(copy), copy.status_code, copy.body) == (str(error), error.status_code, error.body)
