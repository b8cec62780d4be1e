"""What the server says about itself, and its models."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_type

from inference_ext import (
    CallAvailability,
    InferenceHTTPClient,
    ModelDescription,
    RegisteredModels,
    ServerDescription,
    ServerInfo,
)


async def about_the_server(client: InferenceHTTPClient, info: ServerInfo) -> None:
    assert_type(client.get_server_info(), ServerInfo)
    assert_type(await client.get_server_info_async(), ServerInfo)
    assert_type(info.name, str)
    assert_type(info.version, str)
    assert_type(info.uuid, str)
    assert_type(info.to_dict(), dict[str, Any])


async def models(client: InferenceHTTPClient) -> None:
    assert_type(client.list_loaded_models(), RegisteredModels)
    assert_type(client.get_model_description(model_id="p/1", allow_loading=False), ModelDescription)
    assert_type(client.load_model(model_id="p/1", set_as_default=True), RegisteredModels)
    assert_type(client.unload_model(model_id="p/1"), RegisteredModels)
    assert_type(client.unload_all_models(), RegisteredModels)
    assert_type(await client.list_loaded_models_async(), RegisteredModels)
    assert_type(await client.get_model_description_async(model_id="p/1", allow_loading=False), ModelDescription)
    assert_type(await client.load_model_async(model_id="p/1", set_as_default=True), RegisteredModels)
    assert_type(await client.unload_model_async(model_id="p/1"), RegisteredModels)
    assert_type(await client.unload_all_models_async(), RegisteredModels)


def about_models(registered: RegisteredModels, model: ModelDescription) -> None:
    assert_type(registered.models, list[ModelDescription])
    assert_type(registered.find(model_id="p/1"), ModelDescription | None)
    assert_type(registered.to_dict(), dict[str, Any])
    assert_type(model.model_id, str)
    assert_type(model.task_type, str)
    assert_type(model.batch_size, int | str | None)
    assert_type(model.input_height, int | None)
    assert_type(model.input_width, int | None)
    assert_type(model.to_dict(), dict[str, Any])


async def description(client: InferenceHTTPClient, server: ServerDescription, call: CallAvailability) -> None:
    assert_type(client.describe(), ServerDescription)
    assert_type(await client.describe_async(), ServerDescription)
    assert_type(str(server), str)
    assert_type(server.url, str)
    assert_type(server.name, str)
    assert_type(server.version, str)
    assert_type(server.client_version, str)
    assert_type(server.newest_known_version, str)
    assert_type(server.models, Sequence[ModelDescription] | None)
    assert_type(server.calls, Mapping[str, CallAvailability])
    assert_type(server.calls["infer"].is_available, bool)
    assert_type(server.to_dict(), dict[str, Any])
    assert_type(call.is_available, bool)
    assert_type(call.reason, str)
    assert_type(call.to_dict(), dict[str, Any])
