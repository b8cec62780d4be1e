"""The same picture handed over in every accepted form gives the same answer."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from attrs import evolve

from inference_ext import ImageInput, InferenceConfiguration
from tests.real_server import models
from tests.real_server.choices import every_mode, select
from tests.real_server.expected import check, check_all, check_boxes
from tests.real_server.scenes import MARCH, THREE, Scene

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

BOXES = models.BOXES
LOSSLESS = InferenceConfiguration(image_format="png")

MakeInput = Callable[[Scene, Path], ImageInput]


def file_of(scene: Scene, folder: Path) -> Path:
    path = folder / "scene.png"
    path.write_bytes(scene.png)
    return path


INPUTS: dict[str, MakeInput] = {
    "path": file_of,
    "path as text": lambda scene, folder: str(file_of(scene, folder)),
    "bytes": lambda scene, _: scene.png,
    "file object": lambda scene, _: io.BytesIO(scene.png),
    "base64": lambda scene, _: scene.png_base64,
    "data URI": lambda scene, _: f"data:image/png;base64,{scene.png_base64}",
    "BGR array": lambda scene, _: scene.bgr,
    "BGRA array": lambda scene, _: np.dstack([scene.bgr, np.full(scene.bgr.shape[:2], 255, np.uint8)]),
    "float array": lambda scene, _: scene.bgr.astype(np.float32) / 255,
    "16 bit array": lambda scene, _: scene.bgr.astype(np.uint16) * 257,
    "PIL": lambda scene, _: scene.pil,
    "PIL with palette": lambda scene, _: scene.pil.convert("P"),
}
every_input = pytest.mark.parametrize("make", INPUTS.values(), ids=INPUTS.keys())


@every_input
@every_mode
async def test_every_form_gives_the_exact_answer(
    client: InferenceHTTPClient, mode: str, make: MakeInput, tmp_path: Path
) -> None:
    select(client, mode)
    client.configure(LOSSLESS)
    image: ImageInput = make(THREE, tmp_path)
    check(BOXES, THREE, client.infer(image, model_id=BOXES.model_id))
    image = make(THREE, tmp_path)  # once more: a file object is read to its end
    check(BOXES, THREE, await client.infer_async(image, model_id=BOXES.model_id))


@every_input
async def test_every_form_can_travel_as_a_file(client: InferenceHTTPClient, make: MakeInput, tmp_path: Path) -> None:
    client.select_api_v0().configure(evolve(LOSSLESS, v0_upload="multipart"))
    check(BOXES, THREE, client.infer(make(THREE, tmp_path), model_id=BOXES.model_id))
    check(BOXES, THREE, await client.infer_async(make(THREE, tmp_path), model_id=BOXES.model_id))


@every_mode
def test_one_list_may_mix_all_forms(client: InferenceHTTPClient, mode: str, tmp_path: Path) -> None:
    select(client, mode)
    client.configure(LOSSLESS)
    scenes = [MARCH[index % len(MARCH)] for index in range(len(INPUTS))]
    inputs: list[ImageInput] = []
    for index, (scene, make) in enumerate(zip(scenes, INPUTS.values(), strict=True)):
        folder = tmp_path / str(index)
        folder.mkdir()
        inputs.append(make(scene, folder))
    check_all(BOXES, scenes, client.infer(inputs, model_id=BOXES.model_id))


LOSSY: dict[str, Callable[[Scene], ImageInput]] = {
    "JPEG bytes": lambda scene: scene.jpeg,
    "JPEG base64": lambda scene: base64.b64encode(scene.jpeg).decode("ascii"),
    "array": lambda scene: scene.bgr,
    "PIL": lambda scene: scene.pil,
}


@pytest.mark.parametrize("make", LOSSY.values(), ids=LOSSY.keys())
@every_mode
def test_jpeg_moves_edges_by_a_pixel_at_most(
    client: InferenceHTTPClient, mode: str, make: Callable[[Scene], ImageInput]
) -> None:
    select(client, mode)
    answer = client.infer(make(THREE), model_id=BOXES.model_id)
    check_boxes(THREE, answer, tolerance=1.0)


@every_mode
def test_an_array_in_rgb_order_is_a_different_picture(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    client.configure(LOSSLESS)
    answer = client.infer(np.ascontiguousarray(THREE.rgb), model_id=BOXES.model_id)
    found = {prediction["class"]: (prediction["x"], prediction["y"]) for prediction in answer["predictions"]}
    red, green, blue = ((r.box["x"], r.box["y"]) for r in THREE.rectangles)
    assert found == {"red": blue, "green": green, "blue": red}
