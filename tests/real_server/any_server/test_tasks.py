"""Every task, in both API modes, sync and async, one image and a list: exact answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.real_server import models
from tests.real_server.choices import every_mode, every_model, select
from tests.real_server.expected import check, check_all
from tests.real_server.models import Model
from tests.real_server.scenes import EMPTY, GREEN, MARCH, THREE, Scene

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

every_scene = pytest.mark.parametrize("scene", [THREE, GREEN, EMPTY], ids=["three", "green", "empty"])

LIST = [GREEN, *MARCH, EMPTY, THREE]


@every_model
@every_mode
@every_scene
def test_one_image(client: InferenceHTTPClient, mode: str, model: Model, scene: Scene) -> None:
    select(client, mode)
    check(model, scene, client.infer(scene.png, model_id=model.model_id))


@every_model
@every_mode
@every_scene
async def test_one_image_async(client: InferenceHTTPClient, mode: str, model: Model, scene: Scene) -> None:
    select(client, mode)
    check(model, scene, await client.infer_async(scene.png, model_id=model.model_id))


@every_model
@every_mode
def test_a_list_keeps_its_order(client: InferenceHTTPClient, mode: str, model: Model) -> None:
    select(client, mode)
    check_all(model, LIST, client.infer([scene.png for scene in LIST], model_id=model.model_id))


@every_model
@every_mode
async def test_a_list_keeps_its_order_async(client: InferenceHTTPClient, mode: str, model: Model) -> None:
    select(client, mode)
    check_all(model, LIST, await client.infer_async([scene.png for scene in LIST], model_id=model.model_id))


@every_mode
def test_a_list_of_one_stays_a_list(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    check_all(models.BOXES, [THREE], client.infer([THREE.png], model_id=models.BOXES.model_id))


@every_mode
async def test_an_empty_list_gives_an_empty_list(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    assert client.infer([], model_id=models.BOXES.model_id) == []
    assert await client.infer_async([], model_id=models.BOXES.model_id) == []


@every_model
def test_calls_that_name_their_mode(client: InferenceHTTPClient, model: Model) -> None:
    check(model, THREE, client.infer_from_api_v0(THREE.png, model_id=model.model_id))
    check(model, THREE, client.infer_from_api_v1(THREE.png, model_id=model.model_id))


@every_model
async def test_calls_that_name_their_mode_async(client: InferenceHTTPClient, model: Model) -> None:
    check(model, THREE, await client.infer_from_api_v0_async(THREE.png, model_id=model.model_id))
    check(model, THREE, await client.infer_from_api_v1_async(THREE.png, model_id=model.model_id))


def test_modes_and_models_selected_for_a_block(client: InferenceHTTPClient) -> None:
    client.select_model(models.BOXES.model_id)
    with client.use_api_v0(), client.use_model(models.POINTS.model_id):
        check(models.POINTS, THREE, client.infer(THREE.png))
    check(models.BOXES, THREE, client.infer(THREE.png))
