"""What every method sends, found by calling it: which parameter of which operation, and which argument causes it.

    from tests.signatures.exposure import causes, exposed

    exposed("detect_objects")["POST /infer/object_detection"]  # {"body.iou_threshold", "query.service_secret", ...}
    causes("detect_objects")["iou_threshold"]  # {("POST /infer/object_detection", "body.iou_threshold"), ...}
    causes_of_settings("detect_objects")["iou_threshold"]  # the same by the setting

The calls go to a server on a socket that records them. Results are kept, so asking twice costs nothing.
"""

from __future__ import annotations

import asyncio
import tempfile
import warnings
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeAlias

from attrs import frozen
from recording_server import RecordingServer, Reply, Request, recording_server

from inference_ext import HTTPClientError, InferenceConfiguration, InferenceHTTPClient, WrongClientModeError
from inference_ext.client.routes_of_calls import ROUTES_OF_CALLS
from inference_ext.json_types import is_array, is_object
from tests.fuzzing.calls import CALLS as ANSWERED_CALLS
from tests.fuzzing.calls import NPY

from .accepted import Operation, read_document, read_operations
from .arguments import ARGUMENTS, MODELS, OTHERS, SETTINGS, Arguments, every_setting
from .taken_apart import Values, operation_of, values_of

__all__ = ["Exposed", "WireParameter", "causes", "causes_of_settings", "exposed", "exposed_by_all"]

WireParameter: TypeAlias = tuple[str, str]
"""An operation's key and a path of the wire, such as `("POST /infer/lmm", "body.prompt")`."""

Exposed: TypeAlias = Mapping[str, frozenset[str]]
"""By operation, the paths that some call of a method carries."""

_Sent: TypeAlias = dict[str, Values]
"""By operation, the values under each path."""


@frozen
class _Profile:
    """What the client is set to around a call."""

    mode: str
    settings: Mapping[str, Any]


_Record: TypeAlias = Callable[[Arguments, _Profile], "_Sent | None"]
"""Calls a method and tells what was sent; `None` where the method does not have that mode."""

_PROFILES = (
    _Profile("v1", {"api_key_transport": "legacy"}),
    _Profile("v1", {"api_key_transport": "header", "client_downsizing_disabled": True}),
    _Profile("v0", {"api_key_transport": "legacy", "v0_upload": "multipart"}),
    _Profile("v0", {"api_key_transport": "header", "v0_upload": "base64"}),
)
#: One for each mode: what an argument causes does not depend on how the key travels.
_PROFILES_FOR_CAUSES = (_PROFILES[0], _PROFILES[2])


@cache
def exposed(method: str, *, in_asyncio: bool = False) -> Exposed:
    """Give what a method sends, over all ways through it."""
    found: dict[str, set[str]] = {}
    with _recorder(method, in_asyncio=in_asyncio) as record:
        for profile in _PROFILES:
            for arguments in ARGUMENTS[method]:
                for key, values in (record(arguments, profile) or {}).items():
                    found.setdefault(key, set()).update(values)
    return {key: frozenset(paths) for key, paths in found.items()}


def exposed_by_all() -> dict[str, Exposed]:
    """Give what every method that talks to a server sends."""
    return {method: exposed(method) for method in ROUTES_OF_CALLS}


@cache
def causes(method: str) -> Mapping[str, frozenset[WireParameter]]:
    """Give for every argument of a method what it changes on the wire; empty for one that stays in the client.

    The method is called with everything, and again without one argument (or with another value for it, where it cannot
    be left out alone); what differs is its doing.
    """
    found: dict[str, set[WireParameter]] = {}
    with _recorder(method) as record:
        for profile, arguments, sent in _calls(method, record):
            for name in arguments:
                other = _first_taken(_with_another(arguments, name), profile, record)
                found.setdefault(name, set()).update(_differences(sent, other))
    return {name: frozenset(parameters) for name, parameters in found.items()}


@cache
def causes_of_settings(method: str) -> Mapping[str, frozenset[WireParameter]]:
    """Give for every setting what it changes on the wire of a method's calls; settings that change nothing are not in.

    It takes some forty calls for each way through the method.
    """
    defaults = InferenceConfiguration()
    found: dict[str, set[WireParameter]] = {}
    with _recorder(method) as record:
        for profile, arguments, sent in _calls(method, record):
            for name in SETTINGS:
                changed = _Profile(profile.mode, {**profile.settings, name: getattr(defaults, name)})
                # Some cannot be left out: an image that is fetched, not passed on, is nowhere.
                if differences := _differences(sent, _first_taken(iter([arguments]), changed, record)):
                    found.setdefault(name, set()).update(differences)
    return {name: frozenset(parameters) for name, parameters in found.items()}


def _calls(method: str, record: _Record) -> Iterator[tuple[_Profile, Arguments, _Sent]]:
    """Every way through a method that sends something, and what it sends."""
    for profile in _PROFILES_FOR_CAUSES:
        for arguments in ARGUMENTS[method]:
            sent = record(arguments, profile)
            if sent is not None:
                yield profile, arguments, sent


def _with_another(arguments: Arguments, name: str) -> Iterator[Arguments]:
    yield {other: value for other, value in arguments.items() if other != name}
    for value in OTHERS.get(name, ()):
        yield {**arguments, name: value}


def _first_taken(calls: Iterator[Arguments], profile: _Profile, record: _Record) -> _Sent | None:
    for arguments in calls:
        try:
            return record(arguments, profile)
        except (TypeError, HTTPClientError):
            continue  # it cannot be left out, or not alone
    return None


def _differences(one: _Sent, other: _Sent | None) -> set[WireParameter]:
    if other is None:
        return set()
    return {
        (key, path)
        for key in one.keys() | other.keys()
        for path in one.get(key, {}).keys() | other.get(key, {}).keys()
        if one.get(key, {}).get(path) != other.get(key, {}).get(path)
    }


# -- calling and recording


@cache
def _operations() -> dict[str, Operation]:
    return read_operations(read_document())


@contextmanager
def _recorder(method: str, *, in_asyncio: bool = False) -> Generator[_Record]:
    """Give the function for one method, while its server runs."""
    operations = _operations()
    with recording_server() as server, tempfile.TemporaryDirectory() as folder:
        server.records_info = True
        server.answer = lambda request: _reply(method, request)

        def record(arguments: Arguments, profile: _Profile) -> _Sent | None:
            server.requests.clear()
            configuration = every_setting(**{"profiling_directory": folder, **profile.settings})
            try:
                _call(server, method, arguments, configuration, profile.mode, in_asyncio=in_asyncio)
            except WrongClientModeError:
                return None
            sent: _Sent = {}
            for request in server.requests:
                key, in_path = operation_of(request, ROUTES_OF_CALLS[method], operations)
                of_operation = sent.setdefault(key, {})
                for path, values in values_of(request, operations.get(key), in_path).items():
                    of_operation.setdefault(path, []).extend(values)
            return sent

        yield record


def _call(
    server: RecordingServer,
    method: str,
    arguments: Arguments,
    configuration: InferenceConfiguration,
    mode: str,
    *,
    in_asyncio: bool,
) -> None:
    # What a setting or an argument warns of is not asked here.
    with warnings.catch_warnings(action="ignore"), InferenceHTTPClient(server.url, api_key="KEY-1") as client:
        client.configure(configuration)
        client.select_api_v0() if mode == "v0" else client.select_api_v1()
        if in_asyncio:
            asyncio.run(_call_in_asyncio(client, method, arguments))
        elif method == "infer_on_stream":
            list(client.infer_on_stream(**arguments))
        else:
            getattr(client, method)(**arguments)


async def _call_in_asyncio(client: InferenceHTTPClient, method: str, arguments: Arguments) -> None:
    async with client:
        if method == "infer_on_stream":
            async for _ in client.infer_on_stream_async(**arguments):
                pass
        else:
            await getattr(client, f"{method}_async")(**arguments)


# -- answering


_SIDE = {"input_height": 4, "input_width": 4}
_MODELS = [{"model_id": model, "task_type": task, **_SIDE} for task, model in MODELS.items()]


def _added(method: str, body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Describe the model that was to be loaded."""
    if "model_id" in body:
        task = "action-recognition" if method.startswith("infer_on_video") else "object-detection"
        yield {"model_id": body["model_id"], "task_type": task, **_SIDE}


def _reply(method: str, request: Request) -> Reply:
    """Answer about as many inputs as were sent."""
    body = request.json if request.body and request.headers.get("content-type") == "application/json" else {}
    if request.path.startswith("/model/"):
        return Reply({"models": [*_MODELS, *_added(method, body)]})
    if body.get("format") == "binary":
        return Reply(NPY, headers={"Content-Type": "application/octet-stream"})
    answers = ANSWERED_CALLS[method].answers
    answer: Any = next((answer for answer in answers if not isinstance(answer, bytes)), {"time": 0.1})
    if is_object(answer) and "embeddings" in answer:
        inputs = body.get("image", body.get("text"))
        vectors = answer["embeddings"][:1] * (len(inputs) if is_array(inputs) else 1)
        return Reply({**answer, "embeddings": vectors})
    if is_object(answer) and "similarity" in answer:
        return Reply({**answer, "similarity": _similarity(body["prompt"])})
    images = body.get("image")
    return Reply([answer] * len(images) if is_array(images) else answer)


def _similarity(prompt: Any) -> Any:
    if is_object(prompt) and not {"type", "value"} <= prompt.keys():
        return dict.fromkeys(prompt, 0.5)
    return [0.5] * (len(prompt) if is_array(prompt) else 1)
