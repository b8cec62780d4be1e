from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from both_shells import Invoke, both_shells
from core_model_server import KEY_PLACES, assert_key_travelled, connected, plain, sent_values
from recording_server import RecordingServer, Reply, Request

from inference_ext import (
    FeatureDeprecatedError,
    HTTPCallErrorError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidInputFormatError,
    InvalidParameterError,
    InvalidResponseError,
    WrongClientModeError,
)

#: Each call with what its error must name.
CALLS = [("detect_gazes", (plain(1),), "detect_keypoints"), ("prompt_cogvlm", (plain(1), "What?"), "infer_lmm")]
both_calls = pytest.mark.parametrize(("method", "arguments"), [call[:2] for call in CALLS])
both_calls_and_replacements = pytest.mark.parametrize(("method", "arguments", "replacement"), CALLS)


def old_server(request: Request) -> Reply:
    """Answer like a server that still has both: a list with one entry per image, and one object."""
    if request.path == "/gaze/gaze_detection":
        return Reply([{"predictions": [{"yaw": value / 100}], "time": 0.1} for value in sent_values(request)])
    if request.path == "/llm/cogvlm":
        return Reply({"response": f"{request.json['prompt']} {sent_values(request)}"})
    return Reply({"detail": "Not Found"}, status=404)


@pytest.fixture
def client(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    server.answer = old_server
    with connected(server) as made:
        made.configure(InferenceConfiguration(image_format="png"))
        yield made


@both_shells
def test_gazes_of_one_image(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    assert invoke(client, "detect_gazes", plain(7)) == {"predictions": [{"yaw": 0.07}], "time": 0.1}
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", "/gaze/gaze_detection", {})
    assert request.json.keys() == {"api_key", "image"}


@both_shells
def test_gazes_of_several_images(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    client.configure(InferenceConfiguration(image_format="png", max_batch_size=2))
    results = invoke(client, "detect_gazes", [plain(value) for value in (3, 1, 2)])
    assert [result["predictions"][0]["yaw"] for result in results] == [0.03, 0.01, 0.02]
    assert sorted(sent_values(request) for request in server.requests) == [[2], [3, 1]]
    assert len(invoke(client, "detect_gazes", [plain(7)])) == 1


@both_shells
@pytest.mark.parametrize("answer", [[], [{}, {}], ["face"], "face"])
def test_gazes_that_do_not_fit_the_image_are_refused(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, answer: Any
) -> None:
    server.answer = lambda _: Reply(answer)
    with pytest.raises(InvalidResponseError, match="POST /gaze/gaze_detection answered"):
        invoke(client, "detect_gazes", plain(7))


@both_shells
@pytest.mark.parametrize("history", [None, [("Is it a cat?", "No."), ("A dog?", "Yes.")], []])
def test_prompt_of_cogvlm(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, history: Any) -> None:
    result = invoke(client, "prompt_cogvlm", visual_prompt=plain(7), text_prompt="What?", chat_history=history)
    assert result == {"response": "What? [7]"}
    (request,) = server.requests
    assert (request.method, request.path, request.query) == ("POST", "/llm/cogvlm", {})
    body = request.json
    del body["image"]
    expected: dict[str, Any] = {"api_key": "KEY-1", "model_id": "cogvlm", "prompt": "What?"}
    if history is not None:
        expected["history"] = [list(turn) for turn in history]
    assert body == expected


@both_shells
@pytest.mark.parametrize("place", KEY_PLACES[:3], ids=lambda place: place[1])
@both_calls
def test_key_travels_where_it_belongs(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    arguments: Any,
    place: Any,
) -> None:
    client.configure(InferenceConfiguration(image_format="png", api_key_transport=place[1]))
    invoke(client, method, *arguments)
    assert_key_travelled(server.requests[0], place)


@both_shells
@pytest.mark.parametrize("status", [404, 405, 410])
@both_calls_and_replacements
def test_server_without_the_route_is_explained(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    arguments: Any,
    replacement: str,
    status: int,
) -> None:
    server.answer = lambda _: Reply({"message": "removed"}, status=status)
    with pytest.raises(
        FeatureDeprecatedError, match=rf"^{method}: .*answered {status}: removed.*{replacement}"
    ) as caught:
        invoke(client, method, *arguments)
    assert isinstance(caught.value.__cause__, HTTPCallErrorError)
    assert caught.value.__cause__.status_code == status
    assert "KEY-1" not in str(caught.value)
    assert len(server.requests) == 1


@both_shells
@pytest.mark.parametrize("status", [400, 401, 500])
@both_calls_and_replacements
def test_other_errors_stay_and_name_the_replacement_in_a_note(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    arguments: Any,
    replacement: str,
    status: int,
) -> None:
    server.answer = lambda _: Reply({"message": "no"}, status=status)
    with pytest.raises(HTTPCallErrorError) as caught:
        invoke(client, method, *arguments)
    assert caught.value.status_code == status
    (note,) = caught.value.__notes__
    assert replacement in note


@both_shells
def test_place_in_a_list_is_kept(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    def answer(request: Request) -> Reply:
        return Reply({"message": "gone"}, status=410) if sent_values(request) == [2] else old_server(request)

    server.answer = answer
    images = [plain(1), plain(2), plain(3)]
    with pytest.raises(FeatureDeprecatedError) as caught:
        invoke(client, "detect_gazes", images)
    assert caught.value.input_index == 1
    assert caught.value.finished_results[0]["predictions"] == [{"yaw": 0.01}]
    (note,) = caught.value.__notes__
    assert note.startswith("Input 1 failed; ")
    client.configure(InferenceConfiguration(image_format="png", on_error="return"))
    first, second, third = invoke(client, "detect_gazes", images)
    assert (first["time"], third["time"]) == (0.1, 0.1)
    assert isinstance(second, FeatureDeprecatedError)
    assert second.input_index == 1


@both_shells
def test_errors_of_one_request_with_several_images_are_noted_once(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = lambda _: Reply({"message": "no"}, status=400)
    client.configure(InferenceConfiguration(image_format="png", on_error="return", max_batch_size=3))
    results = invoke(client, "detect_gazes", [plain(1)] * 3)
    assert [len(result.__notes__) for result in results] == [1, 1, 1]


@both_shells
@both_calls_and_replacements
def test_hosted_api_never_had_them(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    arguments: Any,
    replacement: str,
) -> None:
    client.select_api_v0()
    with pytest.raises(WrongClientModeError, match=rf"^{method} .*use_api_v1.*{replacement}"):
        invoke(client, method, *arguments)
    assert server.requests == []


@both_shells
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text_prompt": ""}, "^text_prompt: expected text"),
        ({"text_prompt": None}, "^text_prompt: expected text"),
        ({"visual_prompt": [plain(1)]}, "^visual_prompt: expected one image"),
        ({"chat_history": "text"}, "^chat_history: expected a sequence of pairs"),
        ({"chat_history": ["ab"]}, r"^chat_history\[0\]: expected a pair"),
        ({"chat_history": [("a", "b"), ("c",)]}, r"^chat_history\[1\]: expected a pair"),
        ({"chat_history": [("a", 5)]}, r"^chat_history\[0\]: expected a pair"),
        ({"chat_history": [("a", "b", 5)]}, r"^chat_history\[0\]: expected a pair"),
    ],
)
def test_arguments_are_checked_before_anything_is_sent(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidParameterError, match=message):
        invoke(client, "prompt_cogvlm", **{"visual_prompt": plain(1), "text_prompt": "What?", **arguments})
    assert server.requests == []


@both_shells
@both_calls
def test_unreadable_image_is_no_matter_of_the_server(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    method: str,
    arguments: Any,
) -> None:
    with pytest.raises(InvalidInputFormatError, match="no such file"):
        invoke(client, method, "missing.jpg", *arguments[1:])
    assert server.requests == []
