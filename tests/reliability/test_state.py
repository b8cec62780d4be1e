"""Threads and tasks that share one client never see each other's settings, whatever they do to it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from recording_server import RecordingServer, Request, detector

from inference_ext import HTTPClientError, InferenceConfiguration, InferenceHTTPClient

PIXELS = np.zeros((8, 8, 3), np.uint8)
WORKERS = 8
SECONDS = 2.0
"""How long each stress test goes on."""


class Checks:
    """Notes every request whose settings do not belong together.

    Worker n uses model `p/n`, the threshold n/10 and mode v0 or v1 by turns; whoever sends with the model of one and
    the threshold of another has seen foreign settings.
    """

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.seen: set[int] = set()

    def __call__(self, request: Request) -> Any:
        if request.path.startswith("/p/"):
            model, confidence = int(request.path.rpartition("/")[2]), request.query["confidence"]
        elif request.path.startswith("/infer/"):
            model, confidence = int(request.json["model_id"].rpartition("/")[2]), request.json["confidence"]
        else:
            return detector(request)
        self.seen.add(model)
        if round(float(confidence) * 10) != model:
            self.wrong.append(f"{request.path}: model {model}, confidence {confidence}")
        return detector(request)


@pytest.fixture
def checks(server: RecordingServer) -> Checks:
    def answer(request: Request) -> Any:
        if request.path.startswith("/model/"):
            reply = detector(request)
            (model,) = reply.body["models"]
            reply.body["models"] = [{**model, "model_id": f"p/{number}"} for number in range(WORKERS + 2)]
            return reply
        return made(request)

    made = Checks()
    server.answer = answer
    return made


def settings_of(number: int) -> InferenceConfiguration:
    return InferenceConfiguration(confidence_threshold=number / 10, max_concurrent_requests=number % 4 + 1)


def in_threads(work: Callable[[int, Callable[[], bool]], None]) -> list[BaseException]:
    end = time.monotonic() + SECONDS
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number, lambda: time.monotonic() < end)
        except BaseException as error:  # noqa: BLE001 - the test looks at it
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(1, WORKERS + 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return failures


def test_threads_with_scopes_while_others_change_the_base(client: InferenceHTTPClient, checks: Checks) -> None:
    def work(number: int, goes_on: Callable[[], bool]) -> None:
        while goes_on():
            if number == 1:
                # Everything that lasts, changed all the time: nobody who has a scope of their own may notice.
                client.select_model("p/9").configure(settings_of(9))
                client.select_api_v0().select_api_v1()
                continue
            mode = client.use_api_v0 if number % 2 else client.use_api_v1
            with client.use_model(f"p/{number}"), client.use_configuration(settings_of(number)), mode():
                client.infer([PIXELS] * (number % 3 + 1))
                # Selected within a scope: it ends with it.
                client.select_model("p/9").configure(settings_of(9))
                client.infer(PIXELS)
                client.select_model(f"p/{number}").configure(settings_of(number))
                assert client.selected_model == f"p/{number}"
                assert client.inference_configuration.confidence_threshold == number / 10

    assert in_threads(work) == []
    assert checks.wrong == []
    assert checks.seen >= set(range(2, WORKERS + 1))


def test_tasks_with_scopes_while_others_change_the_base(client: InferenceHTTPClient, checks: Checks) -> None:
    async def work(number: int, end: float) -> None:
        while time.monotonic() < end:
            if number == 1:
                client.select_model("p/9").configure(settings_of(9))
                await asyncio.sleep(0)
                continue
            mode = client.use_api_v0 if number % 2 else client.use_api_v1
            with client.use_model(f"p/{number}"), client.use_configuration(settings_of(number)), mode():
                await asyncio.gather(
                    client.infer_async([PIXELS] * (number % 3 + 1)), client.infer_async(PIXELS), inner(number)
                )

    async def inner(number: int) -> None:
        """A task within the scope sees it, and what it selects stays its own."""
        assert client.selected_model == f"p/{number}"
        with client.use_model("p/9"), client.use_configuration(settings_of(9)):
            await client.infer_async(PIXELS)
        await client.infer_async(PIXELS)

    async def everybody() -> None:
        end = time.monotonic() + SECONDS
        await asyncio.gather(*(work(number, end) for number in range(1, WORKERS + 1)))
        await client.aclose()

    asyncio.run(everybody())
    assert checks.wrong == []
    assert checks.seen >= set(range(2, WORKERS + 1))


def test_streams_keep_the_settings_they_began_with(client: InferenceHTTPClient, checks: Checks, tmp_path: Any) -> None:
    import cv2

    for number in range(12):
        cv2.imwrite(str(tmp_path / f"{number:02}.png"), PIXELS)

    def work(number: int, goes_on: Callable[[], bool]) -> None:
        while goes_on():
            with client.use_model(f"p/{number}"), client.use_configuration(settings_of(number)):
                stream = client.infer_on_stream(tmp_path)
            with client.use_model("p/9"), client.use_configuration(settings_of(9)):
                assert len(list(stream)) == 12

    assert in_threads(work) == []
    assert checks.wrong == []
    assert checks.seen >= set(range(1, WORKERS + 1))


def test_closing_in_the_middle_is_an_error_of_ours_for_everybody(server: RecordingServer) -> None:
    for _ in range(5):
        client = InferenceHTTPClient(server.url)
        threading.Timer(0.05, client.close).start()

        def work(_: int, goes_on: Callable[[], bool], client: InferenceHTTPClient = client) -> None:
            while goes_on():
                try:
                    client.infer([PIXELS] * 3, model_id="p/1")
                except HTTPClientError:
                    return

        assert in_threads(work) == []
