"""What a server is and what can be called on it, and where every method goes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from both_shells import Invoke, both_shells
from inference_api.availability import OPERATIONS, VERSIONS
from recording_server import RecordingServer, Reply, Request, detector, recording_server

from inference_ext import (
    HTTPCallErrorError,
    HTTPClientError,
    InferenceHTTPClient,
    InvalidResponseError,
    ServerVersionError,
    __version__,
)
from inference_ext.client.routes_of_calls import ROUTES_OF_CALLS
from tests.fuzzing.calls import CALLS, NOTHING_SENT, public_methods

ROOT = Path(__file__).parents[2]
REGISTRY: dict[str, Any] = {
    "models": [
        {"model_id": "project/1", "task_type": "object-detection", "batch_size": 1},
        {"model_id": "clips/1", "task_type": "action-recognition"},
    ]
}
OLDEST, NEWEST = VERSIONS[0], VERSIONS[-1]


@pytest.fixture(autouse=True)
def questions_for_the_version_count(server: RecordingServer) -> None:
    server.records_info = True


def document(version: str) -> dict[str, Any]:
    """The OpenAPI document of a server version, as it answered."""
    path = ROOT / "openapi" / ("upstream.json" if version == NEWEST else f"history/{version}.json")
    content: dict[str, Any] = json.loads(path.read_bytes())
    return content


def a_server_of(version: str, *, lists_routes: bool = True, answers: Any = None) -> Any:
    """Answers what concerns the server itself like one of that version, all else with `answers` or as a detector."""

    def answer(request: Request) -> Reply:
        if request.path == "/info":
            return Reply({"name": "Roboflow Inference Server", "version": version, "uuid": "u"})
        if request.path == "/model/registry":
            return Reply(REGISTRY)
        if request.path == "/openapi.json" and lists_routes:
            return Reply(document(version))
        if request.path == "/openapi.json":
            return Reply({"detail": "Not Found"}, status=404)
        return detector(request) if answers is None else Reply(answers)

    return answer


@both_shells
@pytest.mark.parametrize("lists_routes", [True, False])
def test_current_server_serves_all_but_the_dropped_calls(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, lists_routes: bool
) -> None:
    server.answer = a_server_of(NEWEST, lists_routes=lists_routes)
    found = invoke(client, "describe")
    assert (found.name, found.version, found.url) == ("Roboflow Inference Server", NEWEST, server.url)
    assert (found.client_version, found.newest_known_version) == (__version__, NEWEST)
    assert [model.model_id for model in found.models] == ["project/1", "clips/1"]
    assert [name for name, call in found.calls.items() if not call.is_available] == ["prompt_cogvlm"]
    assert server.paths() == ["GET /info", "GET /model/registry", "GET /openapi.json"]


@both_shells
@pytest.mark.parametrize("lists_routes", [True, False])
def test_an_old_server_is_said_to_lack_the_newer_calls(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, lists_routes: bool
) -> None:
    server.answer = a_server_of(OLDEST, lists_routes=lists_routes)
    found = invoke(client, "describe")
    missing = {name for name, call in found.calls.items() if not call.is_available}
    assert missing == {
        "get_image_embeddings",
        "infer_on_video",
        "infer_on_video_from_api_v1",
        "prompt_cogvlm",
        "sam3_3d_infer",
        "sam3_concept_segment",
        "sam3_embed_image",
        "sam3_visual_segment",
        "segment_semantic",
    }
    reason = found.calls["sam3_concept_segment"].reason
    came = OPERATIONS["POST /sam3/concept_segment"]
    assert reason == (
        f"the server is {OLDEST}, too old for POST /sam3/concept_segment: it came between {came.missing_in} and "
        f"{came.since}"
    )
    assert f"  sam3_concept_segment: {reason}" in str(found).splitlines()


def test_calls_of_both_modes_are_judged_by_the_selected_one(
    client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = a_server_of(OLDEST)
    with client.use_api_v0():
        calls = client.describe().calls
    assert calls["segment_semantic"].is_available
    assert calls["infer_on_video"].is_available
    assert not calls["infer_on_video_from_api_v1"].is_available


def test_a_route_that_is_switched_off_is_not_called_too_old(
    client: InferenceHTTPClient, server: RecordingServer
) -> None:
    without = document(NEWEST)
    del without["paths"]["/sam3_3d/infer"]
    serve = a_server_of(NEWEST)
    server.answer = lambda request: Reply(without) if request.path == "/openapi.json" else serve(request)
    call = client.describe().calls["sam3_3d_infer"]
    assert not call.is_available
    assert "switched on" in call.reason


def test_a_server_without_a_registry_is_described_all_the_same(
    client: InferenceHTTPClient, server: RecordingServer
) -> None:
    serve = a_server_of(NEWEST)
    server.answer = lambda request: Reply({}, status=404) if request.path == "/model/registry" else serve(request)
    found = client.describe()
    assert found.models is None
    assert "the server does not tell" in str(found)


@pytest.mark.parametrize(
    ("path", "reply", "error"),
    [
        ("/info", Reply({"hello": 1}), InvalidResponseError),
        ("/info", Reply(b"<html>", headers={"Content-Type": "text/html"}), InvalidResponseError),
        ("/info", Reply({}, status=404), HTTPCallErrorError),
        ("/model/registry", Reply({"message": "no"}, status=401), HTTPCallErrorError),
        ("/openapi.json", Reply({"paths": 3}), InvalidResponseError),
        ("/openapi.json", Reply([]), InvalidResponseError),
    ],
)
def test_what_is_no_such_server_is_told(
    client: InferenceHTTPClient, server: RecordingServer, path: str, reply: Reply, error: type[Exception]
) -> None:
    serve = a_server_of(NEWEST)
    server.answer = lambda request: reply if request.path == path else serve(request)
    with pytest.raises(error):
        client.describe()


def test_the_embedded_backend_is_described() -> None:
    with InferenceHTTPClient.embedded() as client:
        client.load_model("faces/1")
        found = client.describe()
    assert "faces/1 (object-detection)" in str(found)
    assert found.calls["detect_objects"].is_available
    assert not found.calls["run_workflow"].is_available


def test_the_table_has_every_method_that_asks_the_server() -> None:
    assert set(ROUTES_OF_CALLS) == public_methods() - NOTHING_SENT - {"describe"}


def template_of(request: Request) -> str:
    """The route of the current server that a request goes to; one without parameters before one with."""
    routes = {
        f"{method.upper()} {path}": re.escape(path)
        for path, methods in document(NEWEST)["paths"].items()
        for method in methods
    }
    fits = [
        route
        for route, pattern in routes.items()
        if route.startswith(f"{request.method} ")
        and re.fullmatch(re.sub(r"\\{[^}]*\\}", "[^/]+", pattern), request.path)
    ]
    return min(fits, key=lambda route: route.count("{")) if fits else f"{request.method} {request.path}"


def run(name: str, version: str, mode: str) -> tuple[list[Request], list[ServerVersionError]]:
    """Call a method on a server of that version, with every answer there is; gives requests and refusals."""
    requests: list[Request] = []
    refusals: list[ServerVersionError] = []
    for answer in CALLS[name].answers:
        with recording_server() as server, InferenceHTTPClient(server.url) as client:
            server.records_info = True
            server.answer = a_server_of(version, answers=answer)
            getattr(client, f"select_api_{mode}")()
            try:
                result = getattr(client, name)(**CALLS[name].arguments)
                if name == "infer_on_stream":
                    list(result)
            except ServerVersionError as refused:
                refusals.append(refused)
            except HTTPClientError:
                pass  # an answer of another task; the requests were made
            requests += server.requests
    return requests, refusals


@pytest.mark.filterwarnings("ignore")  # of methods that are to go, and of what v0 cannot do
@pytest.mark.parametrize("name", sorted(ROUTES_OF_CALLS))
def test_every_method_goes_where_the_table_says_and_is_refused_where_the_route_is_missing(name: str) -> None:
    asked = {"GET /info", "GET /model/registry"}
    for mode in ("v1", "v0"):
        requests, refusals = run(name, NEWEST, mode)
        went = {template_of(request) for request in requests} - asked
        assert refusals == []
        if name == "prompt_cogvlm":
            assert {request.path for request in requests} <= {"/llm/cogvlm"}
            continue
        assert went <= set(ROUTES_OF_CALLS[name])
        missing = {route for route in went if OPERATIONS[route].missing_in is not None}
        requests, refusals = run(name, OLDEST, mode)
        on_oldest = {template_of(request) for request in requests}
        assert on_oldest - asked == went - missing
        assert {each.route for each in refusals} == missing
        # Asking costs a request: only where the answer matters.
        assert ("GET /info" in on_oldest) == (bool(missing) or name == "get_server_info")
