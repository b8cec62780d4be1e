"""OpenTelemetry through its standard instrumentation of httpx: every request a span, in its caller's trace."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from inference_api.api.server import get_info
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from recording_server import RecordingServer, Reply, Request, detector

from inference_ext import HTTPCallErrorError, InferenceConfiguration, InferenceHTTPClient

KEY, SECRET = "key-that-nobody-may-see", "secret-that-nobody-may-see"
IMAGE = np.zeros((8, 8, 3), np.uint8)


@pytest.fixture(autouse=True)
def questions_for_the_version_count(server: RecordingServer) -> None:
    server.records_info = True


class Tracing:
    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))

    @contextmanager
    def span(self) -> Generator[int]:
        """The caller's span; gives its trace's number."""
        with self.provider.get_tracer("test").start_as_current_span("caller") as span:
            yield span.get_span_context().trace_id

    def requests(self) -> list[ReadableSpan]:
        return [span for span in self.exporter.get_finished_spans() if span.name != "caller"]


@pytest.fixture
def tracing() -> Generator[Tracing]:
    made = Tracing()
    instrumentor = HTTPXClientInstrumentor()
    instrumentor.instrument(tracer_provider=made.provider)
    yield made
    instrumentor.uninstrument()


@pytest.fixture
def traced(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    with InferenceHTTPClient(server.url, api_key=KEY) as client:
        yield client.configure(InferenceConfiguration(service_secret=SECRET, count_inference=False))


def check(tracing: Tracing, server: RecordingServer, trace: int, requests: int) -> None:
    """Every request has a span in the caller's trace and told the server so; no span holds a secret."""
    spans = tracing.requests()
    assert len(spans) == len(server.requests) == requests
    assert {span.context.trace_id for span in spans if span.context} == {trace}
    told = {tuple(request.headers["traceparent"].split("-")[1:3]) for request in server.requests}
    assert told == {(f"{trace:032x}", f"{span.context.span_id:016x}") for span in spans if span.context}
    shown = "".join(f"{span.to_json()}" for span in spans)
    assert "/infer/" in shown or "/info" in shown
    assert KEY not in shown
    assert SECRET not in shown


@both_shells
@pytest.mark.parametrize("transport", ["legacy", "header", "both"])
def test_a_list_is_traced_across_worker_threads(
    invoke: Invoke, traced: InferenceHTTPClient, server: RecordingServer, tracing: Tracing, transport: Any
) -> None:
    traced.configure(InferenceConfiguration(service_secret=SECRET, count_inference=False, api_key_transport=transport))
    with tracing.span() as trace:
        invoke(traced, "infer", [IMAGE] * 6, model_id="p/1")
    check(tracing, server, trace, requests=7)
    # What the spans do not show, the server got.
    registry = server.requests[0]
    assert registry.query == ({} if transport == "header" else {"api_key": KEY})
    inference = server.requests[-1].query
    assert inference == {"countinference": "False", "service_secret": SECRET}


@both_shells
def test_v0_is_traced_without_the_key_in_its_address(
    invoke: Invoke, traced: InferenceHTTPClient, server: RecordingServer, tracing: Tracing
) -> None:
    with tracing.span():
        invoke(traced, "infer_from_api_v0", [IMAGE] * 2, model_id="p/1")
    shown = "".join(f"{span.to_json()}" for span in tracing.requests())
    assert "/p/1?" in shown
    assert KEY not in shown
    assert SECRET not in shown
    assert all(request.query["api_key"] == KEY for request in server.requests)
    assert all(request.query["service_secret"] == SECRET for request in server.requests)


@pytest.mark.parametrize("shell", ["blocking", "asyncio"])
def test_a_stream_is_traced(
    traced: InferenceHTTPClient, server: RecordingServer, tracing: Tracing, tmp_path: Path, shell: str
) -> None:
    for index in range(5):
        cv2.imwrite(str(tmp_path / f"{index}.png"), IMAGE)

    async def take() -> list[Any]:
        return [item async for item in traced.infer_on_stream_async(tmp_path, model_id="p/1")]

    with tracing.span() as trace:
        items = asyncio.run(take()) if shell == "asyncio" else list(traced.infer_on_stream(tmp_path, model_id="p/1"))
    assert len(items) == 5
    check(tracing, server, trace, requests=6)


def test_calls_of_several_tasks_stay_in_their_own_traces(
    traced: InferenceHTTPClient, server: RecordingServer, tracing: Tracing
) -> None:
    async def one(model: str) -> tuple[str, int]:
        with tracing.span() as trace:
            await traced.detect_objects_async([IMAGE] * 3, model_id=model)
        return model, trace

    async def all_of_them() -> list[tuple[str, int]]:
        return await asyncio.gather(*(one(f"p/{number}") for number in range(1, 5)))

    for model, trace in asyncio.run(all_of_them()):
        sent = [request for request in server.requests if request.json["model_id"] == model]
        assert {request.headers["traceparent"].split("-")[1] for request in sent} == {f"{trace:032x}"}


@both_shells
def test_each_attempt_has_a_span_of_its_own(
    invoke: Invoke, traced: InferenceHTTPClient, server: RecordingServer, tracing: Tracing
) -> None:
    def busy_at_first(request: Request) -> Reply:
        return detector(request) if len(server.requests) > 1 else Reply({}, 503, {"Retry-After": "0"})

    server.answer = busy_at_first
    with tracing.span() as trace:
        invoke(traced, "detect_objects", IMAGE, model_id="p/1")
    check(tracing, server, trace, requests=2)
    assert [span.status.status_code for span in tracing.requests()] == [StatusCode.ERROR, StatusCode.UNSET]


@both_shells
def test_a_failed_call_leaves_no_secret_in_its_spans(
    invoke: Invoke, traced: InferenceHTTPClient, server: RecordingServer, tracing: Tracing
) -> None:
    server.answer = lambda request: Reply({"message": f"bad {request.query} {request.body!r}"}, status=400)
    with tracing.span() as trace, pytest.raises(HTTPCallErrorError):
        invoke(traced, "infer", IMAGE, model_id="p/1")
    shown = "".join(f"{span.to_json()}" for span in tracing.requests())
    assert KEY not in shown
    assert {span.context.trace_id for span in tracing.requests() if span.context} == {trace}


def test_the_generated_layer_is_traced(traced: InferenceHTTPClient, server: RecordingServer, tracing: Tracing) -> None:
    server.answer = lambda _: Reply({"name": "n", "version": "1.8.3", "uuid": "u"})
    with tracing.span() as trace:
        get_info.sync(client=traced.api)
    check(tracing, server, trace, requests=1)
    assert server.requests[0].query == {"api_key": KEY}
