"""`client.api` reaches every operation of the server with the client's key and connections."""

from __future__ import annotations

import asyncio

import pytest
from inference_api.api.models_registry import add_model
from inference_api.api.server import get_info
from inference_api.errors import UnexpectedStatus
from inference_api.models import AddModelRequest
from recording_server import RecordingServer, Reply

from inference_ext import InferenceConfiguration, InferenceHTTPClient


@pytest.fixture(autouse=True)
def questions_for_the_version_count(server: RecordingServer) -> None:
    server.records_info = True


def test_blocking_and_asyncio_calls(client: InferenceHTTPClient, server: RecordingServer) -> None:
    assert get_info.sync(client=client.api).version == "1.8.3"
    assert asyncio.run(get_info.asyncio(client=client.api)).version == "1.8.3"
    assert [request.query for request in server.requests] == [{"api_key": "KEY-1"}] * 2


def test_header_transport_keeps_the_key_out_of_the_address(server: RecordingServer) -> None:
    with InferenceHTTPClient(server.url, api_key="KEY-1") as client:
        client.configure(InferenceConfiguration(api_key_transport="header"))
        add_model.sync(client=client.api, body=AddModelRequest(model_id="p/1"))
    (request,) = server.requests
    assert request.query == {}
    assert request.headers["authorization"] == "Bearer KEY-1"
    assert request.json == {"model_id": "p/1"}


def test_key_follows_the_setting_of_the_moment(client: InferenceHTTPClient, server: RecordingServer) -> None:
    with client.use_configuration(InferenceConfiguration(api_key_transport="header")):
        get_info.sync(client=client.api)
    get_info.sync(client=client.api)
    assert [request.query for request in server.requests] == [{}, {"api_key": "KEY-1"}]


def test_connections_are_kept(client: InferenceHTTPClient, server: RecordingServer) -> None:
    for _ in range(3):
        get_info.sync(client=client.api)
    assert len({request.connection for request in server.requests}) == 1


def test_errors_are_those_of_the_generated_layer(client: InferenceHTTPClient, server: RecordingServer) -> None:
    server.answer = lambda _: Reply({"message": "gone"}, status=410)
    with pytest.raises(UnexpectedStatus) as caught:
        get_info.sync(client=client.api)
    assert caught.value.body == {"message": "gone"}
