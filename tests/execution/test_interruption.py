"""A call that is left early ends at once and leaves no thread, socket or file behind, even if the server hangs."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from hanging_server import LIMIT, hanging, number_of, numbered_picture
from left_behind import open_descriptors, wait_until, worker_threads
from mjpeg import camera
from recording_server import RecordingServer, Reply, Request

from inference_ext import ClientClosedError, InferenceConfiguration, InferenceHTTPClient, InvalidInputFormatError
from inference_ext.errors import HTTPCallErrorError

PIXELS = np.zeros((8, 8, 3), np.uint8)
AT_ONCE = 2.0
"""Seconds: far below the time a request hangs, far above the noise of a busy machine."""


@contextmanager
def ends_at_once() -> Generator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < AT_ONCE < LIMIT / 2


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for number in range(40):
        cv2.imwrite(str(tmp_path / f"{number:02}.png"), numbered_picture(number))
    return tmp_path


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for number in range(40):
        writer.write(numbered_picture(number, 48, 64))
    writer.release()
    return path


@pytest.mark.parametrize("source", ["directory", "video"])
def test_breaking_out_of_a_stream_releases_everything(
    server: RecordingServer, source: str, request: pytest.FixtureRequest
) -> None:
    frames: Path = request.getfixturevalue(source)
    before = open_descriptors()
    client = InferenceHTTPClient(server.url)
    with hanging(server, answered=3) as state:
        stream = client.infer_on_stream(frames, model_id="p/1")
        for _ in zip(range(3), stream, strict=False):
            pass
        state.wait_for(8)
        with ends_at_once():
            stream.close()
        assert worker_threads() == []
        client.close()
    assert wait_until(lambda: open_descriptors() <= before, AT_ONCE)


@pytest.mark.parametrize("source", ["directory", "video"])
async def test_breaking_out_of_an_asyncio_stream_releases_everything(
    server: RecordingServer, source: str, request: pytest.FixtureRequest
) -> None:
    frames: Path = request.getfixturevalue(source)
    before = open_descriptors()
    client = InferenceHTTPClient(server.url)
    with hanging(server, answered=3) as state:
        stream = client.infer_on_stream_async(frames, model_id="p/1")
        for _ in range(3):
            await anext(stream)
        await asyncio.to_thread(state.wait_for, 8)  # the loop itself must go on, or they are not sent
        with ends_at_once():
            await stream.aclose()
        await client.aclose()
    assert wait_until(lambda: open_descriptors() <= before, AT_ONCE)


@both_shells
def test_an_error_of_a_list_does_not_wait_for_those_behind_it(
    invoke: Invoke, server: RecordingServer, client: InferenceHTTPClient
) -> None:
    client.infer(PIXELS, model_id="p/1")  # the registry is asked here
    with hanging(server, answered=4) as state:
        answer = server.answer

        def refuse_the_fifth(request: Request) -> Reply:
            if number_of(request) == 4:
                state.wait_for(5)
                return Reply({"message": "no"}, status=400)
            return answer(request)

        server.answer = refuse_the_fifth
        with ends_at_once(), pytest.raises(HTTPCallErrorError) as caught:
            invoke(client, "infer", [numbered_picture(number) for number in range(30)], model_id="p/1")
    assert caught.value.input_index == 4
    assert list(caught.value.finished_results) == [0, 1, 2, 3]
    assert worker_threads() == []


def test_closing_the_client_ends_calls_of_other_threads(server: RecordingServer) -> None:
    client = InferenceHTTPClient(server.url)
    client.configure(InferenceConfiguration(max_retries=5))
    errors: list[BaseException] = []

    def call() -> None:
        try:
            client.infer(PIXELS, model_id="p/1")
        except ClientClosedError as error:
            errors.append(error)

    with hanging(server, answered=0) as state:
        threads = [threading.Thread(target=call) for _ in range(3)]
        for thread in threads:
            thread.start()
        state.wait_for(3)
        with ends_at_once():
            client.close()
            for thread in threads:
                thread.join(LIMIT)
    assert len(errors) == 3


def test_the_workers_of_a_stream_stop_waiting_to_repeat(
    server: RecordingServer, client: InferenceHTTPClient, directory: Path
) -> None:
    arrived = threading.Semaphore(0)
    answer = server.answer

    def first_now_others_later(request: Request) -> Reply:
        if request.path.startswith("/infer/") and number_of(request) > 0:
            arrived.release()
            return Reply({"message": "later"}, status=503, headers={"Retry-After": "20"})
        return answer(request)

    server.answer = first_now_others_later
    client.configure(InferenceConfiguration(max_concurrent_requests=2, on_error="return"))
    stream = client.infer_on_stream(directory, model_id="p/1")
    next(stream)
    assert arrived.acquire(timeout=LIMIT)
    with ends_at_once():
        stream.close()
    assert worker_threads() == []


def test_an_image_download_is_interrupted(server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOW_URL_TO_NON_GLOBAL_ADDRESSES", "True")
    monkeypatch.setenv("ALLOW_NON_HTTPS_URL_INPUT", "True")
    monkeypatch.setenv("ALLOW_URL_INPUT_WITHOUT_FQDN", "True")
    release = threading.Event()
    answer = server.answer

    def slow_picture(request: Request) -> Reply:
        if request.path == "/slow.png":
            release.wait(LIMIT)
        return answer(request)

    server.answer = slow_picture
    with InferenceHTTPClient(server.url) as client:
        try:
            with ends_at_once(), pytest.raises(InvalidInputFormatError, match=r"missing\.png"):
                client.infer(["missing.png", *[f"{server.url}/slow.png"] * 6], model_id="p/1")
        finally:
            release.set()
    assert worker_threads() == []


def test_ctrl_c_in_a_list_ends_it(server: RecordingServer) -> None:
    program = textwrap.dedent(f"""
        import numpy as np
        from inference_ext import InferenceHTTPClient
        client = InferenceHTTPClient({server.url!r})
        client.infer([np.full((8, 8, 3), 60, np.uint8)] * 50, model_id="p/1")
    """)
    with hanging(server, answered=2) as state:
        process = subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)
        try:
            state.wait_for(8)
            started = time.monotonic()
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=LIMIT)
        finally:
            process.kill()
    assert time.monotonic() - started < AT_ONCE
    assert "KeyboardInterrupt" in errors


@pytest.mark.parametrize("source", ["directory", "video", "camera"])
def test_a_program_may_end_within_a_stream(
    server: RecordingServer, source: str, request: pytest.FixtureRequest
) -> None:
    """Without closing it: the stream's threads wait for a consumer that never comes back, or are inside OpenCV."""
    with ExitStack() as live:
        if source == "camera":
            picture = cv2.imencode(".jpg", np.zeros((48, 64, 3), np.uint8))[1].tobytes()
            frames = live.enter_context(camera([picture]))
        else:
            frames = str(request.getfixturevalue(source))
        program = textwrap.dedent(f"""
            from inference_ext import InferenceConfiguration, InferenceHTTPClient
            client = InferenceHTTPClient({server.url!r})
            client.configure(InferenceConfiguration(source_buffer_filling_strategy="drop_oldest"))
            stream = client.infer_on_stream({frames!r}, model_id="p/1")
            print(len(next(stream)))
        """)
        for _ in range(4):
            done = subprocess.run(
                [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=LIMIT
            )
            assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "3", "")


class BrokenFile:
    """A file object of the caller's that fails in a way of its own."""

    def read(self) -> bytes:
        raise KeyError("no such part")


@both_shells
@pytest.mark.parametrize("count", [1, 5])
def test_what_the_callers_own_objects_raise_comes_out_as_it_is(
    invoke: Invoke, server: RecordingServer, client: InferenceHTTPClient, count: int
) -> None:
    with hanging(server, answered=1), ends_at_once(), pytest.raises(KeyError, match="no such part"):
        invoke(client, "infer", [*[numbered_picture(9)] * (count - 1), BrokenFile()], model_id="p/1")
    assert worker_threads() == []
