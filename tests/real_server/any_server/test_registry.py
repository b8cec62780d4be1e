"""The server's registry of loaded models, through the client and through the generated layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inference_ext.errors import WrongClientModeError
from tests.real_server import models, wire
from tests.real_server.choices import every_model
from tests.real_server.expected import check
from tests.real_server.scenes import THREE

if TYPE_CHECKING:
    from real_server.under_test import ServerUnderTest

    from inference_ext import InferenceHTTPClient


@pytest.fixture(autouse=True)
def empty_registry(server: ServerUnderTest) -> None:
    unload_all(server)


def unload_all(server: ServerUnderTest) -> None:
    """Empty the registry behind the client's back."""
    assert wire.post_json(server.url, "/model/clear", {}).json["models"] == []
    server.model_files.restore()


def loaded_ids(base: str) -> list[str]:
    return [model["model_id"] for model in wire.get(base, "/model/registry").json["models"]]


def test_server_info(client: InferenceHTTPClient, server: ServerUnderTest) -> None:
    info = client.get_server_info()
    plain = wire.get(server.url, "/info").json
    assert (info.name, info.version, info.uuid) == (plain["name"], server.version, plain["uuid"])


async def test_server_info_async(client: InferenceHTTPClient, server: ServerUnderTest) -> None:
    assert (await client.get_server_info_async()).version == server.version


def test_load_and_unload(client: InferenceHTTPClient, base: str) -> None:
    assert client.list_loaded_models().models == []
    after_first = client.load_model(models.BOXES.model_id)
    assert [model.model_id for model in after_first.models] == [models.BOXES.model_id]
    client.load_model(models.POINTS.model_id)
    assert [model.model_id for model in client.list_loaded_models().models] == loaded_ids(base)
    assert loaded_ids(base) == [models.BOXES.model_id, models.POINTS.model_id]
    after_removal = client.unload_model(models.BOXES.model_id)
    assert [model.model_id for model in after_removal.models] == [models.POINTS.model_id]
    assert client.unload_all_models().models == []
    assert loaded_ids(base) == []


async def test_load_and_unload_async(client: InferenceHTTPClient, base: str) -> None:
    assert (await client.list_loaded_models_async()).models == []
    await client.load_model_async(models.BOXES.model_id)
    await client.load_model_async(models.POINTS.model_id)
    listed = await client.list_loaded_models_async()
    assert [model.model_id for model in listed.models] == loaded_ids(base)
    after_removal = await client.unload_model_async(models.BOXES.model_id)
    assert [model.model_id for model in after_removal.models] == [models.POINTS.model_id]
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


def test_a_model_unloaded_behind_the_clients_back_comes_back(
    client: InferenceHTTPClient, server: ServerUnderTest
) -> None:
    check(models.BOXES, THREE, client.infer(THREE.png, model_id=models.BOXES.model_id))
    unload_all(server)
    check(models.BOXES, THREE, client.infer(THREE.png, model_id=models.BOXES.model_id))
    assert loaded_ids(server.url) == [models.BOXES.model_id]


def test_v0_has_no_registry(client: InferenceHTTPClient) -> None:
    client.select_api_v0()
    for call in (client.list_loaded_models, client.unload_all_models):
        with pytest.raises(WrongClientModeError):
            call()
