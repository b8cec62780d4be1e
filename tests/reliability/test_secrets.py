"""The API key and the service secret come out nowhere; the table of faults searches what comes of every fault."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import json
import logging
import multiprocessing
import pickle
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import attrs
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from hanging_server import hanging, numbered_picture
from inference_api.api.server import get_info
from raw_server import raw_server, read_request, reply
from recording_server import RecordingServer, Reply, Request, detector

from inference_ext import (
    APIKeyNotProvided,
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidParameterError,
)
from tests.fuzzing.calls import CALLS as EVERY_METHOD
from tests.reliability.calls import SPECIFICATION
from tests.reliability.leaks import KEY, SECRET, places_with_secrets, texts_of, variables

WITH_SECRET = InferenceConfiguration(service_secret=SECRET, count_inference=False)
PIXELS = np.zeros((8, 8, 3), np.uint8)


@pytest.fixture(autouse=True)
def questions_for_the_version_count(server: RecordingServer) -> None:
    server.records_info = True


@pytest.fixture
def marked(server: RecordingServer) -> Iterator[InferenceHTTPClient]:
    with InferenceHTTPClient(server.url, api_key=KEY) as client:
        client.configure(WITH_SECRET)
        yield client


def secrets_in(texts: Iterator[tuple[str, str]]) -> list[str]:
    searched, found = places_with_secrets(texts)
    assert searched
    return found


def test_the_search_finds_what_it_looks_for() -> None:
    error = HTTPServerConnectionError("harmless")
    error.__context__ = ValueError(f"in the chain: {KEY}")
    assert secrets_in(texts_of(error)) == ["str of ValueError", "repr of ValueError", "traceback"]


# -- before anything is sent


@pytest.mark.parametrize(
    "make",
    [
        lambda: InferenceHTTPClient("no address", api_key=KEY),
        lambda: InferenceHTTPClient("http://127.0.0.1", api_key=f"{KEY}\r\nx: y"),
        lambda: InferenceHTTPClient("http://127.0.0.1", api_key=f"{KEY} {KEY}"),
        lambda: InferenceHTTPClient("http://127.0.0.1", api_key=f"ключ{KEY}"),
        lambda: InferenceHTTPClient("http://127.0.0.1", api_key=KEY.encode()),  # type: ignore[arg-type]
        lambda: InferenceHTTPClient(f"http://{KEY}@127.0.0.1"),
        lambda: InferenceHTTPClient(f"http://127.0.0.1/?api_key={KEY}"),
        lambda: InferenceConfiguration(service_secret=SECRET, max_retries=-1),
        lambda: InferenceConfiguration(service_secret=[SECRET]),  # type: ignore[arg-type]
        lambda: attrs.evolve(WITH_SECRET, max_retries=-1),
        lambda: dataclasses.replace(WITH_SECRET, max_retries=-1),
    ],
)
def test_what_is_refused_is_not_shown(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        make()
    assert secrets_in(texts_of(caught.value)) == []


def test_blanks_around_a_key_are_dropped(server: RecordingServer) -> None:
    with InferenceHTTPClient(server.url, api_key=f" {KEY}\n") as client:
        client.list_loaded_models()
    assert server.requests[0].query["api_key"] == KEY


def test_copies_of_the_settings_do_not_show_it(marked: InferenceHTTPClient) -> None:
    settings = marked.inference_configuration
    shown = [settings, attrs.asdict(settings), dataclasses.asdict(settings), copy.deepcopy(settings)]  # type: ignore[call-overload]
    assert SECRET not in repr(shown)
    assert settings.service_secret == SECRET


# -- while a call is under way


def frames_of(start: FrameType | None) -> Iterator[FrameType]:
    while start is not None:
        yield start
        start = start.f_back


def frames_of_task(task: asyncio.Task[Any]) -> Iterator[FrameType]:
    waiting: Any = task.get_coro()
    while waiting is not None:
        frame = getattr(waiting, "cr_frame", None) or getattr(waiting, "ag_frame", None)
        if frame is not None:
            yield frame
        waiting = getattr(waiting, "cr_await", None) or getattr(waiting, "ag_await", None)


@pytest.mark.parametrize("transport", ["legacy", "header", "both"])
@pytest.mark.parametrize("mode", ["v0", "v1"])
def test_no_frame_of_a_thread_that_waits_shows_it(
    marked: InferenceHTTPClient, server: RecordingServer, mode: str, transport: str
) -> None:
    """What a crash report of another thread, or a sampling profiler, would see of all threads."""
    marked.configure(attrs.evolve(WITH_SECRET, api_key_transport=transport))
    marked.select_api_v0() if mode == "v0" else marked.select_api_v1()
    server.answer = slow = Hanging()
    calls = [
        lambda: marked.infer(PIXELS, model_id="p/1"),
        lambda: marked.infer([PIXELS] * 4, model_id="p/1"),
        lambda: marked.run_workflow(specification=SPECIFICATION, images={"image": PIXELS}),
    ]
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    slow.wait_for(6)
    frames = [frame for start in [*sys._current_frames().values()] for frame in frames_of(start)]
    try:
        assert secrets_in(text for frame in frames for text in variables(frame)) == []
    finally:
        slow.let_go.set()
        for thread in threads:
            thread.join()


class Hanging:
    """Answers about models at once and about all else when it is let go."""

    def __init__(self) -> None:
        self._count = threading.Semaphore(0)
        self.let_go = threading.Event()

    def wait_for(self, count: int) -> None:
        assert all(self._count.acquire(timeout=20) for _ in range(count))

    def __call__(self, request: Request) -> Reply:
        if request.path.startswith("/model/"):
            return detector(request)
        self._count.release()
        self.let_go.wait(20)
        return Reply({"outputs": [{}], "predictions": [], "image": {"width": 8, "height": 8}})


@pytest.mark.parametrize("mode", ["v0", "v1"])
async def test_no_frame_of_a_task_that_waits_shows_it(
    marked: InferenceHTTPClient, server: RecordingServer, mode: str
) -> None:
    marked.select_api_v0() if mode == "v0" else marked.select_api_v1()
    server.answer = slow = Hanging()
    task = asyncio.create_task(marked.infer_async([PIXELS] * 4, model_id="p/1"))
    await asyncio.to_thread(slow.wait_for, 4)
    frames = [frame for each in asyncio.all_tasks() for frame in frames_of_task(each)]
    found = secrets_in(text for frame in frames for text in variables(frame))
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    slow.let_go.set()
    assert found + secrets_in(texts_of(caught.value)) == []


def test_the_traceback_of_ctrl_c_does_not_show_it(marked: InferenceHTTPClient, server: RecordingServer) -> None:
    for images in (numbered_picture(9), [numbered_picture(9)] * 3):
        with hanging(server, answered=1) as state:

            def interrupt(state: Any = state) -> None:
                state.wait_for(1)
                time.sleep(0.05)
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

            thread = threading.Thread(target=interrupt)
            thread.start()
            with pytest.raises(KeyboardInterrupt) as caught:
                marked.infer(images, model_id="p/1")
            thread.join()
        assert secrets_in(texts_of(caught.value)) == []


# -- logs, warnings, files


@both_shells
def test_no_log_of_the_package_or_of_httpx_shows_it(
    invoke: Invoke, marked: InferenceHTTPClient, server: RecordingServer, caplog: pytest.LogCaptureFixture
) -> None:
    left = [Reply({"message": f"busy, {KEY}"}, status=503, headers={"Retry-After": "0"})] * 2
    server.answer = lambda request: left.pop() if left else detector(request)
    caplog.set_level(logging.DEBUG)
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        marked.select_api_v0().configure(attrs.evolve(WITH_SECRET, max_candidates=3))
        invoke(marked, "infer", PIXELS, model_id="p/1")
        get_info.sync(client=marked.api)
    texts = [*caplog.messages, *(str(entry.message) for entry in warned)]
    assert any("attempt 1 failed" in text for text in texts)
    assert any("/info" in text for text in texts)  # httpx logs what goes through it
    assert any("max_candidates" in text for text in texts)
    assert secrets_in(("log or warning", text) for text in texts) == []


@both_shells
def test_the_generated_layer_does_not_show_it(invoke: Invoke) -> None:
    def cut_off(connected: Any, _: int, server: Any) -> None:
        read_request(connected, server)
        connected.sendall(reply(b'{"name":', length=100))

    async def ask(client: InferenceHTTPClient) -> None:
        await get_info.asyncio(client=client.api)

    with raw_server(cut_off) as server, InferenceHTTPClient(server.url, api_key=KEY) as client:
        assert KEY not in repr(client.api)
        with pytest.raises(HTTPServerConnectionError, match="GET /info: no complete answer") as caught:
            asyncio.run(ask(client)) if invoke.__name__ == "_asyncio" else get_info.sync(client=client.api)
        assert KEY.encode() in server.requests[0]
    assert secrets_in(texts_of(caught.value)) == []


@both_shells
def test_the_trace_file_of_a_workflow_does_not_hold_it(
    invoke: Invoke, marked: InferenceHTTPClient, server: RecordingServer, tmp_path: Path
) -> None:
    trace = [{"name": "step", "args": {"url": f"https://x/?api_key={KEY}", "secret": SECRET}}]
    server.answer = lambda _: Reply({"outputs": [{}], "profiler_trace": trace})
    marked.configure(attrs.evolve(WITH_SECRET, profiling_directory=str(tmp_path)))
    invoke(marked, "run_workflow", specification=SPECIFICATION, images={"image": PIXELS}, enable_profiling=True)
    (file,) = tmp_path.iterdir()
    assert json.loads(file.read_text())[0]["args"] == {"url": "https://x/?api_key=***", "secret": "***"}


# -- pickles


def test_a_pickle_holds_no_secret(marked: InferenceHTTPClient) -> None:
    with marked.use_configuration(WITH_SECRET):
        for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
            pickled = pickle.dumps(marked, protocol)
            assert KEY.encode() not in pickled
            assert SECRET.encode() not in pickled


def test_a_client_without_its_key_says_so_before_anything_is_sent(
    marked: InferenceHTTPClient, server: RecordingServer
) -> None:
    with pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(marked)))) as copied:
        for call in (lambda: copied.infer(PIXELS, model_id="p/1"), copied.list_loaded_models, lambda: copied.api):
            with pytest.raises(APIKeyNotProvided, match="set ROBOFLOW_API_KEY in this process"):
                call()
    assert server.requests == []


def test_a_client_takes_the_key_where_it_is_unpickled(
    marked: InferenceHTTPClient, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    pickled = pickle.dumps(marked.configure(InferenceConfiguration()))
    monkeypatch.setenv("ROBOFLOW_API_KEY", "OF-THERE")
    with pickle.loads(pickled) as copied:
        copied.list_loaded_models()
    assert server.requests[0].query["api_key"] == "OF-THERE"


def test_a_client_without_its_service_secret_says_so_until_it_is_configured(
    server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROBOFLOW_API_KEY", KEY)
    with InferenceHTTPClient(server.url) as client, pickle.loads(pickle.dumps(client.configure(WITH_SECRET))) as copied:
        assert copied.inference_configuration.count_inference is False
        with pytest.raises(APIKeyNotProvided, match="service_secret"):
            copied.infer(PIXELS, model_id="p/1")
        with copied.use_configuration(InferenceConfiguration()):
            copied.infer(PIXELS, model_id="p/1")
        copied.configure(WITH_SECRET)
        copied.infer(PIXELS, model_id="p/1")
    assert server.requests[-1].query["service_secret"] == SECRET


def test_a_client_without_key_needs_none_when_it_is_unpickled(server: RecordingServer) -> None:
    with InferenceHTTPClient(server.url) as client, pickle.loads(pickle.dumps(client)) as copied:
        copied.infer(PIXELS, model_id="p/1")
    assert "api_key" not in server.requests[-1].json


@pytest.mark.parametrize("copied_by", [copy.copy, copy.deepcopy])
def test_a_copy_in_the_same_process_keeps_them(
    marked: InferenceHTTPClient, server: RecordingServer, copied_by: Callable[[Any], Any]
) -> None:
    with copied_by(marked) as copied:
        copied.select_model("p/1").infer(PIXELS)
    assert server.requests[-1].json["api_key"] == KEY
    assert server.requests[-1].query["service_secret"] == SECRET
    assert marked.selected_model is None


def infer_in_child(client: InferenceHTTPClient) -> None:
    with client:
        client.infer(PIXELS, model_id="p/1")


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")  # Python 3.12, of "fork"
@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_process_that_is_started_gets_them(marked: InferenceHTTPClient, server: RecordingServer, method: str) -> None:
    process = multiprocessing.get_context(method).Process(target=infer_in_child, args=(marked,))
    process.start()
    process.join(60)
    assert process.exitcode == 0
    assert server.requests[-1].json["api_key"] == KEY
    assert server.requests[-1].query["service_secret"] == SECRET


def test_a_pickled_error_holds_no_secret(marked: InferenceHTTPClient, server: RecordingServer) -> None:
    server.answer = lambda request: Reply({"message": request.body.decode()}, status=400)
    with pytest.raises(HTTPCallErrorError) as caught:
        marked.infer(PIXELS, model_id="p/1")
    assert KEY.encode() not in pickle.dumps(caught.value)


# -- every method


ECHOES: dict[str, Callable[[str], tuple[int, Any]]] = {
    "500": lambda sent: (500, {"message": f"cannot do {sent}", "help_url": sent, "inner_error_message": sent}),
    "422": lambda sent: (422, {"detail": [{"loc": ["body"], "msg": f"no {sent}", "input": sent}]}),
    "400 of a workflow": lambda sent: (
        400,
        {"message": sent, "blocks_errors": [{"block_id": sent, "property_details": sent}], "error_type": "X"},
    ),
    "200": lambda sent: (200, [[sent]]),
}


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("transport", ["legacy", "header"])
@pytest.mark.parametrize("name", EVERY_METHOD)
@both_shells
def test_no_method_shows_it_when_the_server_repeats_the_request(
    invoke: Invoke, marked: InferenceHTTPClient, server: RecordingServer, name: str, transport: str, echo: str
) -> None:
    def repeat(request: Request) -> Reply:
        sent = f"{request.path} {request.query} {request.headers} {request.body.decode(errors='replace')}"
        status, body = ECHOES[echo](sent)
        return Reply(body, status=status, headers={"x-request-id": request.headers.get("authorization", "none")})

    server.answer = repeat
    marked.configure(attrs.evolve(WITH_SECRET, api_key_transport=transport, max_retries=0))
    arguments = EVERY_METHOD[name].arguments
    error: HTTPClientError | None = None
    try:
        if name == "infer_on_stream":
            list(marked.infer_on_stream(**arguments))
        else:
            invoke(marked, name, **arguments)
    except HTTPClientError as raised:
        error = raised
    assert server.requests
    # A few methods hand on whatever JSON the server answers with a success status.
    assert error is not None or echo == "200"
    assert error is None or secrets_in(texts_of(error)) == []
