"""Shrinking before sending: off unless asked for, only ever down, and coordinates of the original in the answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request, detector
from sent_images import decoded

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from inference_ext.results.rle import decode_rle, encode_rle

LARGE = np.random.default_rng(2).integers(0, 256, (1200, 1600, 3), dtype=np.uint8)
modes = pytest.mark.parametrize("mode", ["v0", "v1"])


def shrinking(**settings: Any) -> InferenceConfiguration:
    return InferenceConfiguration(client_downsizing_disabled=False, image_format="png", **settings)


def sent_size(server: RecordingServer) -> tuple[int, int]:
    height, width = server.requests[-1].image().shape[:2]
    return width, height


def registry(width: int | None, height: int | None, answer: Any = detector) -> Any:
    """A server whose only model works on this size."""
    model = {"model_id": "p/1", "task_type": "object-detection", "input_width": width, "input_height": height}
    return lambda request: Reply({"models": [model]}) if request.path == "/model/registry" else answer(request)


@both_shells
@modes
def test_by_default_every_pixel_is_sent(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, mode: str
) -> None:
    client.configure(InferenceConfiguration(image_format="png"))
    invoke(client, f"infer_from_api_{mode}", LARGE, model_id="p/1")
    np.testing.assert_array_equal(server.requests[-1].image(), LARGE)


@both_shells
@pytest.mark.parametrize(("limit", "size"), [(None, (1024, 768)), (400, (400, 300)), (1, (1, 1)), (5000, (1600, 1200))])
def test_v0_shrinks_to_the_configured_size(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, limit: int | None, size: tuple[int, int]
) -> None:
    client.configure(shrinking() if limit is None else shrinking(default_max_input_size=limit))
    result = invoke(client, "infer_from_api_v0", LARGE, model_id="p/1")
    assert sent_size(server) == size
    assert server.paths() == ["POST /p/1"]
    assert result["image"] == {"width": 1600, "height": 1200}


@both_shells
@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (640, 640, (640, 480)),
        (200, 600, (200, 150)),
        (4000, 4000, (1600, 1200)),
        (None, None, (100, 75)),
        (640, None, (100, 75)),
        (0, 0, (100, 75)),
    ],
)
def test_v1_shrinks_to_the_models_size_and_without_one_to_the_configured(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    width: int | None,
    height: int | None,
    size: tuple[int, int],
) -> None:
    server.answer = registry(width, height)
    client.configure(shrinking(default_max_input_size=100))
    invoke(client, "infer_from_api_v1", LARGE, model_id="p/1")
    assert sent_size(server) == size


@both_shells
@modes
def test_small_images_are_never_enlarged(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, mode: str
) -> None:
    client.configure(shrinking())
    small = np.full((9, 17, 3), 200, np.uint8)
    invoke(client, f"infer_from_api_{mode}", small, model_id="p/1")
    assert sent_size(server) == (17, 9)


def everything(request: Request) -> Reply:
    """One prediction with every kind of coordinate: the left half of what was sent."""
    height, width = request.image().shape[:2]
    left = np.zeros((height, width), np.bool_)
    left[:, : width // 2] = True
    half = {"x": width / 4, "y": height / 2, "width": width / 2, "height": height}
    corners = [(0, 0), (width / 2, 0), (width / 2, height), (0, height)]
    prediction = {
        **half,
        "points": [{"x": x, "y": y} for x, y in corners],
        "keypoints": [{"x": width / 2, "y": height, "confidence": 0.5, "class": "corner", "class_id": 0}],
        "rle": encode_rle(left),
        "class": "left",
        "class_id": 0,
        "confidence": 0.5,
    }
    return Reply({"image": {"width": width, "height": height}, "predictions": [prediction]})


@both_shells
@modes
@pytest.mark.parametrize("as_list", [False, True])
def test_boxes_points_and_masks_are_those_of_the_original(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, mode: str, as_list: bool
) -> None:
    server.answer = registry(64, 64, everything)
    client.configure(shrinking(default_max_input_size=64))
    results = invoke(client, f"infer_from_api_{mode}", [LARGE] if as_list else LARGE, model_id="p/1")
    result = results[0] if as_list else results
    assert sent_size(server) == (64, 48)
    assert result["image"] == {"width": 1600, "height": 1200}
    (found,) = result["predictions"]
    assert (found["x"], found["y"], found["width"], found["height"]) == pytest.approx((400, 600, 800, 1200))
    corners = [(0, 0), (800, 0), (800, 1200), (0, 1200)]
    assert [(point["x"], point["y"]) for point in found["points"]] == [pytest.approx(corner) for corner in corners]
    assert (found["keypoints"][0]["x"], found["keypoints"][0]["y"]) == pytest.approx((800, 1200))
    mask = decode_rle(found["rle"])
    assert mask.shape == (1200, 1600)
    assert mask[:, :795].all()
    assert not mask[:, 805:].any()


@both_shells
def test_core_models_and_workflows_get_every_pixel(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    def answer(request: Request) -> Reply:
        return Reply({"outputs": [{}]} if request.path == "/workflows/run" else {"result": ""})

    server.answer = answer
    client.configure(shrinking(default_max_input_size=64))
    invoke(client, "ocr_image", LARGE)
    specification: dict[str, Any] = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}
    invoke(client, "run_workflow", specification=specification, images={"image": LARGE})
    ocr, workflow = (request.json for request in server.requests)
    for entry in (ocr["image"], workflow["inputs"]["image"]):
        np.testing.assert_array_equal(decoded(entry), LARGE)
