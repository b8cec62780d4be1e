"""The server under test and clients for it; `scripts/real_server_lane.py` starts the one and sets its URL."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from inference_ext import InferenceHTTPClient

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
# For `tests.real_server` and for `real_server`, the lane's own package, wherever pytest is started.
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

URL_VARIABLE = "INFERENCE_EXT_REAL_SERVER_URL"


def pytest_configure() -> None:
    """Refuse to run without a server: a lane that passes because it had nothing to test is worse than none."""
    if not os.environ.get(URL_VARIABLE):
        raise pytest.UsageError(
            f"tests/real_server needs the real server, and {URL_VARIABLE} does not name one. "
            "Run `python scripts/real_server_lane.py`, which starts it; the ordinary tests run with "
            "`--ignore=tests/real_server`."
        )


@pytest.fixture(scope="session")
def base() -> str:
    """The server's URL, without a trailing slash."""
    return os.environ[URL_VARIABLE].rstrip("/")


@pytest.fixture
def client(base: str) -> Iterator[InferenceHTTPClient]:
    """A client in its default mode for this address, v1."""
    with InferenceHTTPClient(base, api_key="unused") as client:
        yield client
