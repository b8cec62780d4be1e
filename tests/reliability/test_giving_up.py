"""Whoever stops waiting goes on at once: a task that is cancelled, a stream that is left, Ctrl-C, a silent camera."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from hanging_server import Hanging, hanging, numbered_picture
from left_behind import wait_until, worker_threads
from mjpeg import camera
from recording_server import RecordingServer

from inference_ext import (
    HTTPServerConnectionError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidURLImageInput,
    RequestTimeoutError,
    URLPolicy,
)
from tests.reliability.calls import write_pictures

AT_ONCE = 0.1
ROUNDS = 5
"""A machine that others use stops a process for longer than that: the quickest round counts."""

LATE = 15.0
"""Seconds that nobody may wait: far below what the server, the camera or the resolver takes."""

PICTURE = numbered_picture(9)
MANY = [PICTURE] * 20


@pytest.fixture
def hangs(server: RecordingServer) -> Generator[Hanging]:
    with hanging(server, answered=9) as state:
        yield state


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for number in range(20):
        cv2.imwrite(str(tmp_path / f"{number:02}.png"), PICTURE)
    return tmp_path


def quickest(leave: Callable[[], float]) -> float:
    return min(leave() for _ in range(ROUNDS))


CALLS: dict[str, Callable[[InferenceHTTPClient, Path], Any]] = {
    "one image": lambda client, _: client.infer_async(PICTURE, model_id="p/1"),
    "list": lambda client, _: client.infer_async(MANY, model_id="p/1"),
    "stream": lambda client, directory: anext(client.infer_on_stream_async(directory, model_id="p/1")),
    "gathered": lambda client, _: asyncio.gather(*(client.infer_async(each, model_id="p/1") for each in MANY)),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_cancelled_task_ends_at_once(client: InferenceHTTPClient, hangs: Hanging, directory: Path, name: str) -> None:
    hung = 0

    async def leave() -> float:
        async def call() -> Any:
            return await CALLS[name](client, directory)

        nonlocal hung
        hung += 1 if name == "one image" else 8
        task = asyncio.create_task(call())
        await asyncio.to_thread(hangs.wait_for, hung)
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        # gather hands on the first of the cancelled ones.
        if others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(others, timeout=LATE)
        return time.monotonic() - began

    assert quickest(lambda: asyncio.run(leave())) < AT_ONCE


def test_a_stream_that_is_left_ends_at_once(client: InferenceHTTPClient, hangs: Hanging, directory: Path) -> None:
    cv2.imwrite(str(directory / "00.png"), numbered_picture(0))  # answered, all others hang
    hung = 0

    def leave() -> float:
        nonlocal hung
        hung += 8
        stream = client.infer_on_stream(directory, model_id="p/1")
        next(stream)
        hangs.wait_for(hung)
        began = time.monotonic()
        stream.close()
        lasted = time.monotonic() - began
        assert not worker_threads()
        return lasted

    assert quickest(leave) < AT_ONCE


@pytest.mark.parametrize("images", [PICTURE, MANY], ids=["one image", "list"])
def test_ctrl_c_ends_a_call_at_once(client: InferenceHTTPClient, hangs: Hanging, images: Any) -> None:
    hung = 0
    pressed = 0.0

    def leave() -> float:
        nonlocal hung
        hung += 8 if isinstance(images, list) else 1

        def press() -> None:
            nonlocal pressed
            hangs.wait_for(hung)
            pressed = time.monotonic()
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

        thread = threading.Thread(target=press)
        thread.start()
        with pytest.raises(KeyboardInterrupt):
            client.infer(images, model_id="p/1")
        lasted = time.monotonic() - pressed
        thread.join()
        assert not worker_threads()
        return lasted

    assert quickest(leave) < AT_ONCE


@pytest.mark.parametrize("strategy", ["wait", "drop_oldest"])
def test_a_camera_that_stands_still_does_not_hold_up_who_leaves(client: InferenceHTTPClient, strategy: Any) -> None:
    """The thread that reads is inside the video library, which nothing can interrupt; it ends when that gives up."""
    picture = cv2.imencode(".jpg", np.zeros((48, 64, 3), np.uint8))[1].tobytes()
    client.configure(InferenceConfiguration(source_buffer_filling_strategy=strategy))
    with camera([picture], stands_still_after=6) as address:

        def leave() -> float:
            stream = client.infer_on_stream(address, model_id="p/1")
            next(stream)
            time.sleep(0.8)  # now it waits for a seventh frame
            began = time.monotonic()
            stream.close()
            return time.monotonic() - began

        async def leave_async() -> float:
            stream = client.infer_on_stream_async(address, model_id="p/1")
            await anext(stream)
            await asyncio.sleep(0.8)
            began = time.monotonic()
            await stream.aclose()
            return time.monotonic() - began

        assert min(leave() for _ in range(2)) < AT_ONCE + 0.1
        began = time.monotonic()
        assert min(asyncio.run(leave_async()) for _ in range(2)) < AT_ONCE + 0.1
        assert time.monotonic() - began < LATE  # the event loop does not wait for the library when it ends, either
    assert wait_until(lambda: not worker_threads(), LATE)  # the camera has hung up


def test_a_cancelled_task_gives_up_its_downloads(server: RecordingServer) -> None:
    """Also for the event loop's end, which waits for its worker threads."""
    answer = server.answer
    arrived, release = threading.Semaphore(0), threading.Event()

    def slow_pictures(request: Any) -> Any:
        if request.path == "/slow.png":
            arrived.release()
            release.wait(2 * LATE)
        return answer(request)

    server.answer = slow_pictures
    policy = URLPolicy(allow_non_global_addresses=True)

    async def leave() -> None:
        async with InferenceHTTPClient(server.url, url_policy=policy) as client:
            task = asyncio.create_task(client.infer_async([f"{server.url}/slow.png"] * 4, model_id="p/1"))
            await asyncio.to_thread(lambda: [arrived.acquire(timeout=LATE) for _ in range(2)])
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    began = time.monotonic()
    asyncio.run(leave())
    lasted = time.monotonic() - began
    release.set()
    assert lasted < LATE


# -- a resolver that does not answer


@pytest.fixture
def silent_resolver(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """No name server can be had on loopback's port 53, so the system's function stands still itself."""
    over = threading.Event()
    look_up = socket.getaddrinfo

    def slow(host: Any, *arguments: Any, **options: Any) -> Any:
        if host == "silent.example":
            over.wait(2 * LATE)
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        return look_up(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    yield
    over.set()


@pytest.mark.usefixtures("silent_resolver")
@both_shells
def test_a_silent_resolver_ends_in_a_timeout(invoke: Invoke) -> None:
    began = time.monotonic()
    with InferenceHTTPClient("http://silent.example:9001") as client:
        client.configure(InferenceConfiguration(connect_timeout=0.3, max_retries=0))
        with pytest.raises(RequestTimeoutError, match=r"no connection to .*silent\.example.* within connect_timeout"):
            invoke(client, "get_server_info")
    assert 0.25 < time.monotonic() - began < LATE


@pytest.mark.usefixtures("silent_resolver")
@both_shells
def test_a_silent_resolver_ends_a_download_in_a_timeout(invoke: Invoke, server: RecordingServer) -> None:
    began = time.monotonic()
    with (
        InferenceHTTPClient(server.url, url_policy=URLPolicy(timeout=0.3)) as client,
        pytest.raises(InvalidURLImageInput, match=r"silent\.example"),
    ):
        invoke(client, "infer", "http://silent.example/a.png?signature=hidden", model_id="p/1")
    assert 0.25 < time.monotonic() - began < LATE


@pytest.mark.usefixtures("silent_resolver")
def test_closing_the_client_ends_a_look_up() -> None:
    client = InferenceHTTPClient("http://silent.example:9001")
    threading.Timer(0.3, client.close).start()
    began = time.monotonic()
    with pytest.raises(HTTPServerConnectionError):
        client.get_server_info()
    assert time.monotonic() - began < 8


# -- forks within calls


def test_a_stream_cannot_go_on_in_a_forked_process(server: RecordingServer, tmp_path: Path) -> None:
    """Its threads are the parent's. The fork says so, a new stream works there, and the parent's goes on."""
    write_pictures(tmp_path)
    program = textwrap.dedent(f"""
        import os, sys
        from inference_ext import HTTPClientError, InferenceHTTPClient
        client = InferenceHTTPClient({server.url!r})
        stream = client.infer_on_stream({str(tmp_path)!r}, model_id="p/1")
        next(stream)
        child = os.fork()
        if child == 0:
            try:
                next(stream)
            except HTTPClientError as error:
                print("child:", error, flush=True)
            print("child:", len(list(client.infer_on_stream({str(tmp_path)!r}, model_id="p/1"))), flush=True)
            sys.exit()
        os.waitpid(child, 0)
        print("parent:", len(list(stream)))
    """)
    # Python from 3.12 on warns of every fork of a process with threads.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.splitlines() == [
        "child: this stream was begun in the parent process: open a new one in the forked one",
        "child: 6",
        "parent: 5",
    ]
    assert done.stderr == ""


def test_processes_forked_while_others_call_work(server: RecordingServer) -> None:
    """Locks that other threads hold at that moment stay locked in the fork, and connections are the parent's."""
    program = textwrap.dedent(f"""
        import multiprocessing, sys, threading
        import numpy as np
        from inference_ext import InferenceConfiguration, InferenceHTTPClient

        client = InferenceHTTPClient({server.url!r})
        client.configure(InferenceConfiguration(client_downsizing_disabled=False))
        over = threading.Event()
        results = []

        def busy():
            while not over.is_set():
                results.extend(client.infer([np.full((600, 900, 3), 90, np.uint8)] * 4, model_id="p/1"))

        def child():
            answers = client.infer([np.full((600, 900, 3), 30, np.uint8)] * 4, model_id="p/1")
            assert [answer["predictions"][0]["class_id"] for answer in answers] == [30] * 4
            with client.use_model("p/1"):
                client.infer(np.zeros((8, 8, 3), np.uint8))

        if __name__ == "__main__":
            threads = [threading.Thread(target=busy) for _ in range(3)]
            for thread in threads:
                thread.start()
            context = multiprocessing.get_context("fork")
            codes = []
            for _ in range(8):
                process = context.Process(target=child)
                process.start()
                process.join(20)
                codes.append(process.exitcode)
                process.kill()
            over.set()
            for thread in threads:
                thread.join()
            client.close()
            wrong = [each for each in results if each["predictions"][0]["class_id"] != 90]
            print(codes, len(results) > 0, wrong)
    """)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=200)
    assert (done.stdout.strip(), done.returncode) == (f"{[0] * 8} True []", 0), done.stderr
