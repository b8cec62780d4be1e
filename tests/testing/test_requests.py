"""What the code under test sent can be asserted, and holds no secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from scripted_scenes import PERSON, PICTURE, Place, choose, everywhere, modes

from inference_ext import InferenceConfiguration, InferenceHTTPClient, InvalidInputFormatError
from inference_ext.local.photographs import photograph
from inference_ext.testing import InferenceScript, embedded_client, embedded_server

KEY = "KEY-9-SECRET"


def scripted() -> tuple[InferenceScript, Any]:
    script = InferenceScript()
    return script, script.model("mine/1", "object-detection").answers_with([PERSON])


@both_shells
@everywhere
@modes
def test_images_are_the_pixels_that_were_sent(invoke: Invoke, place: Place, mode: str, tmp_path: Path) -> None:
    coins = photograph("coins")
    lossless = tmp_path / "noise.png"
    noise = np.random.default_rng(3).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    cv2.imwrite(str(lossless), noise)
    script, model = scripted()
    with place(script) as client:
        choose(client, mode)
        invoke(client, "infer", [coins.path, str(lossless), PICTURE], model_id="mine/1")
    assert [request.model_id for request in model.requests] == ["mine/1"] * 3
    images = [image for request in model.requests for image in request.images]
    np.testing.assert_array_equal(images[0], coins.load())
    np.testing.assert_array_equal(images[1], noise)
    assert images[2].dtype == np.uint8
    assert np.abs(images[2].astype(int) - PICTURE).max() <= 3  # BGR, through JPEG


def test_a_batch_is_one_request_with_several_images() -> None:
    script, model = scripted()
    pictures = [np.full((8, 8 + index, 3), 50, np.uint8) for index in range(3)]
    with embedded_client(script, configuration=InferenceConfiguration(max_batch_size=3)) as client:
        client.detect_objects(pictures, model_id="mine/1")
    (request,) = model.requests
    assert [image.shape[1] for image in request.images] == [8, 9, 10]
    assert request.number_of_images == 3


def test_an_upload_as_a_file_is_an_image() -> None:
    script, model = scripted()
    settings = InferenceConfiguration(v0_upload="multipart", image_format="png")
    with embedded_client(script, configuration=settings) as client:
        client.infer_from_api_v0(PICTURE, model_id="mine/1")
    np.testing.assert_array_equal(model.requests[0].images[0], PICTURE)


def test_a_request_is_recorded_also_when_its_image_is_none() -> None:
    script, model = scripted()
    with embedded_server(script) as url:
        import httpx

        answer = httpx.post(f"{url}/mine/1", content=b"aGVsbG8=", headers={"content-type": "text/plain"})
        assert answer.status_code == 400
        answer = httpx.post(f"{url}/mine/1", files={"other": b"hello"})
        assert answer.status_code == 400
        answer = httpx.post(f"{url}/infer/object_detection", content=b"{", headers={"content-type": "application/json"})
        assert answer.status_code == 422
    with pytest.raises(InvalidInputFormatError, match="image 0 of POST /mine/1 cannot be read: Could not load"):
        _ = model.requests[0].images
    assert model.requests[1].images == ()
    assert [request.path for request in script.requests] == ["/mine/1", "/mine/1", "/infer/object_detection"]


@pytest.mark.parametrize(
    ("mode", "names"),
    [
        ("v0", {"confidence": 0.25, "overlap": 0.5, "max_detections": 7, "source": "cell-3"}),
        ("v1", {"confidence": 0.25, "iou_threshold": 0.5, "max_detections": 7, "source": "cell-3"}),
    ],
)
def test_parameters_have_the_names_and_types_of_the_wire(mode: str, names: dict[str, Any]) -> None:
    script, model = scripted()
    settings = InferenceConfiguration(
        confidence_threshold=0.25, iou_threshold=0.5, max_detections=7, source="cell-3", disable_preproc_contrast=True
    )
    with embedded_client(script, configuration=settings) as client:
        choose(client, mode)
        client.infer(PICTURE, model_id="mine/1")
    (request,) = model.requests
    assert request.method == "POST"
    assert names.items() <= request.parameters.items()
    assert request.parameters["disable_preproc_contrast"] is True
    assert "image" not in request.parameters


@both_shells
@everywhere
@modes
@pytest.mark.parametrize("transport", ["legacy", "header", "both"])
def test_no_secret_is_recorded(
    invoke: Invoke, place: Place, mode: str, transport: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROBOFLOW_API_KEY", KEY)
    script, model = scripted()
    script.workflow("space", "flow").answers_with({})
    with place(script) as client:
        client.configure(
            InferenceConfiguration(api_key_transport=transport, service_secret="SERVICE-9", count_inference=False)
        )
        choose(client, mode)
        invoke(client, "infer", PICTURE, model_id="mine/1")
        invoke(client, "run_workflow", "space", "flow", images={"image": PICTURE})
    assert len(model.requests) == 1
    assert model.requests[0].parameters["countinference"] is False
    told = repr([vars(request) for request in script.requests]) + repr(script)
    assert KEY not in told
    assert "SERVICE-9" not in told


def test_no_pixels_are_shown() -> None:
    script, model = scripted()
    with embedded_client(script) as client:
        client.infer(photograph("coins").path, model_id="mine/1")
    assert len(repr(model.requests[0])) < 400


def test_inputs_of_a_workflow_name_their_images() -> None:
    script = InferenceScript()
    flow = script.workflow("space", "flow").answers_with({})
    pictures = [np.full((4, width, 3), 9, np.uint8) for width in (5, 6, 7)]
    with embedded_client(script) as client:
        client.run_workflow(
            "space",
            "flow",
            images={"left": pictures[:2], "right": pictures[2]},
            parameters={"limit": 3, "names": ["a"]},
            workflow_version_id="v7",
        )
    (request,) = flow.requests
    assert request.parameters["inputs"] == {
        "left": ["images[0]", "images[1]"],
        "right": "images[2]",
        "limit": 3,
        "names": ["a"],
    }
    assert request.parameters["workflow_version_id"] == "v7"
    assert [image.shape[1] for image in request.images] == [5, 6, 7]


def test_an_image_that_is_a_url_stays_a_parameter() -> None:
    script, model = scripted()
    settings = InferenceConfiguration(image_url_handling="pass_through", max_retries=0, on_error="return")
    with embedded_client(script, configuration=settings) as client:
        client.infer_from_api_v1(["https://example.com/a.jpg"], model_id="mine/1")
        client.infer_from_api_v0(["https://example.com/a.jpg"], model_id="mine/1")
    v1, v0 = model.requests
    assert v1.parameters["image"] == {"type": "url", "value": "https://example.com/a.jpg"}
    assert v0.parameters["image"] == "https://example.com/a.jpg"
    assert v1.images == v0.images == ()
    assert v1.number_of_images == v0.number_of_images == 1


def test_requests_of_a_model_are_those_that_ran_it() -> None:
    script, model = scripted()
    with embedded_client(script) as client:
        client.infer(PICTURE, model_id="mine/1")
        client.infer(PICTURE, model_id="sharpness/1")
        client.get_server_info()
    assert [request.path for request in model.requests] == ["/infer/object_detection"]
    assert [(request.method, request.path, request.model_id) for request in script.requests] == [
        ("GET", "/model/registry", None),
        ("POST", "/model/add", "mine/1"),
        ("POST", "/infer/object_detection", "mine/1"),
        ("GET", "/model/registry", None),
        ("POST", "/model/add", "sharpness/1"),
        ("POST", "/infer/classification", "sharpness/1"),
        ("GET", "/info", None),
    ]


def test_requests_can_be_forgotten() -> None:
    script, model = scripted()
    with embedded_client(script) as client:
        client.infer(PICTURE, model_id="mine/1")
        before = model.requests
        script.forget_requests()
        client.infer(PICTURE, model_id="mine/1")
    assert len(before) == 1  # what was taken out stays
    assert len(model.requests) == len(script.requests) == 1


def test_one_script_is_behind_a_client_and_a_url_at_the_same_time() -> None:
    script, model = scripted()
    with (
        embedded_client(script) as near,
        embedded_server(script) as url,
        InferenceHTTPClient(url) as far,
    ):
        assert near.infer(PICTURE, model_id="mine/1")["predictions"][0]["class"] == "person"
        assert far.infer(PICTURE, model_id="mine/1")["predictions"][0]["class"] == "person"
    assert len(model.requests) == 2


def test_many_threads_are_recorded_one_by_one() -> None:
    script, model = scripted()
    with embedded_server(script) as url, InferenceHTTPClient(url) as client:
        client.configure(InferenceConfiguration(max_concurrent_requests=8))
        results = client.infer([PICTURE] * 64, model_id="mine/1")
    assert len(results) == len(model.requests) == 64
    assert len(script.requests) == 66  # asked what it is, loaded it
