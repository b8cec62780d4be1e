"""Requests take the proxy that the environment asks for."""

from __future__ import annotations

import asyncio

import pytest
from recording_server import RecordingServer

from inference_ext import InferenceHTTPClient
from inference_ext.execution.connections.proxies import proxy_for

NAMES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]


@pytest.fixture(autouse=True)
def questions_for_the_version_count(server: RecordingServer) -> None:
    server.records_info = True


@pytest.fixture(autouse=True)
def no_proxy_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("variables", "url", "proxy"),
    [
        ({}, "http://camera.example", None),
        ({"http_proxy": "http://proxy:3128"}, "http://camera.example", "http://proxy:3128"),
        ({"http_proxy": "http://proxy:3128"}, "https://camera.example", None),
        ({"https_proxy": "proxy:3128"}, "https://camera.example", "http://proxy:3128"),
        ({"all_proxy": "http://proxy:3128"}, "https://camera.example", "http://proxy:3128"),
        ({"all_proxy": "http://proxy:3128", "no_proxy": "example"}, "https://camera.example", None),
        ({"http_proxy": "http://proxy:3128", "no_proxy": "127.0.0.1"}, "http://127.0.0.1:9001", None),
        ({"http_proxy": "http://proxy:3128", "no_proxy": "*"}, "http://camera.example", None),
    ],
)
def test_choice(variables: dict[str, str], url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy


def test_requests_go_through_the_proxy(server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The host does not exist, so an answer can only have come through the proxy."""
    monkeypatch.setenv("http_proxy", server.url)
    with InferenceHTTPClient("http://camera.invalid:9001") as client:
        assert client.get_server_info().name == "recording"
        assert asyncio.run(client.get_server_info_async()).name == "recording"
    assert [request.headers["host"] for request in server.requests] == ["camera.invalid:9001"] * 2
