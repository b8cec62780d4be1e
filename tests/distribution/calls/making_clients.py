"""Making a client, closing it, and what it is set to."""

from collections.abc import Callable, Iterable
from typing import Any, assert_type

from inference_api import Client

from inference_ext import HTTPClientMode, InferenceConfiguration, InferenceHTTPClient, URLPolicy, __version__
from inference_ext.local import LocalBackend


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [repr(environ).encode()]


def made() -> None:
    assert_type(InferenceHTTPClient("http://localhost:9001"), InferenceHTTPClient)
    assert_type(InferenceHTTPClient(api_url="http://localhost:9001", api_key=None), InferenceHTTPClient)
    assert_type(
        InferenceHTTPClient("http://localhost:9001", "K", url_policy=URLPolicy(), application=application),
        InferenceHTTPClient,
    )
    assert_type(InferenceHTTPClient("http://local.invalid", application=LocalBackend()), InferenceHTTPClient)
    assert_type(InferenceHTTPClient.init(api_url="http://localhost:9001", api_key="K"), InferenceHTTPClient)
    assert_type(InferenceHTTPClient.embedded(), InferenceHTTPClient)
    assert_type(InferenceHTTPClient.embedded(LocalBackend()), InferenceHTTPClient)
    assert_type(InferenceHTTPClient.embedded(application=application), InferenceHTTPClient)
    assert_type(__version__, str)


async def closed(client: InferenceHTTPClient) -> None:
    with client as opened:
        assert_type(opened, InferenceHTTPClient)
    async with client as opened_here:
        assert_type(opened_here, InferenceHTTPClient)
    client.close()
    await client.aclose()


class OwnClient(InferenceHTTPClient):
    """Methods that give the client give the class it is of."""


def changed(client: InferenceHTTPClient, own: OwnClient) -> None:
    assert_type(client.configure(inference_configuration=InferenceConfiguration()), InferenceHTTPClient)
    assert_type(client.select_api_v0(), InferenceHTTPClient)
    assert_type(client.select_api_v1(), InferenceHTTPClient)
    assert_type(client.select_model(model_id="p/1"), InferenceHTTPClient)
    assert_type(own.select_api_v0().select_api_v1().select_model("p/1").configure(InferenceConfiguration()), OwnClient)
    assert_type(OwnClient.init("http://localhost:9001"), OwnClient)
    assert_type(OwnClient.embedded(), OwnClient)


def changed_for_a_block(client: InferenceHTTPClient, own: OwnClient) -> None:
    with client.use_configuration(inference_configuration=InferenceConfiguration()) as configured:
        assert_type(configured, InferenceHTTPClient)
    with client.use_api_v0() as in_v0, client.use_api_v1() as in_v1:
        assert_type(in_v0, InferenceHTTPClient)
        assert_type(in_v1, InferenceHTTPClient)
    with client.use_model(model_id="p/1") as of_model:
        assert_type(of_model, InferenceHTTPClient)
    with own.use_model("p/1") as own_of_model:
        assert_type(own_of_model, OwnClient)


def asked(client: InferenceHTTPClient) -> None:
    assert_type(client.client_mode, HTTPClientMode)
    assert_type(client.selected_model, str | None)
    assert_type(client.inference_configuration, InferenceConfiguration)
    assert_type(client.api, Client)
