"""Fixtures for pytest, found through the entry point; nothing else is imported until one is used. PYTEST_DONT_REWRITE.

| fixture | what a test gets |
|---|---|
| `inference_script` | an `InferenceScript`, new for every test |
| `inference_client` | an `InferenceHTTPClient` on it, in process |
| `inference_server_url` | the URL of a server on 127.0.0.1 that plays it |

With `inference_script_strict = true` in pytest's configuration, a test that passes fails at its end when something
scripted was not used or something else was asked for.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

    from .script import InferenceScript

__all__ = ["inference_client", "inference_script", "inference_server_url", "pytest_addoption"]

_STRICT = "inference_script_strict"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the setting of pytest's configuration file."""
    parser.addini(
        _STRICT,
        "fail tests that leave something of their inference_script unused, or ask for what is not in it",
        type="bool",
        default=False,
    )


@pytest.fixture
def inference_script(request: pytest.FixtureRequest) -> Generator[InferenceScript]:
    """What the embedded inference server answers in this test; see `inference_ext.testing.InferenceScript`."""
    from .script import InferenceScript

    script = InferenceScript()
    failed_before = request.session.testsfailed
    yield script
    # A test that failed has said what matters.
    if request.config.getini(_STRICT) and request.session.testsfailed == failed_before:
        script.assert_all_used()


@pytest.fixture
def inference_client(inference_script: InferenceScript) -> Generator[InferenceHTTPClient]:
    """A client on `inference_script`, in process; see `inference_ext.testing.embedded_client`."""
    from .clients import embedded_client

    with embedded_client(inference_script) as client:
        yield client


@pytest.fixture
def inference_server_url(inference_script: InferenceScript) -> Generator[str]:
    """The URL of a server that plays `inference_script`; see `inference_ext.testing.embedded_server`."""
    from .clients import embedded_server

    with embedded_server(inference_script) as url:
        yield url
