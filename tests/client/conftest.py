from __future__ import annotations

from collections.abc import Generator

import pytest
from recording_server import RecordingServer, recording_server

from inference_ext import InferenceHTTPClient


@pytest.fixture(autouse=True)
def _no_key_in_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ROBOFLOW_API_KEY", "API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def server() -> Generator[RecordingServer]:
    with recording_server() as running:
        yield running


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    with InferenceHTTPClient(server.url, api_key="KEY-1") as made:
        yield made
