from __future__ import annotations

import asyncio
import threading

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from recording_server import RecordingServer, Reply, Request

from inference_ext import (
    HTTPClientMode,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidParameterError,
    ModelNotSelectedError,
)

STRICT = InferenceConfiguration(confidence_threshold=0.9)
LOOSE = InferenceConfiguration(confidence_threshold=0.1)
PIXELS = np.zeros((4, 4, 3), np.uint8)


def test_selections_stay_and_chain(client: InferenceHTTPClient) -> None:
    chained = client.select_api_v0().select_model("p/1").configure(STRICT)
    assert chained is client
    assert (client.client_mode, client.selected_model, client.inference_configuration) == (
        HTTPClientMode.V0,
        "p/1",
        STRICT,
    )
    client.select_api_v1()
    assert client.client_mode == "v1"


def test_blocks_nest_and_give_the_client(client: InferenceHTTPClient) -> None:
    client.select_model("p/1")
    with client.use_api_v0() as inner, client.use_model("q/2"), client.use_configuration(STRICT):
        assert inner is client
        with client.use_configuration(LOOSE), client.use_api_v1():
            assert (client.inference_configuration, client.client_mode) == (LOOSE, HTTPClientMode.V1)
        assert (client.inference_configuration, client.client_mode) == (STRICT, HTTPClientMode.V0)
        assert client.selected_model == "q/2"
    assert (client.selected_model, client.client_mode) == ("p/1", HTTPClientMode.V1)
    assert client.inference_configuration == InferenceConfiguration()


@pytest.mark.parametrize("method", ["use_model", "use_configuration", "use_api_v0", "use_api_v1"])
@pytest.mark.parametrize("failure", [ZeroDivisionError, KeyboardInterrupt, GeneratorExit])
def test_old_values_return_after_an_exception(
    client: InferenceHTTPClient, method: str, failure: type[BaseException]
) -> None:
    others = {"use_api_v0": client.select_api_v1, "use_api_v1": client.select_api_v0}
    others.get(method, client.select_api_v1)()
    client.select_model("p/1").configure(LOOSE)
    before = (client.client_mode, client.selected_model, client.inference_configuration)
    arguments = {"use_model": ("q/2",), "use_configuration": (STRICT,)}.get(method, ())

    def fail_inside() -> None:
        with getattr(client, method)(*arguments):
            assert (client.client_mode, client.selected_model, client.inference_configuration) != before
            raise failure

    with pytest.raises(failure):
        fail_inside()
    assert (client.client_mode, client.selected_model, client.inference_configuration) == before


def test_old_values_return_when_a_task_is_cancelled(client: InferenceHTTPClient, server: RecordingServer) -> None:
    arrived, released = threading.Event(), threading.Event()

    def hang(_: Request) -> Reply:
        arrived.set()
        released.wait(20)
        return Reply({"predictions": []})

    server.answer = hang

    async def inside() -> None:
        try:
            with client.use_model("q/2"), client.use_api_v0(), client.use_configuration(STRICT):
                await client.infer_async(PIXELS)
        finally:
            assert (client.selected_model, client.client_mode) == (None, HTTPClientMode.V1)
            assert client.inference_configuration == InferenceConfiguration()

    async def cancel() -> None:
        running = asyncio.create_task(inside())
        await asyncio.to_thread(arrived.wait, 20)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    try:
        asyncio.run(cancel())
    finally:
        released.set()
    assert [request.path for request in server.requests] == ["/q/2"]


#: Calls that take a model, and where it is found in what they send.
MODEL_CALLS = {
    "infer_from_api_v0": lambda request: request.path.removeprefix("/"),
    "infer_from_api_v1": lambda request: request.json["model_id"],
    "infer_on_video_from_api_v0": lambda request: request.path.removeprefix("/"),
    "infer_on_video_from_api_v1": lambda request: request.json["model_id"],
}


@both_shells
@pytest.mark.parametrize("method", MODEL_CALLS)
def test_model_of_the_call_wins_over_the_selected_one(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, method: str
) -> None:
    task = "action-recognition" if "video" in method else "object-detection"
    models = [{"model_id": model, "task_type": task} for model in ("p/1", "q/2", "other/3")]

    def answer(request: Request) -> Reply:
        return Reply({"models": models} if request.path == "/model/registry" else {"predictions": [], "timeline": []})

    server.answer = answer
    subject = "https://example.com/clip.mp4" if "video" in method else PIXELS
    with pytest.raises(ModelNotSelectedError):
        invoke(client, method, subject)
    assert server.requests == []
    client.select_model("p/1")
    invoke(client, method, subject)
    invoke(client, method, subject, model_id="other/3")
    with client.use_model("q/2"):
        invoke(client, method, subject)
        invoke(client, method, subject, "other/3")
    sent = [MODEL_CALLS[method](request) for request in server.requests if request.method == "POST"]
    assert sent == ["p/1", "other/3", "q/2", "other/3"]


@pytest.mark.parametrize("bad", [None, {}, "x"])
def test_what_is_no_configuration_is_refused(client: InferenceHTTPClient, bad: object) -> None:
    with pytest.raises(InvalidParameterError, match="InferenceConfiguration"):
        client.configure(bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("https://detect.roboflow.com", "v0"),
        ("https://serverless.roboflow.one/", "v0"),
        ("http://localhost:9001", "v1"),
        ("https://detect.roboflow.com.evil.example", "v1"),
    ],
)
def test_mode_starts_by_the_address(url: str, mode: str) -> None:
    assert InferenceHTTPClient.init(url, "K").client_mode == mode
