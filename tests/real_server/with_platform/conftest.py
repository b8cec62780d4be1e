"""The platform's stand-in, and a client whose key it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from real_server.platform_stand_in import GOOD_KEY

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from tests.real_server.platform import Platform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from real_server.under_test import ServerUnderTest


@pytest.fixture
def platform(server: ServerUnderTest) -> Platform:
    """What the server asked the platform."""
    assert server.platform_url is not None, "this server has no platform to ask"
    return Platform(server.platform_url)


@pytest.fixture
def client(base: str) -> Iterator[InferenceHTTPClient]:
    """A client of the stand-in's workspace; it repeats nothing, as a refusal of the platform's stays one."""
    with InferenceHTTPClient(base, api_key=GOOD_KEY) as client:
        client.configure(InferenceConfiguration(max_retries=0))
        yield client
