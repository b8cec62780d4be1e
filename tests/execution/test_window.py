"""How many requests and connections calls use, whichever way they come together."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import numpy as np
import pytest
from recording_server import RecordingServer, Reply, Request

from inference_ext import HTTPCallErrorError, InferenceConfiguration, InferenceHTTPClient

PIXELS = np.zeros((8, 8, 3), np.uint8)


@pytest.fixture
def slow(server: RecordingServer) -> None:
    answer = server.answer

    def slowly(request: Request) -> Reply:
        time.sleep(0.02)
        return answer(request)

    server.answer = slowly


@pytest.mark.usefixtures("slow")
def test_gathered_calls_share_the_window(client: InferenceHTTPClient, server: RecordingServer) -> None:
    client.configure(InferenceConfiguration(max_concurrent_requests=4))
    pictures = [np.full((8, 8, 3), value, np.uint8) for value in range(60)]

    async def gather() -> list[dict[str, Any]]:
        return await asyncio.gather(*(client.infer_async(picture, model_id="p/1") for picture in pictures))

    colours: list[int] = [result["predictions"][0]["class_id"] for result in asyncio.run(gather())]
    assert all(abs(colour - value) <= 1 for value, colour in enumerate(colours))
    assert server.most_in_flight == 4
    assert len({request.connection for request in server.requests}) <= 4
    assert server.paths().count("GET /model/registry") == 1


def test_calls_with_different_windows_share_a_loop(client: InferenceHTTPClient, server: RecordingServer) -> None:
    answer = server.answer

    def slowly(request: Request) -> Reply:
        time.sleep(0.3)
        return answer(request)

    server.answer = slowly

    async def gather() -> None:
        with client.use_configuration(InferenceConfiguration(max_concurrent_requests=2)):
            narrow = [asyncio.create_task(client.infer_async(PIXELS, model_id="p/1")) for _ in range(4)]
        with client.use_configuration(InferenceConfiguration(max_concurrent_requests=6)):
            wide = [asyncio.create_task(client.infer_async(PIXELS, model_id="p/1")) for _ in range(12)]
        await asyncio.gather(*narrow, *wide)

    asyncio.run(gather())
    assert server.most_in_flight == 6


@pytest.mark.usefixtures("slow")
def test_cancelled_calls_give_their_place_to_others(client: InferenceHTTPClient, server: RecordingServer) -> None:
    client.configure(InferenceConfiguration(max_concurrent_requests=2))

    async def cancel_half() -> int:
        tasks = [asyncio.create_task(client.infer_async(PIXELS, model_id="p/1")) for _ in range(40)]
        await asyncio.sleep(0.1)
        for task in tasks[::2]:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        again = await asyncio.gather(*(client.infer_async(PIXELS, model_id="p/1") for _ in range(10)))
        assert len(again) == 10
        return sum(isinstance(outcome, dict) for outcome in outcomes)

    assert asyncio.run(asyncio.wait_for(cancel_half(), 60)) >= 20
    assert server.most_in_flight <= 2 + 20  # the server may still be at work on those that were cancelled


def test_threads_that_start_together_ask_the_registry_once(
    client: InferenceHTTPClient, server: RecordingServer
) -> None:
    answer = server.answer

    def slow_registry(request: Request) -> Reply:
        if request.path == "/model/registry":
            time.sleep(0.2)
        return answer(request)

    server.answer = slow_registry
    start = threading.Barrier(8)

    def call() -> None:
        start.wait()
        client.infer(PIXELS, model_id="p/1")

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.paths().count("GET /model/registry") == 1
    assert server.paths().count("POST /infer/object_detection") == 8


def test_calls_that_waited_for_a_failed_registry_all_fail(client: InferenceHTTPClient, server: RecordingServer) -> None:
    def refuse(_: Request) -> Reply:
        time.sleep(0.2)
        return Reply({"message": "no such model"}, status=404)

    server.answer = refuse

    async def gather() -> list[object]:
        calls = (client.infer_async(PIXELS, model_id="p/1") for _ in range(5))
        return await asyncio.gather(*calls, return_exceptions=True)

    outcomes = asyncio.run(gather())
    assert len({id(outcome) for outcome in outcomes}) == 5
    for outcome in outcomes:
        assert isinstance(outcome, HTTPCallErrorError)
        assert outcome.status_code == 404
        assert outcome.api_message == "no such model"
    assert server.paths() == ["GET /model/registry"]


def test_a_call_takes_over_when_the_one_that_asked_is_cancelled(
    client: InferenceHTTPClient, server: RecordingServer
) -> None:
    answer = server.answer
    asked = threading.Event()

    def slow_registry(request: Request) -> Reply:
        if request.path == "/model/registry":
            asked.set()
            time.sleep(0.3)
        return answer(request)

    server.answer = slow_registry

    async def run() -> dict[str, object]:
        first = asyncio.create_task(client.infer_async(PIXELS, model_id="p/1"))
        await asyncio.to_thread(asked.wait, 10)
        second = asyncio.create_task(client.infer_async(PIXELS, model_id="p/1"))
        await asyncio.sleep(0.05)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        return await second

    assert "predictions" in asyncio.run(run())
    assert server.paths().count("GET /model/registry") == 2


@pytest.mark.usefixtures("slow")
def test_the_generated_layer_uses_the_same_connections(client: InferenceHTTPClient, server: RecordingServer) -> None:
    from inference_api.api.server import get_info

    client.get_server_info()
    get_info.sync(client=client.api)
    client.list_loaded_models()
    assert len({request.connection for request in server.requests}) == 1


def test_a_large_image_arrives_whole(client: InferenceHTTPClient, server: RecordingServer) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (2000, 2400, 3), np.uint8)
    client.configure(InferenceConfiguration(image_format="png"))
    result = client.infer(noise, model_id="p/1")
    assert len(server.requests[-1].body) > 12_000_000
    assert np.array_equal(server.requests[-1].image(), noise)
    assert result["image"] == {"width": 2400, "height": 2000}
