"""Warnings name the user's line, so that Python shows each of them once per line, however often it is run."""

from __future__ import annotations

import asyncio
import threading
import warnings
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from recording_server import RecordingServer, Reply, Request, detector

from inference_ext import InferenceConfiguration, InferenceHTTPClient

PIXELS = np.full((8, 8, 3), 7, np.uint8)
UNSUPPORTED = InferenceConfiguration(max_candidates=10)
SPECIFICATION: dict[str, Any] = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}


async def consumed(stream: Any) -> list[Any]:
    return [item async for item in stream]


#: A blocking call and its twin, by name.
CALLS: dict[str, tuple[Callable[[InferenceHTTPClient, Path], Any], Callable[[InferenceHTTPClient, Path], Any]]] = {
    "infer, one image": (
        lambda client, _: client.infer(PIXELS, model_id="p/1"),
        lambda client, _: client.infer_async(PIXELS, model_id="p/1"),
    ),
    "infer, a list": (
        lambda client, _: client.infer([PIXELS] * 3, model_id="p/1"),
        lambda client, _: client.infer_async([PIXELS] * 3, model_id="p/1"),
    ),
    "infer_from_api_v0": (
        lambda client, _: client.infer_from_api_v0(PIXELS, model_id="p/1"),
        lambda client, _: client.infer_from_api_v0_async(PIXELS, model_id="p/1"),
    ),
    "detect_objects, one image": (
        lambda client, _: client.detect_objects(PIXELS, model_id="p/1"),
        lambda client, _: client.detect_objects_async(PIXELS, model_id="p/1"),
    ),
    "detect_objects, a list": (
        lambda client, _: client.detect_objects([PIXELS] * 3, model_id="p/1"),
        lambda client, _: client.detect_objects_async([PIXELS] * 3, model_id="p/1"),
    ),
    "infer_on_stream": (
        lambda client, folder: list(client.infer_on_stream(folder, model_id="p/1")),
        lambda client, folder: consumed(client.infer_on_stream_async(folder, model_id="p/1")),
    ),
    "depth_estimation": (
        lambda client, _: client.depth_estimation(PIXELS),
        lambda client, _: client.depth_estimation_async(PIXELS),
    ),
    "infer_from_workflow": (
        lambda client, _: client.infer_from_workflow(specification=SPECIFICATION),
        lambda client, _: client.infer_from_workflow_async(specification=SPECIFICATION),
    ),
    "run_workflow": (
        lambda client, _: client.run_workflow(specification=SPECIFICATION, enable_profiling=True),
        lambda client, _: client.run_workflow_async(specification=SPECIFICATION, enable_profiling=True),
    ),
}


def answers(request: Request) -> Reply:
    if "workflow" in request.path:
        return Reply({"outputs": [{}], "profiler_trace": []})
    if request.path == "/infer/depth-estimation":
        return Reply({"normalized_depth": [[0.5]], "image": ""})
    return detector(request)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(3):
        assert cv2.imwrite(str(tmp_path / f"{number}.png"), PIXELS)
    return tmp_path


@pytest.fixture
def warning_client(client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path) -> InferenceHTTPClient:
    server.answer = answers
    configuration = InferenceConfiguration(max_candidates=10, profiling_directory=tmp_path / "traces")
    return client.select_api_v0().configure(configuration)


def shown(run: Callable[[], Any]) -> list[warnings.WarningMessage]:
    """What is shown under Python's default: each warning once per line."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        run()
    return caught


@pytest.mark.parametrize("name", CALLS)
def test_a_loop_of_blocking_calls_warns_once_at_the_callers_line(
    name: str, warning_client: InferenceHTTPClient, folder: Path
) -> None:
    call, _ = CALLS[name]

    def loop() -> None:
        for _ in range(5):
            call(warning_client, folder)

    (warning,) = shown(loop)
    assert warning.filename == __file__
    assert warning.lineno == call.__code__.co_firstlineno


@pytest.mark.parametrize("name", CALLS)
def test_a_loop_of_awaited_calls_warns_once_at_the_callers_line(
    name: str, warning_client: InferenceHTTPClient, folder: Path
) -> None:
    _, call = CALLS[name]

    async def loop() -> None:
        for _ in range(5):
            await call(warning_client, folder)

    (warning,) = shown(lambda: asyncio.run(loop()))
    assert warning.filename == __file__


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_is_a_task_of_its_own_warns_where_the_loop_is_run(
    name: str, warning_client: InferenceHTTPClient, folder: Path
) -> None:
    _, call = CALLS[name]

    async def alone(awaitable: Awaitable[Any]) -> Any:
        return await asyncio.gather(awaitable)

    def loop() -> None:
        for _ in range(3):
            asyncio.run(alone(call(warning_client, folder)))

    (warning,) = shown(loop)
    assert warning.filename == __file__


def test_two_lines_warn_twice(warning_client: InferenceHTTPClient) -> None:
    def twice() -> None:
        warning_client.infer(PIXELS, model_id="p/1")
        warning_client.infer(PIXELS, model_id="p/1")

    first, second = shown(twice)
    assert (first.filename, second.filename) == (__file__, __file__)
    assert second.lineno == first.lineno + 1


def test_what_is_not_set_does_not_warn(client: InferenceHTTPClient) -> None:
    client.select_api_v0()
    assert shown(lambda: client.infer([PIXELS] * 2, model_id="p/1")) == []


def test_v1_does_not_warn(client: InferenceHTTPClient) -> None:
    client.configure(UNSUPPORTED)
    assert shown(lambda: client.infer(PIXELS, model_id="p/1")) == []


def test_a_thread_without_a_line_of_the_user_warns_once_too(warning_client: InferenceHTTPClient) -> None:
    def in_threads() -> None:
        for _ in range(3):
            keywords = {"inference_input": PIXELS, "model_id": "p/1"}
            thread = threading.Thread(target=warning_client.infer, kwargs=keywords)
            thread.start()
            thread.join()

    (warning,) = shown(in_threads)
    assert "max_candidates" in str(warning.message)
