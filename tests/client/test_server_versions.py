"""A server that is too old or too new for a call, or for an option of it, is told before the call is sent."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from hypothesis import given
from hypothesis import strategies as st
from inference_api.availability import OPERATIONS, PARAMETERS, VERSIONS, Availability
from recording_server import RecordingServer, Reply, Request
from versioned_server import NEWEST, OLDEST, call, of_version

from inference_ext import (
    FeatureDeprecatedError,
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    InferenceConfiguration,
    InferenceHTTPClient,
    ServerVersionError,
)
from inference_ext.client.server_compatibility import ServerCompatibility
from inference_ext.client.server_versions import Need

IMAGE = np.zeros((6, 8, 3), np.uint8)
MODEL = {"model_id": "p/1"}


@pytest.fixture(autouse=True)
def questions_for_the_version_count(server: RecordingServer) -> None:
    server.records_info = True


# -- routes


@both_shells
@pytest.mark.parametrize(
    ("method", "more", "route"),
    [
        ("depth_estimation", {"model_id": "a/b/c", "model_id_in_path": True}, "/infer/depth-estimation/{model_id}"),
        ("get_image_embeddings", {}, "/infer/embeddings"),
        ("infer_lmm", {"model_id": "qwen/7b", "model_id_in_path": True}, "/infer/lmm/{model_id}"),
        ("infer_on_video", {}, "/infer/action_recognition"),
        ("ocr_image", {"model": "pp_ocr"}, "/ocr/pp-ocr"),
        ("sam3_3d_infer", {}, "/sam3_3d/infer"),
        ("sam3_concept_segment", {}, "/sam3/concept_segment"),
        ("segment_semantic", {}, "/infer/semantic_segmentation"),
    ],
)
@pytest.mark.filterwarnings("ignore:depth_map_format")
def test_a_route_that_the_server_is_too_old_for_is_refused_before_anything_is_sent(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str, more: dict[str, Any], route: str
) -> None:
    server.answer = of_version(OLDEST)
    known = OPERATIONS[f"POST {route}"]
    with pytest.raises(ServerVersionError) as caught:
        call(invoke, client, method, more)
    error = caught.value
    assert server.paths() == ["GET /info"]
    assert (error.server_version, error.route, error.parameter) == (OLDEST, f"POST {route}", None)
    assert (error.since, error.until) == (known.since, None)
    assert str(error) == (
        f"the server at {server.url} is {OLDEST}, which has no POST {route}: it came between {known.missing_in} and "
        f"{known.since}; update the server to {known.since} or newer"
    )
    assert isinstance(error, HTTPClientError)
    assert "KEY-1" not in repr(error)
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.since, copy.route) == (str(error), error.since, error.route)


@both_shells
def test_a_server_that_is_new_enough_is_called(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = of_version(OPERATIONS["POST /infer/embeddings"].since, {"embeddings": [[0.5]]})
    assert call(invoke, client, "get_image_embeddings")["embeddings"] == [[0.5]]
    assert server.paths() == ["GET /info", "POST /infer/embeddings"]


# -- one question for the version


def test_the_version_is_asked_once(client: InferenceHTTPClient, server: RecordingServer) -> None:
    server.answer = of_version(NEWEST, {"embeddings": [[0.5]]})
    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(client.get_image_embeddings, IMAGE, **MODEL) for _ in range(12)]:
            done.result()
    client.get_image_embeddings([IMAGE] * 3, **MODEL)
    assert server.paths().count("GET /info") == 1


@both_shells
def test_a_call_is_not_refused_on_old_news(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    for _ in range(2):
        server.answer = of_version(OLDEST)
        with pytest.raises(ServerVersionError):
            invoke(client, "get_image_embeddings", IMAGE, **MODEL)
    assert server.paths() == ["GET /info", "GET /info"]
    server.answer = of_version(NEWEST, {"embeddings": [[0.5]]})
    for _ in range(2):  # the server was updated while the client lived
        invoke(client, "get_image_embeddings", IMAGE, **MODEL)
    assert server.paths()[2:] == ["GET /info", "POST /infer/embeddings", "POST /infer/embeddings"]


@both_shells
def test_a_description_of_the_server_answers_the_question(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    serve = of_version(NEWEST, {"embeddings": [[0.5]]})
    server.answer = lambda request: Reply({}, 404) if request.path == "/openapi.json" else serve(request)
    invoke(client, "describe")
    invoke(client, "get_image_embeddings", IMAGE, **MODEL)
    assert server.paths().count("GET /info") == 1


def images_in(folder: Path, count: int) -> Path:
    for number in range(count):
        cv2.imwrite(str(folder / f"{number}.png"), IMAGE)
    return folder


@pytest.mark.parametrize("mode", ["v0", "v1"])
def test_a_stream_is_checked_once(
    client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path, mode: str
) -> None:
    serve = of_version(NEWEST)
    server.answer = instance_segmenter(serve)
    getattr(client, f"select_api_{mode}")()
    client.configure(InferenceConfiguration(response_mask_format="rle"))
    assert len(list(client.infer_on_stream(str(images_in(tmp_path, 5)), **MODEL))) == 5
    assert server.paths().count("GET /info") == 1
    assert len(server.paths()) == (7 if mode == "v1" else 6)


@pytest.mark.parametrize("mode", ["v0", "v1"])
async def test_a_stream_is_refused_before_its_first_frame(
    client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path, mode: str
) -> None:
    server.answer = instance_segmenter(of_version(OLDEST))
    getattr(client, f"select_api_{mode}")()
    client.configure(InferenceConfiguration(response_mask_format="rle"))
    folder = str(images_in(tmp_path, 3))
    with pytest.raises(ServerVersionError, match="response_mask_format"):
        client.infer_on_stream(folder, **MODEL)
    with pytest.raises(ServerVersionError, match="response_mask_format"):
        async for _ in client.infer_on_stream_async(folder, **MODEL):
            pass
    # In v1 the model's task, which decides on the route, is asked for first.
    assert set(server.paths()) == {"GET /info"} | ({"GET /model/registry"} if mode == "v1" else set())


def instance_segmenter(serve: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    task = {"models": [{"model_id": "p/1", "task_type": "instance-segmentation"}]}
    return lambda request: Reply(task) if request.path == "/model/registry" else serve(request)


# -- servers that cannot be judged


@both_shells
@pytest.mark.parametrize(
    "reply", [Reply({}, status=404), Reply({"version": "main", "name": "n", "uuid": "u"}), Reply([]), Reply(b"<html>")]
)
def test_a_server_that_does_not_tell_its_version_is_called(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, reply: Reply
) -> None:
    server.answer = lambda request: reply if request.path == "/info" else Reply({"embeddings": [[0.5]]})
    for _ in range(2):
        assert call(invoke, client, "get_image_embeddings")["embeddings"] == [[0.5]]
    assert server.paths().count("GET /info") == 1


@both_shells
def test_a_server_that_is_not_there_is_an_error_as_ever(invoke: Invoke) -> None:
    with InferenceHTTPClient("http://127.0.0.1:9") as client, pytest.raises(HTTPServerConnectionError):
        invoke(client, "get_image_embeddings", IMAGE, **MODEL)


@pytest.mark.parametrize("url", ["https://detect.roboflow.com", "https://serverless.roboflow.com"])
def test_the_hosted_api_is_neither_asked_nor_refused(url: str) -> None:
    seen: list[str] = []

    def hosted(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        seen.append(environ["PATH_INFO"])
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"embeddings": [[0.5]], "version": OLDEST, "predictions": []}).encode()]

    with InferenceHTTPClient(url, api_key="KEY-1", application=hosted) as client:
        client.configure(InferenceConfiguration(response_mask_format="rle"))
        assert client.get_image_embeddings(IMAGE, **MODEL)["embeddings"] == [[0.5]]
        client.infer(IMAGE, **MODEL)
    assert seen == ["/infer/embeddings", "/p/1"]


def test_an_address_of_the_hosted_api_needs_no_steps() -> None:
    assert list(ServerCompatibility("https://detect.roboflow.com").check("POST /infer/embeddings", ["a"])) == []


# -- what the versions tell, on versions made up

MADE_UP = ("1.2.0", "1.3.0", "1.10.0", "2.0.0")


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replace what is known of `POST /infer/embeddings`."""

    def replace(operation: Availability, **parameters: Availability) -> None:
        monkeypatch.setattr("inference_ext.generated_api.VERSIONS", MADE_UP)
        monkeypatch.setitem(OPERATIONS, "POST /infer/embeddings", operation)
        monkeypatch.setitem(PARAMETERS, "POST /infer/embeddings", parameters)

    return replace


@both_shells
@pytest.mark.parametrize(
    ("version", "is_refused"),
    [
        ("1.2.0", True),
        ("1.3.0", True),
        ("1.3", True),
        ("1.3.0rc1", True),
        ("1.9.9", False),  # it came in between, and nobody knows when
        ("1.10.0", False),
        ("1.99", False),
        ("3.0.0", False),
        ("main", False),
        ("", False),
        (1.2, True),
    ],
)
def test_a_version_is_held_against_what_is_known(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    made_up: Callable[..., None],
    version: Any,
    is_refused: bool,
) -> None:
    made_up(Availability("1.10.0", "1.3.0", None))
    server.answer = of_version(version, {"embeddings": [[0.5]]})
    if is_refused:
        with pytest.raises(ServerVersionError, match=r"came between 1\.3\.0 and 1\.10\.0; update the server to 1\.10"):
            call(invoke, client, "get_image_embeddings")
    else:
        call(invoke, client, "get_image_embeddings")


@both_shells
@pytest.mark.parametrize(
    ("version", "is_refused"),
    [("1.2.0", False), ("1.3.0", False), ("1.5.0", False), ("1.10.0", True), ("2.0.0", True), ("9.0", True)],
)
def test_what_newer_servers_have_dropped_is_refused_there(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    made_up: Callable[..., None],
    version: str,
    is_refused: bool,
) -> None:
    made_up(Availability("1.2.0", None, "1.3.0"))
    server.answer = of_version(version, {"embeddings": [[0.5]]})
    if not is_refused:
        call(invoke, client, "get_image_embeddings")
        return
    with pytest.raises(ServerVersionError) as caught:
        call(invoke, client, "get_image_embeddings")
    assert str(caught.value) == (
        f"the server at {server.url} is {version}, which has no POST /infer/embeddings: it went between 1.3.0 and "
        "1.10.0; use a server up to 1.3.0"
    )
    assert (caught.value.since, caught.value.until) == (None, "1.3.0")
    assert server.paths() == ["GET /info"]


def test_an_option_that_newer_servers_have_dropped_is_refused_there(
    client: InferenceHTTPClient, server: RecordingServer, made_up: Callable[..., None]
) -> None:
    made_up(Availability("1.2.0", None, None), output_type=Availability("1.2.0", None, "1.10.0"))
    server.answer = of_version("2.1.0", {"embeddings": [[0.5]]})
    client.get_image_embeddings(IMAGE, **MODEL)  # sent unasked
    with pytest.raises(
        ServerVersionError, match=r"no 'output_type' of .* use a server up to 1\.10\.0, or leave it out"
    ):
        client.get_image_embeddings(IMAGE, **MODEL, output_type="logits")


def test_a_call_of_a_retired_feature_says_what_to_use(
    client: InferenceHTTPClient, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(OPERATIONS, "POST /gaze/gaze_detection", Availability(VERSIONS[0], None, VERSIONS[0]))
    server.answer = of_version(NEWEST)
    with pytest.raises(FeatureDeprecatedError, match="detect_keypoints") as caught:
        client.detect_gazes(IMAGE)
    assert isinstance(caught.value.__cause__, ServerVersionError)
    assert server.paths() == ["GET /info"]


def test_a_version_that_may_have_it_and_has_not_answers_for_itself(
    client: InferenceHTTPClient, server: RecordingServer, made_up: Callable[..., None]
) -> None:
    made_up(Availability("1.10.0", "1.3.0", None))
    serve = of_version("1.5.0")
    server.answer = lambda request: serve(request) if request.path == "/info" else Reply({}, status=404)
    with pytest.raises(HTTPCallErrorError, match="404"):
        client.get_image_embeddings(IMAGE, **MODEL)


def test_a_description_without_a_list_of_routes_knows_what_was_dropped(
    client: InferenceHTTPClient, server: RecordingServer, made_up: Callable[..., None]
) -> None:
    made_up(Availability("1.2.0", None, "1.3.0"))
    serve = of_version("2.0.0")
    server.answer = lambda request: Reply({}, 404) if request.path == "/openapi.json" else serve(request)
    reason = client.describe().calls["get_image_embeddings"].reason
    assert reason == "the server is 2.0.0, too new for POST /infer/embeddings: it went between 1.3.0 and 1.10.0"


NUMBERS = st.lists(st.integers(0, 30), min_size=1, max_size=4)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_versions_are_compared_by_their_numbers(own: list[int], first: list[int], second: list[int]) -> None:
    older, newer = sorted([first, second])
    if older == newer:
        return
    texts = [".".join(map(str, numbers)) for numbers in (older, newer)]
    version = ".".join(map(str, own))
    came = Need("r", None, Availability(texts[1], texts[0], None), texts)
    went = Need("r", None, Availability(texts[0], None, texts[0]), texts)
    assert came.is_missing_yet_in(version) == (own <= older)
    assert went.is_gone_in(version) == (own >= newer)
    assert not came.is_gone_in(version)
    assert not went.is_missing_yet_in(version)
