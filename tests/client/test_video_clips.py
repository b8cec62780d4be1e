from __future__ import annotations

import base64
from collections.abc import Generator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request

from inference_ext import (
    APIKeyNotProvided,
    HTTPCallErrorError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidInputFormatError,
    InvalidModelIdentifier,
    InvalidParameterError,
    InvalidResponseError,
    ModelNotInitializedError,
    ModelNotSelectedError,
    ModelTaskTypeNotSupportedError,
)

URL = "https://media.example/clip.mp4?signature=a&b=c"
RESULT = {"timeline": [{"class": "jump", "start": 0, "end": 9}], "source_fps": 10.0, "frame_count": 10}


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = recognising
    with InferenceHTTPClient(server.url, api_key="KEY-1") as made:
        yield made


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (32, 24))
    for value in range(10):
        writer.write(np.full((24, 32, 3), value * 20, np.uint8))
    writer.release()
    return path


def recognising(request: Request) -> Reply:
    """A server with an action model, `actions/1`, and a detector, `p/1`."""
    if request.path.startswith("/model/"):
        models = [("actions/1", "action-recognition"), ("p/1", "object-detection")]
        return Reply({"models": [{"model_id": name, "task_type": task} for name, task in models]})
    return Reply(RESULT)


@both_shells
@pytest.mark.parametrize("as_text", [True, False])
def test_v1_sends_the_very_file(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, clip: Path, as_text: bool
) -> None:
    client.configure(
        InferenceConfiguration(
            class_filter=["jump", "a,b"], confidence_threshold=0.25, source="app", count_inference=False
        )
    )
    assert invoke(client, "infer_on_video", str(clip) if as_text else clip, "actions/1") == RESULT
    registry, request = server.requests
    assert (registry.method, registry.path) == ("GET", "/model/registry")
    assert (request.method, request.path, request.query) == (
        "POST",
        "/infer/action_recognition",
        {"countinference": "False"},
    )
    body = request.json
    assert base64.b64decode(body["video"].pop("value")) == clip.read_bytes()
    assert body == {
        "api_key": "KEY-1",
        "source": "app",
        "model_id": "actions/1",
        "video": {"type": "base64"},
        "class_filter": ["jump", "a,b"],
        "confidence": 0.25,
    }


@both_shells
def test_v1_lets_the_server_fetch_a_url(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    invoke(client, "infer_on_video_from_api_v1", URL, model_id="actions/1")
    body = server.requests[-1].json
    assert body == {"api_key": "KEY-1", "model_id": "actions/1", "video": {"type": "url", "value": URL}}


@both_shells
def test_v0_sends_the_very_file(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, clip: Path
) -> None:
    client.select_api_v0().configure(
        InferenceConfiguration(
            class_filter=["jump", "run"],
            confidence_threshold="best",
            source="app",
            source_info="test",
            service_secret="S",
        )
    )
    assert invoke(client, "infer_on_video", clip, "actions/1") == RESULT
    (request,) = server.requests
    assert (request.method, request.path) == ("POST", "/actions/1")
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert base64.b64decode(request.body, validate=True) == clip.read_bytes()
    assert request.query == {
        "api_key": "KEY-1",
        "class_filter": "jump,run",
        "confidence": "best",
        "source": "app",
        "source_info": "test",
        "service_secret": "S",
    }


@both_shells
def test_v0_passes_a_url_on(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    invoke(client, "infer_on_video_from_api_v0", f"  {URL}\n", "actions/1")
    (request,) = server.requests
    assert (request.path, request.query, request.body) == ("/actions/1", {"api_key": "KEY-1", "image": URL}, b"")


@both_shells
def test_candidates_come_when_they_are_asked_for(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    for method in ("infer_on_video", "infer_on_video_from_api_v1"):
        invoke(client, method, URL, "actions/1", include_candidates=True)
        assert server.requests[-1].json["include_candidates"] is True
    invoke(client, "infer_on_video_from_api_v0", URL, "actions/1", include_candidates=True)
    assert server.requests[-1].query["include_candidates"] == "True"
    with pytest.raises(InvalidParameterError, match="include_candidates: expected True or False, got 1"):
        invoke(client, "infer_on_video", URL, "actions/1", include_candidates=1)


@both_shells
def test_the_other_api_can_be_chosen_for_one_call(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    invoke(client, "infer_on_video_from_api_v0", URL, "actions/1")
    client.select_api_v0()
    invoke(client, "infer_on_video_from_api_v1", URL, "actions/1")
    assert server.paths() == ["POST /actions/1", "GET /model/registry", "POST /infer/action_recognition"]


@both_shells
def test_selected_model_is_used_and_asked_about_once(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    with pytest.raises(ModelNotSelectedError):
        invoke(client, "infer_on_video", URL)
    client.select_model("actions/1")
    invoke(client, "infer_on_video", URL)
    invoke(client, "infer_on_video", URL)
    assert server.paths() == ["GET /model/registry", *["POST /infer/action_recognition"] * 2]


@both_shells
def test_image_model_is_refused_before_the_clip_is_sent(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, clip: Path
) -> None:
    with pytest.raises(ModelTaskTypeNotSupportedError, match=r"'p/1' has task 'object-detection'.*infer_on_stream"):
        invoke(client, "infer_on_video", clip, "p/1")
    assert server.paths() == ["GET /model/registry"]


@both_shells
def test_model_that_is_not_loaded_is_loaded(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    def answer(request: Request) -> Reply:
        return Reply({"models": []}) if request.path == "/model/registry" else recognising(request)

    server.answer = answer
    invoke(client, "infer_on_video", URL, "actions/1")
    assert server.paths() == ["GET /model/registry", "POST /model/add", "POST /infer/action_recognition"]
    with pytest.raises(ModelNotInitializedError, match="other/1"):
        invoke(client, "infer_on_video", URL, "other/1")


@both_shells
def test_server_without_a_registry_still_works(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    def answer(request: Request) -> Reply:
        return Reply({"detail": "Not Found"}, status=404) if request.path.startswith("/model/") else Reply(RESULT)

    server.answer = answer
    assert invoke(client, "infer_on_video", URL, "actions/1") == RESULT


@both_shells
@pytest.mark.parametrize("api", ["infer_on_video_from_api_v0", "infer_on_video_from_api_v1"])
@pytest.mark.parametrize(
    ("transport", "in_place", "in_header"), [("legacy", True, False), ("header", False, True), ("both", True, True)]
)
def test_key_travels_where_it_was_told_to(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    api: str,
    transport: Any,
    in_place: bool,
    in_header: bool,
) -> None:
    client.configure(InferenceConfiguration(api_key_transport=transport))
    invoke(client, api, URL, "actions/1")
    request = server.requests[-1]
    found = request.query if api.endswith("v0") else request.json
    assert (found.get("api_key") == "KEY-1") is in_place
    assert (request.headers.get("authorization") == "Bearer KEY-1") is in_header


@both_shells
@pytest.mark.parametrize("reference", [b"RIFF", 0, None, ["a.mp4"], "missing.mp4", Path("missing.mp4"), "", "a\0b"])
@pytest.mark.parametrize("api", ["infer_on_video_from_api_v0", "infer_on_video_from_api_v1"])
def test_what_is_no_clip_is_an_error_before_sending(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, reference: Any, api: str
) -> None:
    with pytest.raises(InvalidInputFormatError, match=r"video_reference.*expected an http"):
        invoke(client, api, reference, "actions/1")
    assert server.requests == []


@both_shells
def test_base64_text_is_not_repeated_in_the_message(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    with pytest.raises(InvalidInputFormatError, match=r"\(100000 characters\)") as caught:
        invoke(client, "infer_on_video", "A" * 100_000, "actions/1")
    assert len(str(caught.value)) < 300
    assert server.requests == []


@both_shells
def test_empty_file_and_directory_are_told_apart(invoke: Invoke, client: InferenceHTTPClient, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputFormatError, match="is a directory"):
        invoke(client, "infer_on_video", tmp_path, "actions/1")
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(InvalidInputFormatError, match="is empty"):
        invoke(client, "infer_on_video", tmp_path / "empty.mp4", "actions/1")


@both_shells
@pytest.mark.parametrize("model_id", ["actions", "a/b/c", "a/", "../1", "./1"])
def test_v0_model_id_must_be_project_and_version(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, model_id: str
) -> None:
    with pytest.raises(InvalidModelIdentifier, match="project/version"):
        invoke(client, "infer_on_video_from_api_v0", URL, model_id)
    assert server.requests == []


@both_shells
def test_v0_cannot_carry_a_class_with_a_comma(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    client.configure(InferenceConfiguration(class_filter=["run", "jump, high"]))
    with pytest.raises(InvalidParameterError, match="jump, high"):
        invoke(client, "infer_on_video_from_api_v0", URL, "actions/1")
    assert server.requests == []


@both_shells
def test_hosted_api_without_a_key_is_refused_before_sending(invoke: Invoke) -> None:
    with (
        InferenceHTTPClient("https://serverless.roboflow.com") as client,
        pytest.raises(APIKeyNotProvided, match="ROBOFLOW_API_KEY"),
    ):
        invoke(client, "infer_on_video", URL, "actions/1")


@both_shells
@pytest.mark.parametrize("api", ["infer_on_video_from_api_v0", "infer_on_video_from_api_v1"])
@pytest.mark.parametrize("on_error", ["raise", "return"])
def test_errors_of_the_server_are_raised(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, api: str, on_error: Any
) -> None:
    client.configure(InferenceConfiguration(on_error=on_error, max_retries=0))
    invoke(client, "infer_on_video", URL, "actions/1")  # so that the model is known
    server.answer = lambda _: Reply({"message": "clip too long"}, status=400)
    with pytest.raises(HTTPCallErrorError, match="clip too long") as caught:
        invoke(client, api, URL, "actions/1")
    assert caught.value.input_index is None
    server.answer = lambda _: Reply(b"[1]")
    with pytest.raises(InvalidResponseError, match="one JSON object"):
        invoke(client, api, URL, "actions/1")


@both_shells
def test_registry_error_is_raised(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    client.configure(InferenceConfiguration(max_retries=0))
    server.answer = lambda _: Reply({"message": "no such key"}, status=401)
    with pytest.raises(HTTPCallErrorError, match="no such key"):
        invoke(client, "infer_on_video", URL, "actions/1")
    assert server.paths() == ["GET /model/registry"]
