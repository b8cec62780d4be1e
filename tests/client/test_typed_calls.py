"""Typed calls: each knows its task and its route, asks no registry, and gives objects for one image or for a list."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request

from inference_ext import (
    ClassificationResult,
    InferenceConfiguration,
    InferenceHTTPClient,
    InstanceSegmentationResult,
    InvalidParameterError,
    KeypointDetectionResult,
    ModelNotSelectedError,
    MultiLabelClassificationResult,
    ObjectDetectionResult,
    SemanticSegmentationResult,
)
from inference_ext.results.encoded_masks import encode_mask_png

PIXELS = np.zeros((6, 8, 3), np.uint8)
SIZE = {"image": {"width": 8, "height": 6}, "time": 0.1}
BOX = {"x": 4.0, "y": 3.0, "width": 2.0, "height": 1.0, "confidence": 0.5, "class": "bolt", "class_id": 1}
POINT = {"x": 1.0, "y": 2.0}

#: Method, route, kind of the result, answer.
CALLS: dict[str, tuple[str, str, type[Any], dict[str, Any]]] = {
    "boxes": ("detect_objects", "/infer/object_detection", ObjectDetectionResult, {**SIZE, "predictions": [BOX]}),
    "masks": (
        "segment_instances",
        "/infer/instance_segmentation",
        InstanceSegmentationResult,
        {**SIZE, "predictions": [{**BOX, "points": [POINT, POINT, POINT]}]},
    ),
    "key points": (
        "detect_keypoints",
        "/infer/keypoints_detection",
        KeypointDetectionResult,
        {**SIZE, "predictions": [{**BOX, "keypoints": [{**POINT, "confidence": 0.5, "class": "tip", "class_id": 0}]}]},
    ),
    "classes": (
        "classify",
        "/infer/classification",
        ClassificationResult,
        {
            **SIZE,
            "predictions": [{"class": "bolt", "class_id": 1, "confidence": 0.5}],
            "top": "bolt",
            "confidence": 0.5,
        },
    ),
    "labels": (
        "classify",
        "/infer/classification",
        MultiLabelClassificationResult,
        {
            **SIZE,
            "predictions": {"bolt": {"class_id": 1, "confidence": 0.5}},
            "predicted_classes": ["bolt"],
        },
    ),
    "semantic mask": (
        "segment_semantic",
        "/infer/semantic_segmentation",
        SemanticSegmentationResult,
        {
            **SIZE,
            "predictions": {
                "segmentation_mask": encode_mask_png(np.ones((6, 8), np.uint8)),
                "confidence_mask": encode_mask_png(np.full((6, 8), 200, np.uint8)),
                "class_map": {"0": "background", "1": "bolt"},
            },
        },
    ),
}
every_call = pytest.mark.parametrize("call", CALLS)


def answering(body: dict[str, Any]) -> Any:
    """A server without a model registry that gives every image this result."""

    def answer(request: Request) -> Reply:
        if request.path.startswith("/model/"):
            return Reply({"detail": "Not Found"}, status=404)
        many = request.path.startswith("/infer/") and isinstance(request.json["image"], list)
        return Reply([body] * len(request.json["image"]) if many else body)

    return answer


@both_shells
@every_call
@pytest.mark.parametrize("mode", ["v0", "v1"])
def test_one_image_gives_one_result_and_a_sequence_a_list(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, call: str, mode: str
) -> None:
    method, route, kind, body = CALLS[call]
    server.answer = answering(body)
    (client.select_api_v0 if mode == "v0" else client.select_api_v1)()
    result = invoke(client, method, PIXELS, model_id="p/1")
    assert type(result) is kind
    assert result.to_dict()["predictions"] == body["predictions"]
    for images in ([PIXELS], (PIXELS, PIXELS, PIXELS)):
        results = invoke(client, method, images, model_id="p/1")
        assert [type(one) for one in results] == [kind] * len(images)
    assert invoke(client, method, [], model_id="p/1") == []
    assert server.paths() == [f"POST {route if mode == 'v1' else '/p/1'}"] * 5


@both_shells
@every_call
def test_batches_travel_together_in_v1(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, call: str
) -> None:
    method, route, kind, body = CALLS[call]
    server.answer = answering(body)
    client.configure(InferenceConfiguration(max_batch_size=2, max_concurrent_requests=1))
    results = invoke(client, method, [PIXELS] * 3, model_id="p/1")
    assert [type(result) for result in results] == [kind] * 3
    assert [len(request.images()) for request in server.requests] == [2, 1]
    assert server.paths() == [f"POST {route}"] * 2


@both_shells
@every_call
def test_the_selected_model_is_used_unless_one_is_named(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, call: str
) -> None:
    method, _, _, body = CALLS[call]
    server.answer = answering(body)
    with pytest.raises(ModelNotSelectedError):
        invoke(client, method, PIXELS)
    assert server.requests == []
    client.select_model("selected/1")
    invoke(client, method, PIXELS)
    invoke(client, method, PIXELS, "named/2")
    with client.use_model("used/3"):
        invoke(client, method, PIXELS)
    assert [request.json["model_id"] for request in server.requests] == ["selected/1", "named/2", "used/3"]


@both_shells
@every_call
def test_a_picture_alone_cannot_be_typed(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, call: str
) -> None:
    client.select_api_v0().configure(InferenceConfiguration(format="image"))
    with pytest.raises(InvalidParameterError, match="image_and_json"):
        invoke(client, CALLS[call][0], PIXELS, model_id="p/1")
    assert server.requests == []
