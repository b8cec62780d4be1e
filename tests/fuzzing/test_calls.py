"""No method of the client is left out, and every one takes the answer that is listed for it."""

from __future__ import annotations

from typing import Any

import pytest

from inference_ext import InferenceHTTPClient
from inference_ext.json_types import is_array

from .calls import CALLS, NOTHING_SENT, REGISTRY, public_methods
from .json_text import json_text


def test_every_method_is_listed() -> None:
    assert public_methods() == CALLS.keys() | NOTHING_SENT
    assert not CALLS.keys() & NOTHING_SENT


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("method", CALLS)
def test_the_answer_that_is_spoiled_elsewhere_is_right_here(method: str) -> None:
    call = CALLS[method]
    (answer, *_) = call.answers

    def application(environment: dict[str, Any], start_response: Any) -> list[bytes]:
        valid = REGISTRY if environment["PATH_INFO"].startswith("/model/") else answer
        kind = "application/octet-stream" if isinstance(valid, bytes) else "application/json"
        start_response("200 OK", [("Content-Type", kind)])
        return [valid if isinstance(valid, bytes) else json_text(valid)]

    with InferenceHTTPClient("http://fuzzed.invalid", api_key="k", application=application) as client:
        result = getattr(client, method)(**call.arguments)
        result = list(result) if method == "infer_on_stream" else result
    assert result or is_array(result)
