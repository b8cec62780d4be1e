"""What failed does not stay in memory, neither its request nor its answer, not even until the collector runs."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, detector

from inference_ext import HTTPClientError, InferenceConfiguration, InferenceHTTPClient
from inference_ext.operations.exchange import Answer, PreparedRequest
from tests.reliability.calls import SPECIFICATION, write_pictures

PIXELS = np.zeros((8, 8, 3), np.uint8)
ONCE = InferenceConfiguration(max_retries=0)

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "one image": ("infer", {"inference_input": PIXELS, "model_id": "p/1"}),
    "list": ("infer", {"inference_input": [PIXELS] * 6, "model_id": "p/1"}),
    "typed": ("detect_objects", {"image": PIXELS, "model_id": "p/1"}),
    "workflow": ("run_workflow", {"specification": SPECIFICATION, "images": {"image": PIXELS}}),
    "core model": ("get_clip_image_embeddings", {"inference_input": PIXELS}),
    "control call": ("list_loaded_models", {}),
}
FAULTS: dict[str, Reply] = {
    "status": Reply({"message": "no"}, status=400),
    "no JSON": Reply(b"<html>"),
    "wrong JSON": Reply(b"[7]"),
}


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def held() -> list[object]:
    return [each for each in gc.get_objects() if isinstance(each, PreparedRequest | Answer)]


def fail(shell: str, client: InferenceHTTPClient, method: str, arguments: dict[str, Any]) -> None:
    """Make a call that fails; the error is gone when this returns."""

    async def fail_under_asyncio() -> None:
        # In here: asyncio.run itself keeps what its task raised until the collector runs.
        with pytest.raises(HTTPClientError):
            await getattr(client, f"{method}_async")(**arguments)

    if shell == "asyncio":
        asyncio.run(fail_under_asyncio())
    else:
        with pytest.raises(HTTPClientError):
            getattr(client, method)(**arguments)


shells = pytest.mark.parametrize("shell", ["blocking", "asyncio"])


@pytest.mark.usefixtures("no_collector")
@shells
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", CALLS)
def test_a_failed_call_leaves_nothing_behind(
    shell: str, client: InferenceHTTPClient, server: RecordingServer, name: str, fault: str
) -> None:
    method, arguments = CALLS[name]
    client.configure(ONCE)
    client.infer(PIXELS, model_id="p/1")
    server.answer = lambda _: FAULTS[fault]
    fail(shell, client, method, arguments)
    assert held() == []


@pytest.mark.usefixtures("no_collector")
@shells
@pytest.mark.parametrize("name", CALLS)
def test_a_call_without_a_server_leaves_nothing_behind(shell: str, name: str) -> None:
    method, arguments = CALLS[name]
    with InferenceHTTPClient("http://127.0.0.1:9", api_key="KEY-1") as nobody:
        nobody.configure(ONCE).select_api_v0()
        if method == "list_loaded_models":
            nobody.select_api_v1()
        fail(shell, nobody, method, arguments)
        assert held() == []


@both_shells
def test_returned_errors_hold_no_request(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    """A list's memory is bounded by its window, also when all of it fails."""
    client.configure(InferenceConfiguration(max_retries=0, on_error="return"))
    client.infer(PIXELS, model_id="p/1")
    server.answer = lambda _: Reply({"message": "no"}, status=400)
    results = invoke(client, "infer", [PIXELS] * 12, model_id="p/1")
    gc.collect()
    assert all(isinstance(result, HTTPClientError) for result in results)
    assert held() == []


@pytest.mark.parametrize("on_error", ["raise", "return"])
def test_a_stream_that_fails_leaves_nothing_behind(
    client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path, on_error: Any
) -> None:
    write_pictures(tmp_path)
    client.configure(InferenceConfiguration(max_retries=0, on_error=on_error))
    client.infer(PIXELS, model_id="p/1")
    server.answer = lambda request: (
        detector(request) if request.path.startswith("/model/") else Reply({"message": "no"}, status=400)
    )

    async def take_all() -> list[Any]:
        return [item async for item in client.infer_on_stream_async(tmp_path, model_id="p/1")]

    kept: list[Any] = []
    for take in (lambda: list(client.infer_on_stream(tmp_path, model_id="p/1")), lambda: asyncio.run(take_all())):
        try:
            kept += take()
        except HTTPClientError as error:
            kept.append(error.with_traceback(None))
        gc.collect()
        assert held() == []
    assert len(kept) == (2 if on_error == "raise" else 12)
