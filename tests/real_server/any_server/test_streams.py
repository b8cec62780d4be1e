"""Directories and video files, picture by picture through the real server, in their order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from inference_ext import HTTPClientError, InferenceConfiguration
from tests.real_server import models
from tests.real_server.choices import every_box_model, every_mode, select
from tests.real_server.expected import check, check_boxes
from tests.real_server.scenes import EMPTY, MARCH, THREE

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

SCENES = [*MARCH, EMPTY, THREE]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures whose names are in the scenes' order, written in another."""
    for index in reversed(range(len(SCENES))):
        (tmp_path / f"{index:03d}.png").write_bytes(SCENES[index].png)
    return tmp_path


@pytest.fixture
def video(tmp_path: Path) -> Path:
    """The scenes as frames of a video, each a JPEG of its own."""
    path = tmp_path / "scenes.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (640, 480))
    writer.set(cv2.VIDEOWRITER_PROP_QUALITY, 100)
    for scene in SCENES:
        writer.write(scene.bgr)
    writer.release()
    return path


async def frames(client: InferenceHTTPClient, shell: str, source: Path, model: models.Model) -> list[Any]:
    if shell == "blocking":
        return list(client.infer_on_stream(str(source), model_id=model.model_id))
    return [item async for item in client.infer_on_stream_async(str(source), model_id=model.model_id)]


every_shell = pytest.mark.parametrize("shell", ["blocking", "asyncio"])


@every_shell
@every_box_model
@every_mode
async def test_directory(client: InferenceHTTPClient, folder: Path, mode: str, model: models.Model, shell: str) -> None:
    select(client, mode)
    items = await frames(client, shell, folder, model)
    assert [Path(path).name for path, _, _ in items] == [f"{index:03d}.png" for index in range(len(SCENES))]
    for scene, (_, pixels, answer) in zip(SCENES, items, strict=True):
        assert np.array_equal(pixels, scene.bgr)
        check(model, scene, answer)


@every_shell
@every_mode
async def test_video(client: InferenceHTTPClient, video: Path, mode: str, shell: str) -> None:
    select(client, mode)
    client.configure(InferenceConfiguration(image_format="png"))
    items = await frames(client, shell, video, models.BOXES)
    assert [number for number, _, _ in items] == list(range(len(SCENES)))
    for scene, (_, _, answer) in zip(SCENES, items, strict=True):
        # Two losses of a pixel: the video's own coding, and its colours at half the resolution.
        check_boxes(scene, answer, tolerance=2.0)


@every_mode
async def test_one_file_that_is_no_picture(client: InferenceHTTPClient, folder: Path, mode: str) -> None:
    select(client, mode)
    (folder / "001.png").write_bytes(b"no picture")
    client.configure(InferenceConfiguration(on_error="return"))
    items = await frames(client, "blocking", folder, models.BOXES)
    assert [isinstance(answer, HTTPClientError) for _, _, answer in items] == [index == 1 for index in range(8)]
    check(models.BOXES, SCENES[2], items[2][2])
