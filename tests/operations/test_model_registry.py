"""The registry's answer is read for what it should hold; whatever else stands there goes no further."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from inference_ext.configuration import ApiKeyTransport
from inference_ext.configuration.credentials import Credentials
from inference_ext.operations.exchange import Answer
from inference_ext.operations.model_registry import ModelDescription, get_server_info, list_models

DEEP = b"[" * 1000 + b"]" * 1000


def described(**fields: Any) -> ModelDescription:
    content = orjson.dumps({"models": [{"model_id": "a/1", **fields}]})
    return read_models(content)


def read_models(content: bytes) -> ModelDescription:
    (model,) = (
        list_models(Credentials(None, ApiKeyTransport.LEGACY))
        .read(Answer("GET /model/registry", 200, {}, content))
        .models
    )
    return model


@pytest.mark.parametrize("value", [True, False, None, -1, 0, 1.5, "640", [640], {"a": 1}])
def test_what_is_no_number_of_pixels_is_none(value: Any) -> None:
    model = described(input_width=value, input_height=value)
    assert (model.input_width, model.input_height) == (None, None)


@pytest.mark.parametrize(("value", "expected"), [(1, 1), ("N", "N"), (True, None), (1.5, None), ([1], None)])
def test_the_batch_size_is_a_number_or_a_word(value: Any, expected: int | str | None) -> None:
    assert described(batch_size=value).batch_size == expected


@pytest.mark.parametrize("field", [b"task_type", b"batch_size", b"input_width", b"other"])
def test_a_field_may_nest_deeper_than_python_calls(field: bytes) -> None:
    model = read_models(b'{"models":[{"model_id":"a/1","%b":%b}]}' % (field, DEEP))
    assert model.to_dict() == ModelDescription("a/1", "").to_dict()


def test_a_servers_name_is_text_whatever_stands_there() -> None:
    content = b'{"name":%b,"version":1.5,"uuid":null}' % DEEP
    info = get_server_info().read(Answer("GET /info", 200, {}, content))
    assert info.to_dict() == {"name": "", "version": "1.5", "uuid": ""}
