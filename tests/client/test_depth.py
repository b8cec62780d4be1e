from __future__ import annotations

import base64
import warnings
from collections.abc import Generator
from typing import Any

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request
from sent_images import decoded, plain

from inference_ext import (
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidModelIdentifier,
    InvalidParameterError,
    InvalidResponseError,
)


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = depth_server
    with InferenceHTTPClient(server.url, api_key="KEY-1") as made:
        yield made


def depth_server(request: Request) -> Reply:
    """The depth of every pixel is its blue value."""
    blue = decoded(request.json["image"])[:, :, 0]
    depth: Any = (blue / 255).tolist()
    if request.json["depth_map_format"] != "json":
        levels = blue if request.json["depth_map_format"] == "png8" else blue.astype(np.uint16) * 257
        depth = base64.b64encode(cv2.imencode(".png", levels)[1].tobytes()).decode()
    return Reply({"normalized_depth": depth, "image": "cGljdHVyZQ==", "time": 0.1})


@both_shells
@pytest.mark.parametrize("depth_map_format", ["png8", "png16"])
def test_png_becomes_an_array(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, depth_map_format: str
) -> None:
    client.configure(InferenceConfiguration(image_format="png"))
    pixels = np.random.default_rng(1).integers(0, 256, (9, 7, 3), dtype=np.uint8)
    result = invoke(client, "depth_estimation", pixels, depth_map_format=depth_map_format)
    assert result["normalized_depth"].dtype == np.float32
    np.testing.assert_allclose(result["normalized_depth"], pixels[:, :, 0] / 255, atol=1e-6)
    assert result["image"] == "cGljdHVyZQ=="
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", "/infer/depth-estimation", {})
    assert list(request.json) == ["api_key", "model_id", "depth_map_format", "image"]
    assert request.json["api_key"] == "KEY-1"
    assert request.json["model_id"] == "depth-anything-v3/small"
    assert request.json["depth_map_format"] == depth_map_format


@both_shells
def test_json_is_the_default_and_warns_where_it_was_called(invoke: Invoke, client: InferenceHTTPClient) -> None:
    with pytest.warns(FutureWarning, match="png16") as caught:
        result = invoke(client, "depth_estimation", plain(255))
    assert result["normalized_depth"] == [[1.0] * 12] * 8
    assert [warning.filename.rpartition("/")[2] for warning in caught] == ["both_shells.py"]


@both_shells
def test_png_does_not_warn(invoke: Invoke, client: InferenceHTTPClient) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        invoke(client, "depth_estimation", plain(1), depth_map_format="png16")


@both_shells
def test_model_id_may_travel_in_the_path_too(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    invoke(
        client, "depth_estimation", plain(1), "depth-anything-v2/small", model_id_in_path=True, depth_map_format="png8"
    )
    (request,) = server.requests
    assert request.path == "/infer/depth-estimation/depth-anything-v2/small"
    assert request.json["model_id"] == "depth-anything-v2/small"


@both_shells
def test_every_image_is_a_request_of_its_own(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    client.configure(InferenceConfiguration(max_batch_size=4, max_concurrent_requests=3, image_format="png"))
    results = invoke(client, "depth_estimation", [plain(value) for value in (0, 51, 255)], depth_map_format="png16")
    assert [round(float(result["normalized_depth"][0, 0]), 3) for result in results] == [0.0, 0.2, 1.0]
    assert server.paths() == ["POST /infer/depth-estimation"] * 3
    assert isinstance(invoke(client, "depth_estimation", [plain(1)], depth_map_format="png16"), list)
    assert invoke(client, "depth_estimation", [], depth_map_format="png16") == []


@both_shells
def test_server_that_knows_no_png_gives_lists(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = lambda _: Reply({"normalized_depth": [[0.5]], "image": ""})
    assert invoke(client, "depth_estimation", plain(1), depth_map_format="png16")["normalized_depth"] == [[0.5]]


@both_shells
@pytest.mark.parametrize("body", [[1, 2], "text", [{"normalized_depth": [[0]]}] * 2, {"normalized_depth": "cut"}])
def test_answer_that_is_no_depth_is_an_error(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, body: Any
) -> None:
    server.answer = lambda _: Reply(body)
    with pytest.raises(InvalidResponseError):
        invoke(client, "depth_estimation", plain(1), depth_map_format="png16")


@both_shells
@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"depth_map_format": "png"}, InvalidParameterError, "depth_map_format: expected one of 'json', 'png16'"),
        ({"depth_map_format": None}, InvalidParameterError, "depth_map_format"),
        ({"model_id": ""}, InvalidParameterError, "model_id"),
        ({"model_id_in_path": "yes"}, InvalidParameterError, "model_id_in_path"),
        ({"model_id_in_path": True, "model_id": "../admin"}, InvalidModelIdentifier, "single slashes"),
    ],
)
def test_arguments_are_checked_before_anything_is_sent(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    arguments: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        invoke(client, "depth_estimation", plain(1), **{"depth_map_format": "png8", **arguments})
    assert server.requests == []
