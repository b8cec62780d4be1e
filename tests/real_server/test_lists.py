"""Lists in batches and windows of any size come back whole and in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inference_ext import InferenceConfiguration
from tests.real_server import models
from tests.real_server.expected import check_all
from tests.real_server.models import Model
from tests.real_server.scenes import EMPTY, GREEN, MARCH, THREE
from tests.real_server.test_tasks import every_mode, every_model, select

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

SCENES = [*MARCH, EMPTY, GREEN, *reversed(MARCH), THREE]
"""15 pictures; neighbours differ, and so do the n-th from the front and from the back."""


@pytest.mark.parametrize("batch", [1, 4, 16])
@every_model
async def test_every_batch_size(client: InferenceHTTPClient, model: Model, batch: int) -> None:
    client.configure(InferenceConfiguration(max_batch_size=batch, max_concurrent_requests=3))
    pictures = [scene.png for scene in SCENES]
    check_all(model, SCENES, client.infer(pictures, model_id=model.model_id))
    check_all(model, SCENES, await client.infer_async(pictures, model_id=model.model_id))


@pytest.mark.parametrize("window", [1, 2, 30])
@every_mode
async def test_every_window(client: InferenceHTTPClient, mode: str, window: int) -> None:
    select(client, mode)
    client.configure(InferenceConfiguration(max_concurrent_requests=window))
    pictures = [scene.png for scene in SCENES]
    check_all(models.BOXES, SCENES, client.infer(pictures, model_id=models.BOXES.model_id))
    check_all(models.BOXES, SCENES, await client.infer_async(pictures, model_id=models.BOXES.model_id))


def test_a_tuple_is_a_list_of_images(client: InferenceHTTPClient) -> None:
    pictures = tuple(scene.png for scene in MARCH)
    check_all(models.BOXES, MARCH, client.infer(pictures, model_id=models.BOXES.model_id))
