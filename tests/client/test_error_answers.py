"""Error statuses, unreadable answers, missing servers: one of our errors, the server's words, no secret."""

from __future__ import annotations

import pickle
import socket
import threading
import time
import traceback
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request, detector

from inference_ext import (
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidResponseError,
    RequestTimeoutError,
)

PIXELS = np.zeros((8, 8, 3), np.uint8)


def failing(reply: Reply) -> Any:
    return lambda request: reply if request.path.startswith("/infer/") else detector(request)


@both_shells
@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"message": "the real reason"}, "the real reason"),
        ({"message": "outer", "inner_error_message": "inner"}, "outer (inner)"),
        ({"detail": "Not Found"}, "Not Found"),
        (
            {"detail": [{"loc": ["body", "image"], "msg": "Field required", "input": {"api_key": "KEY-1"}}]},
            "body.image",
        ),
        ({"error": "no stats", "hint": "x"}, "no stats"),
        (["a", "b"], "a; b"),
        ("just text", "just text"),
        (b"Internal Server Error", "Internal Server Error"),
        (b"<html>Bad Gateway</html>", "Bad Gateway"),
        (b"", ""),
        (b'{"message": ', '{"message":'),
    ],
)
def test_every_shape_of_error_body_gives_its_words(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, body: Any, words: str
) -> None:
    server.answer = failing(Reply(body, status=418, headers={"x-request-id": "r-1"}))
    with pytest.raises(HTTPCallErrorError) as caught:
        invoke(client, "infer", PIXELS, model_id="p/1")
    error = caught.value
    assert error.status_code == 418
    assert error.request_id == "r-1"
    assert str(error).startswith("POST /infer/object_detection answered 418")
    assert words in str(error)


@both_shells
def test_secrets_the_server_repeats_do_not_come_out(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = failing(Reply({"message": "key KEY-1 and SECRET-2 are bad"}, status=401))
    client.configure(InferenceConfiguration(service_secret="SECRET-2"))
    with pytest.raises(HTTPCallErrorError) as caught:
        invoke(client, "infer", PIXELS, model_id="p/1")
    text = "".join(traceback.format_exception(caught.value))
    assert "KEY-1" not in text
    assert "SECRET-2" not in text
    assert "key *** and *** are bad" in text


@both_shells
@pytest.mark.parametrize(
    ("body", "url"),
    [
        ({"message": "broken", "help_url": "https://help.example/#broken"}, "https://help.example/#broken"),
        ({"message": "broken", "help_url": "https://help.example/?key=KEY-1"}, "https://help.example/?key=***"),
        (
            {"message": "broken (see https://help.example/)", "help_url": "https://help.example/"},
            "https://help.example/",
        ),
        ({"message": "broken", "help_url": None}, None),
        ({"message": "broken", "help_url": {"no": "text"}}, None),
        (["broken"], None),
    ],
)
def test_the_place_of_an_explanation_is_told(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, body: Any, url: str | None
) -> None:
    server.answer = failing(Reply(body, status=507))
    with pytest.raises(HTTPCallErrorError) as caught:
        invoke(client, "infer", PIXELS, model_id="p/1")
    assert caught.value.help_url == url
    assert str(caught.value).count("(see ") == (url is not None)
    assert url is None or f"broken (see {url})" in str(caught.value)


@both_shells
@pytest.mark.parametrize("body", [b"<html>portal</html>", b"", b'{"predictions": [', b"[1]", b'"text"', b"7"])
def test_unreadable_success_is_our_error(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, body: bytes
) -> None:
    server.answer = failing(Reply(body))
    with pytest.raises(InvalidResponseError, match="POST /infer/object_detection answered 200"):
        invoke(client, "infer", PIXELS, model_id="p/1")


@both_shells
def test_typed_call_on_a_model_of_another_task_says_so(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = failing(Reply({"image": {"width": 8, "height": 8}, "predictions": [{"class": "a"}]}))
    with pytest.raises(InvalidResponseError, match="is the model of this task"):
        invoke(client, "detect_objects", PIXELS, model_id="p/1")


@both_shells
@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_passing_failures_are_repeated(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, status: int
) -> None:
    left = [Reply({"message": "busy"}, status=status, headers={"Retry-After": "0"})] * 2

    def busy_at_first(request: Request) -> Reply:
        return left.pop() if left and request.path.startswith("/infer/") else detector(request)

    server.answer = busy_at_first
    assert invoke(client, "infer", PIXELS, model_id="p/1")["predictions"]
    assert server.paths().count("POST /infer/object_detection") == 3


@both_shells
@pytest.mark.parametrize(("status", "retries", "sent"), [(503, 1, 2), (503, 0, 1), (500, 5, 1), (400, 5, 1)])
def test_repeats_are_limited_to_what_a_repeat_can_mend(
    invoke: Invoke,
    client: InferenceHTTPClient,
    server: RecordingServer,
    status: int,
    retries: int,
    sent: int,
) -> None:
    server.answer = failing(Reply({"message": "no"}, status=status, headers={"Retry-After": "0"}))
    client.configure(InferenceConfiguration(max_retries=retries))
    with pytest.raises(HTTPCallErrorError):
        invoke(client, "infer", PIXELS, model_id="p/1")
    assert server.paths().count("POST /infer/object_detection") == sent


@both_shells
def test_retry_after_beyond_the_deadline_is_not_waited_for(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = failing(Reply({"message": "later"}, status=429, headers={"Retry-After": "600"}))
    with pytest.raises(HTTPCallErrorError) as caught:
        invoke(client, "infer", PIXELS, model_id="p/1")
    assert caught.value.retry_after == 600
    assert server.paths().count("POST /infer/object_detection") == 1


@both_shells
@pytest.mark.parametrize("limit", ["request_timeout", "total_timeout"])
def test_server_that_stands_still_ends_in_a_timeout(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, limit: str
) -> None:
    released = threading.Event()

    def hang(request: Request) -> Reply:
        if request.path.startswith("/infer/"):
            released.wait(20)
        return detector(request)

    server.answer = hang
    client.configure(InferenceConfiguration(**{limit: 0.3}))  # type: ignore[arg-type]
    started = time.monotonic()
    try:
        with pytest.raises(RequestTimeoutError, match="POST /infer/object_detection"):
            invoke(client, "infer", PIXELS, model_id="p/1")
        assert time.monotonic() - started < 10
    finally:
        released.set()


@both_shells
def test_connection_that_does_not_come_ends_in_a_timeout(invoke: Invoke) -> None:
    """The queue of a listening socket is full, so that the kernel lets further connections wait."""
    with socket.socket() as listening, ExitStack() as waiting:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for _ in range(4):
            queued = waiting.enter_context(socket.socket())
            queued.settimeout(0)
            queued.connect_ex(listening.getsockname())
        with InferenceHTTPClient(f"http://127.0.0.1:{listening.getsockname()[1]}") as client:
            client.configure(InferenceConfiguration(connect_timeout=0.3, max_retries=0))
            started = time.monotonic()
            with pytest.raises(RequestTimeoutError, match="connect_timeout"):
                invoke(client, "get_server_info")
            assert 0.25 < time.monotonic() - started < 10


@both_shells
def test_nobody_listening_is_told_in_one_sentence(invoke: Invoke) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with InferenceHTTPClient(f"http://127.0.0.1:{port}", api_key="KEY-1") as client:
        client.configure(InferenceConfiguration(max_retries=0))
        with pytest.raises(
            HTTPServerConnectionError, match=f"no connection to the server at http://127.0.0.1:{port}"
        ) as caught:
            invoke(client, "infer", PIXELS, model_id="p/1")
    assert "KEY-1" not in "".join(traceback.format_exception(caught.value))


def test_errors_survive_pickling() -> None:
    error = HTTPCallErrorError("POST /x answered 500", 500, "words", "r-1")
    error.locate(3, {0: "done"})
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.status_code, copy.input_index, copy.finished_results) == (
        str(error),
        500,
        3,
        {0: "done"},
    )


def test_every_error_derives_from_one_base() -> None:
    import inference_ext.errors as errors

    for name in errors.__all__:
        assert issubclass(getattr(errors, name), HTTPClientError)
