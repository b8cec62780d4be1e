"""Opening, sharing, copying and closing a client."""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import os
import pickle
import subprocess
import sys
import threading
import warnings
import weakref
from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request, detector

from inference_ext import (
    HTTPServerConnectionError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidParameterError,
)

PIXELS = np.zeros((8, 8, 3), np.uint8)


@pytest.fixture(autouse=True)
def questions_for_the_version_count(server: RecordingServer) -> None:
    server.records_info = True


@both_shells
def test_closed_client_refuses_calls(invoke: Invoke, client: InferenceHTTPClient) -> None:
    client.close()
    with pytest.raises(HTTPServerConnectionError, match="closed"):
        invoke(client, "get_server_info")


def test_calls_share_one_connection(client: InferenceHTTPClient, server: RecordingServer) -> None:
    for _ in range(5):
        client.infer(PIXELS, model_id="p/1")
    client.list_loaded_models()
    assert len({request.connection for request in server.requests}) == 1


def test_list_needs_no_more_connections_than_the_window(client: InferenceHTTPClient, server: RecordingServer) -> None:
    client.configure(InferenceConfiguration(max_concurrent_requests=3))
    client.infer([PIXELS] * 30, model_id="p/1")
    assert len({request.connection for request in server.requests}) <= 3


def test_event_loops_one_after_another_leave_nothing_open(client: InferenceHTTPClient, server: RecordingServer) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(3):
            results = asyncio.run(client.infer_async([PIXELS] * 4, model_id="p/1"))
            assert len(results) == 4
            gc.collect()
    connections = {request.connection for request in server.requests}
    assert len(connections) >= 3  # each loop had its own


@pytest.mark.parametrize("finishes_generators", [True, False])
def test_event_loops_that_have_ended_are_let_go_of(client: InferenceHTTPClient, *, finishes_generators: bool) -> None:
    """A program that calls `asyncio.run` for each of its requests must not grow."""
    loops: list[weakref.ref[asyncio.AbstractEventLoop]] = []

    async def call() -> None:
        loops.append(weakref.ref(asyncio.get_running_loop()))
        await client.infer_async([PIXELS] * 12, model_id="p/1")

    for _ in range(4):
        if finishes_generators:
            asyncio.run(call())
        else:
            loop = asyncio.new_event_loop()
            loop.run_until_complete(call())
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # its connections are not closed, which asyncio says
                loop.close()
                del loop
                gc.collect()
    asyncio.run(client.infer_async(PIXELS, model_id="p/1"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()
    assert [loop() for loop in loops] == [None] * 4


def test_asyncio_block_closes_the_client(server: RecordingServer) -> None:
    async def use() -> InferenceHTTPClient:
        async with InferenceHTTPClient(server.url) as client:
            await client.infer_async(PIXELS, model_id="p/1")
        return client

    with pytest.raises(HTTPServerConnectionError, match="closed"):
        asyncio.run(use()).get_server_info()


@pytest.mark.parametrize("ending", ["with", "close", "aclose"])
def test_every_end_closes_the_client_and_twice_is_no_error(server: RecordingServer, ending: str) -> None:
    client = InferenceHTTPClient(server.url)
    if ending == "with":
        with client as inner:
            assert inner is client
            client.infer(PIXELS, model_id="p/1")
    for _ in range(2):
        if ending == "aclose":
            asyncio.run(client.aclose())
        else:
            client.close()
    with pytest.raises(HTTPServerConnectionError, match="closed"):
        client.infer(PIXELS, model_id="p/1")
    with pytest.raises(HTTPServerConnectionError, match="closed"):
        asyncio.run(client.infer_async(PIXELS, model_id="p/1"))


def test_block_that_fails_closes_the_client_too(server: RecordingServer) -> None:
    with pytest.raises(ZeroDivisionError), InferenceHTTPClient(server.url) as client:
        _ = 1 / 0
    with pytest.raises(HTTPServerConnectionError, match="closed"):
        client.get_server_info()


def test_event_loops_of_several_threads_share_the_client(client: InferenceHTTPClient) -> None:
    """Blocking calls and loops in threads of their own, all at the same time; each gets its own images' results."""
    wrong: list[str] = []
    start = threading.Barrier(6)

    def work(number: int) -> None:
        image = np.full((8, 8, 3), number, np.uint8)
        start.wait()
        for _ in range(5):
            if number % 2:
                results = asyncio.run(client.infer_async([image] * 3, model_id="p/1"))
            else:
                results = client.infer([image] * 3, model_id="p/1")
            seen = {result["predictions"][0]["class_id"] for result in results}
            wrong.extend([] if seen == {number} and len(results) == 3 else [f"{number}: {seen}"])

    client.configure(InferenceConfiguration(image_format="png", max_concurrent_requests=4))
    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert wrong == []


def test_pickled_client_works_and_keeps_its_settings(
    client: InferenceHTTPClient, server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.select_model("p/1").configure(InferenceConfiguration(confidence_threshold=0.25))
    client.infer(PIXELS)
    monkeypatch.setenv("ROBOFLOW_API_KEY", "KEY-2")  # a pickle holds no key
    with pickle.loads(pickle.dumps(client)) as copy:
        copy.infer(PIXELS)
        copy.select_model("q/2")
    assert server.requests[-1].json["confidence"] == 0.25
    assert server.requests[-1].json["api_key"] == "KEY-2"
    # They share neither sockets nor state.
    assert len({request.connection for request in server.requests}) == 2
    assert client.selected_model == "p/1"
    client.infer(PIXELS)


def test_pickled_client_works_in_another_process(client: InferenceHTTPClient, server: RecordingServer) -> None:
    client.select_api_v0().select_model("p/1")
    with client.use_model("only here/1"):
        pickled = pickle.dumps(client)
    code = (
        "import pickle, sys, numpy as np\n"
        "with pickle.load(sys.stdin.buffer) as client:\n"
        "    print(client.infer(np.zeros((8, 8, 3), np.uint8))['image'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=pickled,
        env={**os.environ, "ROBOFLOW_API_KEY": "KEY-2"},
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.decode().strip() == "{'width': 8, 'height': 8}"
    (request,) = server.requests
    assert (request.path, request.query["api_key"]) == ("/p/1", "KEY-2")


def test_appearance_shows_no_key(client: InferenceHTTPClient) -> None:
    assert "KEY-1" not in repr(client)
    assert "KEY-1" not in repr(vars(client))


@pytest.mark.parametrize(
    ("given", "variables", "sent"),
    [
        (None, {"API_KEY": "SECOND", "ROBOFLOW_API_KEY": "FIRST"}, "FIRST"),
        (None, {"API_KEY": "SECOND"}, "SECOND"),
        (None, {"API_KEY": "SECOND", "ROBOFLOW_API_KEY": ""}, "SECOND"),
        ("GIVEN", {"API_KEY": "SECOND", "ROBOFLOW_API_KEY": "FIRST"}, "GIVEN"),
        ("", {"API_KEY": "SECOND"}, "SECOND"),
        (None, {"API_KEY": "", "ROBOFLOW_API_KEY": ""}, None),
        (None, {}, None),
    ],
)
@pytest.mark.parametrize("make", [InferenceHTTPClient, InferenceHTTPClient.init], ids=["class", "init"])
def test_key_is_the_given_one_or_that_of_the_environment(
    server: RecordingServer,
    monkeypatch: pytest.MonkeyPatch,
    make: Any,
    given: str | None,
    variables: dict[str, str],
    sent: str | None,
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with make(server.url, given) as client:
        client.list_loaded_models()
    assert server.requests[0].query == ({} if sent is None else {"api_key": sent})


def test_key_of_the_environment_is_read_when_the_client_is_made(
    server: RecordingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROBOFLOW_API_KEY", "FIRST")
    with InferenceHTTPClient(server.url) as client:
        monkeypatch.setenv("ROBOFLOW_API_KEY", "LATER")
        client.list_loaded_models()
    assert server.requests[0].query == {"api_key": "FIRST"}


def test_init_makes_a_client_of_the_class_it_is_called_on(server: RecordingServer) -> None:
    class Own(InferenceHTTPClient):
        pass

    with Own.init(api_url=server.url, api_key="KEY-1") as client:
        assert type(client) is Own
        assert client.get_server_info().name == "recording"


@pytest.mark.parametrize("end", ["/", "//", ""])
@pytest.mark.parametrize("path", ["", "/behind/a/proxy"])
def test_trailing_slashes_do_not_matter_and_a_path_is_kept(server: RecordingServer, path: str, end: str) -> None:
    server.answer = lambda request: detector(dataclasses.replace(request, path=request.path.removeprefix(path)))
    with InferenceHTTPClient(server.url + path + end) as client:
        client.get_server_info()
        client.infer_from_api_v0(PIXELS, model_id="p/1")
    assert server.paths() == [f"GET {path}/info", f"POST {path}/p/1"]


@pytest.mark.parametrize(
    "address", ["", "localhost:9001", "ftp://x", "http://", "http://u:p@h", "http://h/?api_key=K", 7]
)
def test_bad_addresses_are_refused(address: Any) -> None:
    with pytest.raises(InvalidParameterError, match="api_url") as caught:
        InferenceHTTPClient(address)
    assert "api_key=K" not in str(caught.value)


def test_settings_of_one_thread_never_reach_another(client: InferenceHTTPClient, server: RecordingServer) -> None:
    """Threads with a model and a threshold of their own hammer one client; every request holds a matching pair."""
    client.select_api_v0()
    start = threading.Barrier(6)

    def work(number: int) -> None:
        start.wait()
        for _ in range(15):
            with (
                client.use_model(f"p/{number}"),
                client.use_configuration(InferenceConfiguration(confidence_threshold=number / 10)),
            ):
                client.infer(PIXELS)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.requests) == 90
    for request in server.requests:
        assert request.path == f"/p/{round(float(request.query['confidence']) * 10)}"


def test_settings_of_one_task_never_reach_another(client: InferenceHTTPClient, server: RecordingServer) -> None:
    client.select_api_v0()

    async def work(number: int) -> None:
        for _ in range(10):
            with (
                client.use_model(f"p/{number}"),
                client.use_configuration(InferenceConfiguration(confidence_threshold=number / 10)),
            ):
                await asyncio.sleep(0)
                await client.infer_async(PIXELS)

    async def everybody() -> None:
        await asyncio.gather(*(work(number) for number in range(6)))

    asyncio.run(everybody())
    assert len(server.requests) == 60
    for request in server.requests:
        assert request.path == f"/p/{round(float(request.query['confidence']) * 10)}"


def test_cancelling_a_list_leaves_no_task_behind(client: InferenceHTTPClient, server: RecordingServer) -> None:
    arrived, released = threading.Event(), threading.Event()
    answer = server.answer

    def hang(request: Request) -> Reply:
        arrived.set()
        released.wait(20)
        return answer(request)

    server.answer = hang

    async def cancel() -> int:
        running = asyncio.create_task(client.infer_from_api_v0_async([PIXELS] * 20, model_id="p/1"))
        await asyncio.to_thread(arrived.wait, 20)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        return len(asyncio.all_tasks())

    try:
        assert asyncio.run(cancel()) == 1
    finally:
        released.set()
