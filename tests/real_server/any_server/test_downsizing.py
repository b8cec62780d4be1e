"""A picture larger than the model's input is shrunk before it is sent; answers are in the caller's pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from inference_ext import InferenceConfiguration
from tests.real_server import models
from tests.real_server.choices import every_box_model, every_mode, select
from tests.real_server.expected import check_boxes, decoded
from tests.real_server.features import RUN_LENGTH_MASKS, SEMANTIC_SEGMENTATION, needs
from tests.real_server.rle import mask_of
from tests.real_server.scenes import THREE

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

FACTOR = 3
LARGE = THREE.enlarged(FACTOR)
"""1920x1440."""


def shrinking(**settings: Any) -> InferenceConfiguration:
    # The same limit in v0, where the model's input size is not asked for.
    return InferenceConfiguration(client_downsizing_disabled=False, default_max_input_size=640, **settings)


@every_box_model
@pytest.mark.parametrize("image_format", ["png", "jpeg"])
@every_mode
async def test_boxes_are_in_the_pixels_of_the_original(
    client: InferenceHTTPClient, mode: str, image_format: Any, model: models.Model
) -> None:
    select(client, mode)
    client.configure(shrinking(image_format=image_format))
    # JPEG moves an edge by a pixel of the picture that was sent.
    tolerance = 1.0 if image_format == "png" else float(FACTOR)
    for answer in (
        client.infer(LARGE.png, model_id=model.model_id),
        await client.infer_async(LARGE.png, model_id=model.model_id),
    ):
        assert answer["image"] == {"width": LARGE.width, "height": LARGE.height}
        check_boxes(LARGE, answer, tolerance=tolerance)


@every_mode
def test_key_points_are_in_the_pixels_of_the_original(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    client.configure(shrinking(image_format="png"))
    answer = client.infer(LARGE.png, model_id=models.POINTS.model_id)
    for rectangle, prediction in zip(LARGE.rectangles, answer["predictions"], strict=True):
        found = {point["class"]: (point["x"], point["y"]) for point in prediction["keypoints"]}
        assert found.keys() == rectangle.keypoints.keys()
        for name, place in rectangle.keypoints.items():
            assert np.allclose(found[name], place, rtol=0, atol=1)


@every_mode
def test_polygons_are_in_the_pixels_of_the_original(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    client.configure(shrinking(image_format="png"))
    answer = client.infer(LARGE.png, model_id=models.MASKS.model_id)
    for rectangle, prediction in zip(LARGE.rectangles, answer["predictions"], strict=True):
        xs = [point["x"] for point in prediction["points"]]
        ys = [point["y"] for point in prediction["points"]]
        # A polygon runs through the middle of the last pixels inside, and those are FACTOR wide here.
        assert np.allclose((min(xs), min(ys), max(xs), max(ys)), rectangle.bounds, rtol=0, atol=FACTOR)


@needs(RUN_LENGTH_MASKS)
@every_mode
def test_run_lengths_are_in_the_pixels_of_the_original(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    client.configure(shrinking(image_format="png", response_mask_format="rle"))
    answer = client.infer(LARGE.png, model_id=models.MASKS.model_id)
    for rectangle, prediction in zip(LARGE.rectangles, answer["predictions"], strict=True):
        assert np.array_equal(mask_of(prediction["rle"]), LARGE.instance_mask(rectangle, corner=FACTOR))


@needs(SEMANTIC_SEGMENTATION)
@every_mode
def test_semantic_masks_are_in_the_pixels_of_the_original(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    client.configure(shrinking(image_format="png"))
    answer = client.infer(LARGE.png, model_id=models.SEMANTIC.model_id)
    assert answer["image"] == {"width": LARGE.width, "height": LARGE.height}
    assert np.array_equal(decoded(answer["predictions"]["segmentation_mask"]), LARGE.class_mask)


@every_mode
def test_small_pictures_are_left_alone(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    client.configure(shrinking())
    # The default format is JPEG: an exact answer shows that the PNG went out as it is.
    check_boxes(THREE, client.infer(THREE.png, model_id=models.BOXES.model_id))


@every_mode
def test_off_by_default(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    answer = client.infer(LARGE.png, model_id=models.BOXES.model_id)
    assert answer["image"] == {"width": LARGE.width, "height": LARGE.height}
    # The server shrinks it itself: by then an edge may fall between two of its pixels.
    check_boxes(LARGE, answer, tolerance=float(FACTOR))
