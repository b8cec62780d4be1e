"""Fixtures of all tests. Shared modules stand in this folder and are imported by their names."""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from recording_server import RecordingServer, recording_server

from inference_ext import InferenceHTTPClient

# A shell that starts the tests in the background switches Ctrl-C off, and the programs they start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def no_key_in_environment(monkeypatch: pytest.MonkeyPatch) -> None:
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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-pages", action="store_true", help="write the pages of docs that tests make")
