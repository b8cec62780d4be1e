"""The server's registry of loaded models, through the client and through the generated layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from inference_api.api.server import get_info

from inference_ext.errors import WrongClientModeError
from tests.real_server import models, wire
from tests.real_server.expected import check
from tests.real_server.scenes import THREE
from tests.real_server.test_tasks import every_model

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

SERVER_VERSION = "1.8.3"


@pytest.fixture(autouse=True)
def empty_registry(base: str) -> None:
    assert wire.post_json(base, "/model/clear", {}).json["models"] == []


def loaded_ids(base: str) -> list[str]:
    return [model["model_id"] for model in wire.get(base, "/model/registry").json["models"]]


def test_server_info(client: InferenceHTTPClient, base: str) -> None:
    info = client.get_server_info()
    plain = wire.get(base, "/info").json
    assert (info.name, info.version, info.uuid) == (plain["name"], SERVER_VERSION, plain["uuid"])


async def test_server_info_async(client: InferenceHTTPClient) -> None:
    assert (await client.get_server_info_async()).version == SERVER_VERSION


def test_the_generated_layer_shares_the_connection(client: InferenceHTTPClient) -> None:
    info = get_info.sync(client=client.api)
    assert info is not None
    assert info.version == SERVER_VERSION


async def test_the_generated_layer_async(client: InferenceHTTPClient) -> None:
    info = await get_info.asyncio(client=client.api)
    assert info is not None
    assert info.version == SERVER_VERSION


def test_load_and_unload(client: InferenceHTTPClient, base: str) -> None:
    assert client.list_loaded_models().models == []
    after_first = client.load_model(models.BOXES.model_id)
    assert [model.model_id for model in after_first.models] == [models.BOXES.model_id]
    client.load_model(models.SEMANTIC.model_id)
    assert [model.model_id for model in client.list_loaded_models().models] == loaded_ids(base)
    assert loaded_ids(base) == [models.BOXES.model_id, models.SEMANTIC.model_id]
    after_removal = client.unload_model(models.BOXES.model_id)
    assert [model.model_id for model in after_removal.models] == [models.SEMANTIC.model_id]
    assert client.unload_all_models().models == []
    assert loaded_ids(base) == []


async def test_load_and_unload_async(client: InferenceHTTPClient, base: str) -> None:
    assert (await client.list_loaded_models_async()).models == []
    await client.load_model_async(models.BOXES.model_id)
    await client.load_model_async(models.SEMANTIC.model_id)
    listed = await client.list_loaded_models_async()
    assert [model.model_id for model in listed.models] == loaded_ids(base)
    after_removal = await client.unload_model_async(models.BOXES.model_id)
    assert [model.model_id for model in after_removal.models] == [models.SEMANTIC.model_id]
    assert (await client.unload_all_models_async()).models == []


@every_model
async def test_describing_a_model_loads_it(client: InferenceHTTPClient, base: str, model: models.Model) -> None:
    description = client.get_model_description(model.model_id)
    assert (description.model_id, description.task_type) == (model.model_id, model.task)
    assert (description.input_width, description.input_height) == (640, 640)
    assert loaded_ids(base) == [model.model_id]
    again = await client.get_model_description_async(model.model_id, allow_loading=False)
    assert again.model_id == model.model_id


def test_loading_may_select(client: InferenceHTTPClient) -> None:
    client.load_model(models.POINTS.model_id, set_as_default=True)
    assert client.selected_model == models.POINTS.model_id
    check(models.POINTS, THREE, client.infer(THREE.png))
    client.unload_all_models()
    assert client.selected_model is None


def test_a_model_unloaded_behind_the_clients_back_comes_back(client: InferenceHTTPClient, base: str) -> None:
    check(models.BOXES, THREE, client.infer(THREE.png, model_id=models.BOXES.model_id))
    wire.post_json(base, "/model/clear", {})
    check(models.BOXES, THREE, client.infer(THREE.png, model_id=models.BOXES.model_id))
    assert loaded_ids(base) == [models.BOXES.model_id]


def test_v0_has_no_registry(client: InferenceHTTPClient) -> None:
    client.select_api_v0()
    for call in (client.list_loaded_models, client.unload_all_models):
        with pytest.raises(WrongClientModeError):
            call()
