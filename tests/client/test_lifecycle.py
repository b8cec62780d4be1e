"""Opening, sharing, copying and closing a client."""

from __future__ import annotations

import asyncio
import gc
import pickle
import threading
import warnings
from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request

from inference_ext import (
    HTTPServerConnectionError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidParameterError,
)

PIXELS = np.zeros((8, 8, 3), np.uint8)


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


def test_asyncio_block_closes_the_client(server: RecordingServer) -> None:
    async def use() -> InferenceHTTPClient:
        async with InferenceHTTPClient(server.url) as client:
            await client.infer_async(PIXELS, model_id="p/1")
        return client

    with pytest.raises(HTTPServerConnectionError, match="closed"):
        asyncio.run(use()).get_server_info()


def test_pickled_client_works_and_keeps_its_settings(client: InferenceHTTPClient, server: RecordingServer) -> None:
    client.select_model("p/1").configure(InferenceConfiguration(confidence_threshold=0.25))
    client.infer(PIXELS)
    with pickle.loads(pickle.dumps(client)) as copy:
        copy.infer(PIXELS)
    assert server.requests[-1].json["confidence"] == 0.25
    assert server.requests[-1].json["api_key"] == "KEY-1"


def test_appearance_shows_no_key(client: InferenceHTTPClient) -> None:
    assert "KEY-1" not in repr(client)
    assert "KEY-1" not in repr(vars(client))


def test_key_comes_from_the_environment(server: RecordingServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_KEY", "SECOND")
    monkeypatch.setenv("ROBOFLOW_API_KEY", "FIRST")
    with InferenceHTTPClient(server.url) as client:
        client.list_loaded_models()
    assert server.requests[0].query == {"api_key": "FIRST"}


def test_trailing_slash_in_the_address_does_not_matter(server: RecordingServer) -> None:
    with InferenceHTTPClient(server.url + "/") as client:
        client.get_server_info()
    assert server.paths() == ["GET /info"]


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
