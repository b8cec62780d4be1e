"""What the server refuses arrives as the right error, with its status and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from inference_ext.errors import (
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    InvalidInputFormatError,
    InvalidModelIdentifier,
    ModelNotSelectedError,
)
from tests.real_server import models, wire
from tests.real_server.choices import every_mode, select
from tests.real_server.scenes import GREEN, THREE

if TYPE_CHECKING:
    from pathlib import Path

    from real_server.under_test import ServerUnderTest

ONCE = InferenceConfiguration(max_retries=0)


@pytest.fixture
def status(server: ServerUnderTest) -> int:
    """How the server answers about a model that it does not have: offline, it cannot ask the platform."""
    return 503 if server.platform_url is None else 404


@pytest.fixture
def message(base: str, status: int) -> str:
    """What the server says about such a model."""
    payload = {"model_id": models.MISSING, "image": {"type": "base64", "value": THREE.png_base64}}
    answer = wire.post_json(base, models.BOXES.route, payload)
    assert answer.status == status
    message: str = answer.json["message"]
    return message


@every_mode
def test_a_model_that_the_server_does_not_have(
    client: InferenceHTTPClient, mode: str, status: int, message: str
) -> None:
    select(client, mode)
    client.configure(ONCE)
    with pytest.raises(HTTPCallErrorError) as caught:
        client.infer(THREE.png, model_id=models.MISSING)
    assert caught.value.status_code == status
    assert caught.value.api_message == message
    assert message in str(caught.value)


@every_mode
async def test_a_model_that_the_server_does_not_have_async(
    client: InferenceHTTPClient, mode: str, status: int, message: str
) -> None:
    select(client, mode)
    client.configure(ONCE)
    with pytest.raises(HTTPCallErrorError) as caught:
        await client.infer_async(THREE.png, model_id=models.MISSING)
    assert caught.value.status_code == status
    assert caught.value.api_message == message


def test_a_typed_call_of_a_missing_model(client: InferenceHTTPClient, status: int) -> None:
    client.configure(ONCE)
    with pytest.raises(HTTPCallErrorError) as caught:
        client.detect_objects(THREE.png, model_id=models.MISSING)
    assert caught.value.status_code == status


def test_an_id_that_no_model_can_have(client: InferenceHTTPClient) -> None:
    with pytest.raises(HTTPCallErrorError) as caught:
        client.detect_objects(THREE.png, model_id="a/b/c/d")
    assert caught.value.status_code == 400
    assert caught.value.api_message == "Invalid Model ID sent in request."
    client.select_api_v0()
    with pytest.raises(InvalidModelIdentifier, match="a/b/c/d"):
        client.infer(THREE.png, model_id="a/b/c/d")


def test_loading_a_missing_model(client: InferenceHTTPClient, status: int, message: str) -> None:
    client.configure(ONCE)
    with pytest.raises(HTTPCallErrorError) as caught:
        client.load_model(models.MISSING)
    assert caught.value.status_code == status
    assert caught.value.api_message == message


@every_mode
def test_no_model(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    with pytest.raises(ModelNotSelectedError):
        client.infer(THREE.png)


@every_mode
def test_a_file_that_is_not_there(client: InferenceHTTPClient, mode: str, tmp_path: Path) -> None:
    select(client, mode)
    with pytest.raises(InvalidInputFormatError, match=r"missing\.png"):
        client.infer(tmp_path / "missing.png", model_id=models.BOXES.model_id)


@every_mode
def test_a_picture_that_is_cut_short(client: InferenceHTTPClient, mode: str) -> None:
    """The client or the server refuses it; either way the caller learns of it as an error of this package."""
    select(client, mode)
    with pytest.raises(HTTPClientError) as caught:
        client.infer(THREE.png[:200], model_id=models.BOXES.model_id)
    refused_here = isinstance(caught.value, InvalidInputFormatError)
    refused_there = isinstance(caught.value, HTTPCallErrorError) and caught.value.status_code == 400
    assert refused_here or refused_there


@every_mode
def test_one_bad_picture_in_a_list(client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    pictures = [GREEN.png, b"no picture", THREE.png]
    client.configure(InferenceConfiguration(on_error="return"))
    green, error, three = client.infer(pictures, model_id=models.BOXES.model_id)
    assert isinstance(error, HTTPClientError)
    assert error.input_index == 1
    assert [len(green["predictions"]), len(three["predictions"])] == [1, 3]
    client.configure(InferenceConfiguration(on_error="raise"))
    with pytest.raises(HTTPClientError) as caught:
        client.infer(pictures, model_id=models.BOXES.model_id)
    assert caught.value.input_index == 1


def test_nobody_listens() -> None:
    # Port 1 of loopback: reserved, nothing listens there.
    with InferenceHTTPClient("http://127.0.0.1:1") as client:
        client.configure(ONCE)
        with pytest.raises(HTTPServerConnectionError):
            client.infer(THREE.png, model_id=models.BOXES.model_id)
