"""Settings reach the server under the right names: each one changes the answer as it should."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from inference_ext import HTTPCallErrorError, InferenceConfiguration
from tests.real_server import models
from tests.real_server.choices import every_box_model, every_mode, select
from tests.real_server.expected import check
from tests.real_server.features import NAMED_THRESHOLDS, NUMERIC_THRESHOLDS_ONLY, RUN_LENGTH_MASKS, needs
from tests.real_server.rle import mask_of
from tests.real_server.scenes import THREE, Rectangle, Scene

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

OVERLAPPING = Scene((Rectangle("red", 100, 90, 500, 390), Rectangle("blue", 140, 120, 540, 420)))
"""Two boxes of one size. The overlap is 0.68 as intersection over union, and 0.81 as the legacy engine reckons it:
intersection over the area of the lower box."""


def classes(answer: Any) -> list[str]:
    return [prediction["class"] for prediction in answer["predictions"]]


@pytest.mark.parametrize(
    ("threshold", "found"),
    [(0.0, ["red", "green", "blue"]), (0.75, ["red", "green"]), (0.85, ["red"]), (0.95, [])],
)
@every_box_model
@every_mode
def test_confidence_threshold(
    client: InferenceHTTPClient, mode: str, model: models.Model, threshold: float, found: list[str]
) -> None:
    select(client, mode)
    client.configure(InferenceConfiguration(confidence_threshold=threshold))
    assert classes(client.infer(THREE.png, model_id=model.model_id)) == found


@every_mode
def test_confidence_threshold_of_classes(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    client.configure(InferenceConfiguration(confidence_threshold=0.01))
    answer = client.infer(THREE.png, model_id=models.CLASS.model_id)
    found = {prediction["class"]: prediction["confidence"] for prediction in answer["predictions"]}
    assert found == {name: round(score, 4) for name, score in THREE.class_scores.items()}


def test_percentages_in_v0(client: InferenceHTTPClient) -> None:
    client.select_api_v0()
    client.configure(InferenceConfiguration(confidence_threshold=85))
    assert classes(client.infer(THREE.png, model_id=models.BOXES.model_id)) == ["red"]


@every_mode
def test_max_detections(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    client.configure(InferenceConfiguration(max_detections=2))
    assert classes(client.infer(THREE.png, model_id=models.BOXES.model_id)) == ["red", "green"]


def test_class_filter(client: InferenceHTTPClient) -> None:
    client.configure(InferenceConfiguration(class_filter=["blue", "green"]))
    assert classes(client.infer(THREE.png, model_id=models.BOXES.model_id)) == ["green", "blue"]


def test_suppression_across_classes(client: InferenceHTTPClient) -> None:
    def found(**settings: Any) -> list[str]:
        with client.use_configuration(InferenceConfiguration(**settings)):
            return classes(client.infer(OVERLAPPING.png, model_id=models.BOXES.model_id))

    assert found() == ["red", "blue"]
    assert found(class_agnostic_nms=True, iou_threshold=0.5) == ["red"]
    assert found(class_agnostic_nms=True, iou_threshold=0.9) == ["red", "blue"]


@needs(NAMED_THRESHOLDS)
@pytest.mark.parametrize("threshold", ["best", "default"])
@every_mode
def test_named_thresholds(client: InferenceHTTPClient, mode: str, threshold: Any) -> None:
    """Without the platform no model has a best threshold, and the server takes its own."""
    select(client, mode)
    client.configure(InferenceConfiguration(confidence_threshold=threshold))
    check(models.BOXES, THREE, client.infer(THREE.png, model_id=models.BOXES.model_id))


@needs(NUMERIC_THRESHOLDS_ONLY)
@every_mode
def test_named_thresholds_that_an_old_server_refuses(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    client.configure(InferenceConfiguration(confidence_threshold="best"))
    with pytest.raises(HTTPCallErrorError, match=r"confidence: Input should be a valid number") as caught:
        client.infer(THREE.png, model_id=models.BOXES.model_id)
    assert caught.value.status_code == 422


@every_mode
def test_keypoint_threshold_is_ignored_by_the_server(client: InferenceHTTPClient, mode: str) -> None:
    """It accepts the setting, but never hands it to the model: all points come back."""
    select(client, mode)
    client.configure(InferenceConfiguration(keypoint_confidence_threshold=0.8))
    check(models.POINTS, THREE, client.infer(THREE.png, model_id=models.POINTS.model_id))


@needs(RUN_LENGTH_MASKS)
@every_mode
def test_masks_as_run_lengths(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    client.configure(InferenceConfiguration(response_mask_format="rle"))
    answer = client.infer(THREE.png, model_id=models.MASKS.model_id)
    assert classes(answer) == THREE.colours
    for rectangle, prediction in zip(THREE.rectangles, answer["predictions"], strict=True):
        assert prediction["mask_format"] == "rle"
        assert np.array_equal(mask_of(prediction["rle"]), THREE.instance_mask(rectangle))


def test_a_scope_ends_with_its_block(client: InferenceHTTPClient) -> None:
    strict = InferenceConfiguration(confidence_threshold=0.95)
    with client.use_configuration(strict):
        assert classes(client.infer(THREE.png, model_id=models.BOXES.model_id)) == []
    check(models.BOXES, THREE, client.infer(THREE.png, model_id=models.BOXES.model_id))
