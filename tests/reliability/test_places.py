"""Calls that are given up at any moment give back their places: the window and the connections do not shrink."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from contextlib import suppress

import cv2
import numpy as np
import pytest
from recording_server import RecordingServer, Reply, Request, detector

from inference_ext import HTTPCallErrorError, HTTPServerConnectionError, InferenceConfiguration, InferenceHTTPClient

PIXELS = np.zeros((8, 8, 3), np.uint8)
LIMIT = 60.0
CONNECTIONS = 256
"""Most connections of a client at a time."""


def slowly(request: Request) -> Reply:
    if not request.path.startswith("/model/"):
        time.sleep(random.uniform(0, 0.02))
    return detector(request)


async def test_cancelled_tasks_give_back_their_places(client: InferenceHTTPClient, server: RecordingServer) -> None:
    """500 places are left at random moments of a call, of a window of 4."""
    server.answer = slowly
    client.configure(InferenceConfiguration(max_concurrent_requests=4))
    chance = random.Random(1)
    await client.infer_async(PIXELS, model_id="p/1")
    for _ in range(20):
        tasks = [
            asyncio.create_task(client.infer_async([PIXELS] * (number % 3 + 1), model_id="p/1")) for number in range(25)
        ]
        for task in tasks:
            await asyncio.sleep(chance.uniform(0, 0.004))
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(LIMIT):
        while server.in_flight:  # noqa: ASYNC110 - the server still answers nobody
            await asyncio.sleep(0.01)
    server.most_in_flight = 0
    async with asyncio.timeout(LIMIT):
        results = await client.infer_async([PIXELS] * 40, model_id="p/1")
    assert len(results) == 40
    assert server.most_in_flight == 4
    await client.aclose()


def test_lists_and_streams_that_fail_give_back_their_connections(
    client: InferenceHTTPClient, server: RecordingServer, tmp_path: object
) -> None:
    """The others of each are interrupted wherever they are, more often than there are connections."""
    directory = str(tmp_path)
    for number in range(12):
        cv2.imwrite(f"{directory}/{number:02}.png", PIXELS)
    given_up = 0

    def third_fails(request: Request) -> Reply:
        nonlocal given_up
        given_up += 1
        return Reply({"message": "no"}, status=400) if given_up % 9 == 3 else slowly(request)

    client.infer(PIXELS, model_id="p/1")
    server.answer = third_fails
    while given_up < 3 * CONNECTIONS:
        for call in (
            lambda: client.infer([PIXELS] * 12, model_id="p/1"),
            lambda: list(client.infer_on_stream(directory, model_id="p/1")),
        ):
            with suppress(HTTPCallErrorError):
                call()
    server.answer = detector
    done = threading.Event()

    def all_at_once() -> None:
        client.configure(InferenceConfiguration(max_concurrent_requests=64))
        assert len(client.infer([PIXELS] * 200, model_id="p/1")) == 200
        done.set()

    thread = threading.Thread(target=all_at_once, daemon=True)
    thread.start()
    thread.join(LIMIT)
    assert done.is_set()


def test_connections_that_break_give_back_their_places() -> None:
    """More failures than there are connections, of every kind that the pool sees."""
    with InferenceHTTPClient("http://127.0.0.1:9") as nobody:
        nobody.configure(InferenceConfiguration(max_retries=0))
        for _ in range(CONNECTIONS + 10):
            with pytest.raises(HTTPServerConnectionError, match="refused"):
                nobody.get_server_info()
