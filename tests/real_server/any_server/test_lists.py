"""Lists in batches and windows of any size come back whole and in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from inference_ext import InferenceConfiguration, InvalidResponseError
from tests.real_server import models
from tests.real_server.choices import every_mode, select
from tests.real_server.expected import check, check_all
from tests.real_server.features import (
    BATCHES_OF_CLASSIFICATION,
    SEMANTIC_SEGMENTATION,
    SHORT_BATCHES,
    needs,
)
from tests.real_server.models import Model
from tests.real_server.scenes import EMPTY, GREEN, MARCH, THREE

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

CLASSES = (models.CLASS, models.TAGS)
SCENES = [*MARCH, EMPTY, GREEN, *reversed(MARCH), THREE]
"""15 pictures; neighbours differ, and so do the n-th from the front and from the back."""


def batches(model: Model, size: int) -> Any:
    """A model with a batch size, and what it needs of the server."""
    features = [SEMANTIC_SEGMENTATION] if model is models.SEMANTIC else []
    if model in CLASSES and size > 1:
        features.append(BATCHES_OF_CLASSIFICATION)
    return pytest.param(model, size, id=f"{model.model_id}-{size}", marks=needs(*features))


@pytest.mark.parametrize(("model", "batch"), [batches(model, size) for model in models.ALL for size in (1, 4, 16)])
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


@needs(SHORT_BATCHES)
@pytest.mark.parametrize("model", CLASSES, ids=lambda model: model.model_id)
async def test_a_batch_that_is_not_answered_whole_is_an_error(client: InferenceHTTPClient, model: Model) -> None:
    """Never a list that is too short, and never one picture's answer in the place of another's."""
    client.configure(InferenceConfiguration(max_batch_size=2))
    pictures = [scene.png for scene in (GREEN, THREE, EMPTY)]
    told = r"POST /infer/classification answered 1 results for 2 images; .* set max_batch_size=1"
    with pytest.raises(InvalidResponseError, match=told) as caught:
        client.infer(pictures, model_id=model.model_id)
    assert caught.value.input_index == 0
    with pytest.raises(InvalidResponseError, match=told):
        await client.infer_async(pictures, model_id=model.model_id)

    client.configure(InferenceConfiguration(max_batch_size=2, on_error="return"))
    first, second, third = client.infer(pictures, model_id=model.model_id)
    assert isinstance(first, InvalidResponseError)
    assert isinstance(second, InvalidResponseError)
    check(model, EMPTY, third)

    client.configure(InferenceConfiguration(max_batch_size=1))
    check_all(model, [GREEN, THREE, EMPTY], client.infer(pictures, model_id=model.model_id))
