"""The typed calls give objects with the server's values, without asking the registry for the task."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from inference_api.models import InstanceSegmentationPrediction

from tests.real_server import models, wire
from tests.real_server.choices import every_mode, select
from tests.real_server.expected import check, check_all, decoded, polygon_bounds
from tests.real_server.features import REQUEST_PATHS, SEMANTIC_SEGMENTATION, needs
from tests.real_server.models import Model
from tests.real_server.scenes import EMPTY, GREEN, MARCH, THREE

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

CALLS: dict[Model, str] = {
    models.BOXES: "detect_objects",
    models.MASKS: "segment_instances",
    models.POINTS: "detect_keypoints",
    models.CLASS: "classify",
    models.TAGS: "classify",
    models.SEMANTIC: "segment_semantic",
}
every_call = pytest.mark.parametrize(
    ("model", "name"),
    [
        pytest.param(
            model,
            name,
            id=f"{name} {model.model_id}",
            marks=needs(SEMANTIC_SEGMENTATION) if model is models.SEMANTIC else (),
        )
        for model, name in CALLS.items()
    ],
)


def call(client: InferenceHTTPClient, name: str) -> Callable[..., Any]:
    """Return the sync call, or run the async one, as `name` says."""
    method: Callable[..., Any] = getattr(client, name)
    if name.endswith("_async"):
        return lambda *arguments, **named: asyncio.run(method(*arguments, **named))
    return method


@every_call
@every_mode
@pytest.mark.parametrize("suffix", ["", "_async"], ids=["sync", "async"])
def test_answers_are_exact(client: InferenceHTTPClient, mode: str, model: Model, name: str, suffix: str) -> None:
    select(client, mode)
    typed = call(client, name + suffix)
    check(model, THREE, typed(THREE.png, model_id=model.model_id).to_dict())
    check(model, EMPTY, typed(EMPTY.png, model_id=model.model_id).to_dict())
    scenes = [GREEN, *MARCH, EMPTY]
    results: list[Any] = typed([scene.png for scene in scenes], model_id=model.model_id)
    assert type(results) is list
    check_all(model, scenes, [result.to_dict() for result in results])


def test_boxes_have_fields(client: InferenceHTTPClient) -> None:
    result = client.detect_objects(THREE.png, model_id=models.BOXES.model_id)
    assert (result.image.width, result.image.height) == (640, 480)
    red, green, blue = result.predictions
    assert (red.x, red.y, red.width, red.height) == (70, 60, 100, 60)
    assert (red.class_, green.class_, blue.class_) == ("red", "green", "blue")
    assert (red.class_id, green.class_id, blue.class_id) == (0, 1, 2)


def test_instances_have_points(client: InferenceHTTPClient) -> None:
    result = client.segment_instances(GREEN.png, model_id=models.MASKS.model_id)
    (prediction,) = result.predictions
    assert isinstance(prediction, InstanceSegmentationPrediction)
    points = prediction.points
    xs, ys = [point.x for point in points], [point.y for point in points]
    assert (min(xs), min(ys), max(xs), max(ys)) == polygon_bounds(GREEN, GREEN.rectangles[0])


def test_key_points_have_names(client: InferenceHTTPClient) -> None:
    result = client.detect_keypoints(THREE.png, model_id=models.POINTS.model_id)
    places = {point.class_: (point.x, point.y) for point in result.predictions[0].keypoints}
    assert places == THREE.rectangles[0].keypoints


def test_classes_have_a_winner(client: InferenceHTTPClient) -> None:
    result = client.classify(THREE.png, model_id=models.CLASS.model_id)
    assert result.to_dict()["top"] == "green"


@needs(SEMANTIC_SEGMENTATION)
def test_semantic_masks_decode(client: InferenceHTTPClient) -> None:
    result = client.segment_semantic(THREE.png, model_id=models.SEMANTIC.model_id)
    mask = decoded(result.predictions.segmentation_mask)
    assert np.array_equal(mask, THREE.class_mask)


@needs(REQUEST_PATHS)
def test_no_model_is_described_beforehand(client: InferenceHTTPClient, base: str) -> None:
    """`infer` loads a model with /model/add, and the registry remembers through which path a model came."""
    wire.post_json(base, "/model/clear", {})
    client.detect_objects(THREE.png, model_id=models.BOXES.model_id)
    (loaded,) = wire.get(base, "/model/registry").json["models"]
    assert loaded["request_paths"] == [models.BOXES.route]
