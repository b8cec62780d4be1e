"""Every method of the client, answered with success and with anything for a body."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from inference_ext.json_types import is_object
from inference_ext.results.drawing import draw_result
from inference_ext.results.typed import SemanticSegmentationResult

from ..calls import CALLS, IMAGE, REGISTRY, Call
from ..choices import Choices
from ..json_text import json_text
from ..mutation import any_json, mutated_bytes, mutated_json
from ..oracle import KEY, only_our_errors

if TYPE_CHECKING:
    from _typeshed import OptExcInfo
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

__all__ = ["SEEDS", "success_answers"]

METHODS = sorted(CALLS)

_CONTENT_TYPES = (
    "application/json",
    "application/json; charset=utf-16",
    "image/jpeg",
    "image/png",
    "application/octet-stream",
    "text/html",
    "",
    ";",
    "IMAGE/",
    "application/json, image/jpeg",
)

#: One for each method, answered as it should be, blocking and under asyncio.
SEEDS = [bytes([number, shell]) for number in range(len(METHODS)) for shell in (0, 3)]


def success_answers(data: bytes) -> None:
    """Call a method; its answer is what it should be, spoiled, or something else altogether."""
    choices = Choices(data)
    method = choices.pick(METHODS)
    call = CALLS[method]
    under_asyncio = choices.below(4) == 3  # a loop of its own for each costs more than the rest
    configuration = _configuration(choices)
    mode = choices.pick(("v1", "v0"))
    spoiled = choices.below(3)  # the first, the second or the third request, the others are answered well
    headers = _headers(choices)
    bodies = _bodies(call, choices, spoiled)
    client = InferenceHTTPClient("http://fuzzed.invalid", api_key=KEY, application=_application(headers, bodies))
    client.configure(configuration)
    client.select_api_v0() if mode == "v0" else client.select_api_v1()
    with client, only_our_errors():
        result = _called_async(client, method, call) if under_asyncio else _called(client, method, call)
        _use(result)


def _configuration(choices: Choices) -> InferenceConfiguration:
    return InferenceConfiguration(
        output_visualisation_format=choices.pick(("numpy", "pillow", "base64")),
        client_downsizing_disabled=choices.flag(),
        default_max_input_size=4,
        on_error=choices.pick(("raise", "return")),
        class_filter=choices.pick((None, ["a"])),
        max_retries=0,
        profiling_directory=tempfile.gettempdir() + "/fuzzed-traces",
    )


def _headers(choices: Choices) -> list[tuple[str, str]]:
    return [("Content-Type", choices.pick(_CONTENT_TYPES)) for _ in range(1 + choices.below(2))]


def _bodies(call: Call, choices: Choices, spoiled: int) -> Callable[[str], bytes]:
    answer = choices.pick(call.answers)
    requests = 0

    def body(path: str) -> bytes:
        nonlocal requests
        requests += 1
        valid = REGISTRY if path.startswith("/model/") else answer
        return _spoiled(valid, choices) if requests > spoiled else _encoded(valid)

    return body


def _spoiled(valid: Any, choices: Choices) -> bytes:
    if isinstance(valid, bytes):
        return mutated_bytes(valid, choices)
    kind = choices.below(4)
    if kind == 3:
        return json_text(any_json(choices)) if choices.flag() else choices.rest()
    text = json_text(mutated_json(valid, choices))
    return mutated_bytes(text, choices) if kind == 2 else text


def _encoded(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json_text(value)


def _application(headers: list[tuple[str, str]], body: Callable[[str], bytes]) -> Any:
    def application(environment: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        information: OptExcInfo | None = None
        start_response("200 OK", headers, information)
        return [body(environment["PATH_INFO"])]

    return application


def _called(client: InferenceHTTPClient, method: str, call: Call) -> Any:
    result = getattr(client, method)(**call.arguments)
    return list(result) if method == "infer_on_stream" else result


def _called_async(client: InferenceHTTPClient, method: str, call: Call) -> Any:
    async def run() -> Any:
        result = getattr(client, f"{method}_async")(**call.arguments)
        return [item async for item in result] if method == "infer_on_stream" else await result

    return asyncio.run(run())


def _use(result: Any) -> None:
    """Do with a result what callers do: read typed ones, draw."""
    if hasattr(result, "to_dict"):
        result.to_dict()
    if isinstance(result, SemanticSegmentationResult):
        assert result.class_ids().ndim == 2
    if hasattr(result, "annotate"):
        result.annotate(IMAGE)
    elif is_object(result):
        draw_result(result, IMAGE)
