"""Pictures drawn by the server, in the form the caller asked for."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np
import pytest
from PIL import Image

from inference_ext import InferenceConfiguration, VisualisationResponseFormat
from tests.real_server import models
from tests.real_server.choices import every_mode, select
from tests.real_server.expected import check_boxes
from tests.real_server.scenes import THREE, Pixels

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

ReadPicture = Callable[[Any], Pixels]


def read_base64(picture: Any) -> Pixels:
    assert isinstance(picture, str)
    pixels = cv2.imdecode(np.frombuffer(base64.b64decode(picture, validate=True), np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return pixels.astype(np.uint8, copy=False)


def read_numpy(picture: Any) -> Pixels:
    assert type(picture) is np.ndarray
    pixels: Pixels = picture
    assert pixels.dtype == np.uint8
    return pixels


def read_pillow(picture: Any) -> Pixels:
    assert isinstance(picture, Image.Image)
    return np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])


FORMATS: dict[VisualisationResponseFormat, ReadPicture] = {
    VisualisationResponseFormat.BASE64: read_base64,
    VisualisationResponseFormat.NUMPY: read_numpy,
    VisualisationResponseFormat.PILLOW: read_pillow,
}
every_format = pytest.mark.parametrize(("form", "read"), FORMATS.items(), ids=[form.value for form in FORMATS])


def assert_drawn(picture: Pixels) -> None:
    """The picture is the scene, in BGR, with lines drawn along the edges of the boxes."""
    assert picture.shape == (480, 640, 3)
    for rectangle in THREE.rectangles:
        y, x = (rectangle.top + rectangle.bottom) // 2, (rectangle.left + rectangle.right) // 2
        assert np.allclose(picture[y, x].astype(int), THREE.bgr[y, x].astype(int), rtol=0, atol=40)
    changed = np.abs(picture.astype(int) - THREE.bgr.astype(int)).max(axis=2) > 60
    assert changed.any(), "nothing is drawn"


def settings(mode: str, form: VisualisationResponseFormat) -> InferenceConfiguration:
    drawn: dict[str, Any] = {"format": "image_and_json"} if mode == "v0" else {"visualize_predictions": True}
    return InferenceConfiguration(output_visualisation_format=form, **drawn)


@every_format
@every_mode
async def test_predictions_and_a_picture(
    client: InferenceHTTPClient, mode: str, form: VisualisationResponseFormat, read: ReadPicture
) -> None:
    select(client, mode)
    client.configure(settings(mode, form))
    for answer in (
        client.infer(THREE.png, model_id=models.BOXES.model_id),
        await client.infer_async(THREE.png, model_id=models.BOXES.model_id),
    ):
        check_boxes(THREE, answer)
        assert_drawn(read(answer["visualization"]))


@every_format
async def test_a_picture_alone(
    client: InferenceHTTPClient, form: VisualisationResponseFormat, read: ReadPicture
) -> None:
    client.select_api_v0()
    client.configure(InferenceConfiguration(format="image", output_visualisation_format=form))
    for answer in (
        client.infer(THREE.png, model_id=models.BOXES.model_id),
        await client.infer_async(THREE.png, model_id=models.BOXES.model_id),
    ):
        assert set(answer) == {"visualization"}
        assert_drawn(read(answer["visualization"]))


@pytest.mark.parametrize("format_", ["image", "image_and_json"])
def test_a_list_of_pictures(client: InferenceHTTPClient, format_: Literal["image", "image_and_json"]) -> None:
    client.select_api_v0()
    client.configure(
        InferenceConfiguration(format=format_, output_visualisation_format=VisualisationResponseFormat.NUMPY)
    )
    answers = client.infer([THREE.png, THREE.png], model_id=models.BOXES.model_id)
    assert len(answers) == 2
    for answer in answers:
        assert_drawn(answer["visualization"])
