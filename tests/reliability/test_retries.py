"""What is repeated, how often, and what is logged of it."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from hypothesis import given
from hypothesis import strategies as st
from recording_server import RecordingServer, Reply, Request, detector

from inference_ext import HTTPCallErrorError, InferenceConfiguration, InferenceHTTPClient
from inference_ext.execution.retry import parse_retry_after
from inference_ext.execution.retry_budget import RetryBudget

PIXELS = np.zeros((8, 8, 3), np.uint8)
BUDGET = 100


def down(request: Request) -> Reply:
    return detector(request) if request.path.startswith("/model/") else Reply({"message": "down"}, status=503)


# -- the budget


@both_shells
def test_a_server_that_is_down_is_not_hammered(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    """80 inputs would make 240 requests; all are tried, and 100 repeats are made."""
    server.answer = down
    client.configure(InferenceConfiguration(on_error="return", max_retries=2))
    results = invoke(client, "infer", [PIXELS] * 80, model_id="p/1")
    assert all(isinstance(result, HTTPCallErrorError) for result in results)
    assert server.paths().count("POST /infer/object_detection") == 80 + BUDGET
    notes = [note for result in results for note in getattr(result, "__notes__", [])]
    assert any("too many repeats of this client failed" in note for note in notes)


def test_both_shells_and_all_calls_share_the_budget(client: InferenceHTTPClient, server: RecordingServer) -> None:
    server.answer = down
    client.configure(InferenceConfiguration(on_error="return", max_concurrent_requests=16))
    asyncio.run(client.infer_async([PIXELS] * 40, model_id="p/1"))
    assert server.paths().count("POST /infer/object_detection") == 40 + 80
    client.infer([PIXELS] * 40, model_id="p/1")
    assert server.paths().count("POST /infer/object_detection") == 80 + BUDGET


@both_shells
def test_repeats_that_help_cost_nothing(invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer) -> None:
    """Every one of 240 requests fails once."""
    seen: set[int] = set()
    lock = threading.Lock()

    def fails_once_for_each(request: Request) -> Reply:
        if request.path.startswith("/infer/"):
            number = int(request.image()[0, 0, 0])
            with lock:
                if number not in seen:
                    seen.add(number)
                    return Reply({}, status=502)
        return detector(request)

    server.answer = fails_once_for_each
    client.configure(InferenceConfiguration(image_format="png", max_concurrent_requests=16))
    images = [np.full((8, 8, 3), number, np.uint8) for number in range(240)]
    results = invoke(client, "infer", images, model_id="p/1")
    assert [result["predictions"][0]["class_id"] for result in results] == [*range(240)]


@both_shells
def test_repeats_the_server_asks_for_are_free(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    def later(request: Request) -> Reply:
        if request.path.startswith("/model/"):
            return detector(request)
        return Reply({"message": "later"}, status=429, headers={"Retry-After": "0"})

    server.answer = later
    client.configure(InferenceConfiguration(on_error="return", max_retries=1))
    invoke(client, "infer", [PIXELS] * 120, model_id="p/1")
    assert server.paths().count("POST /infer/object_detection") == 240


@given(st.lists(st.one_of(st.none(), st.integers(0, 4))), st.integers(1, 5))
def test_the_budget_is_never_exceeded(events: list[int | None], capacity: int) -> None:
    """`None` asks for a repeat, a number is a success after so many."""
    budget = RetryBudget(capacity)
    left = capacity
    for event in events:
        if event is None:
            assert budget.take() is (left > 0)
            left = max(0, left - 1)
        else:
            budget.give_back(event)
            left = min(capacity, left + max(1, event))


# -- side effects

HARMLESS = {"version": "1.0", "inputs": [], "steps": [{"type": "roboflow_core/crop@v1", "name": "c"}], "outputs": []}
WITH_SINK = {
    "version": "1.0",
    "inputs": [],
    "steps": [{"type": "roboflow_core/webhook_sink@v1", "name": "s"}],
    "outputs": [],
}

CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "a workflow with a sink": ("run_workflow", {"specification": WITH_SINK}),
    "a saved workflow": ("run_workflow", {"workspace_name": "w", "workflow_id": "f"}),
    "starting a pipeline": (
        "start_inference_pipeline_with_workflow",
        {"video_reference": ["a.mp4"], "workflow_specification": HARMLESS},
    ),
}


@both_shells
@pytest.mark.parametrize("name", CALLS)
def test_what_may_have_had_effects_is_not_repeated(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, name: str
) -> None:
    server.answer = lambda _: Reply({"message": "down"}, status=503, headers={"Retry-After": "0"})
    method, arguments = CALLS[name]
    with pytest.raises(HTTPCallErrorError):
        invoke(client, method, **arguments)
    assert len(server.requests) == 1


@both_shells
def test_without_its_sinks_a_workflow_is_repeated(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer
) -> None:
    server.answer = lambda _: Reply({"message": "down"}, status=503, headers={"Retry-After": "0"})
    with pytest.raises(HTTPCallErrorError):
        invoke(client, "run_workflow", workspace_name="w", workflow_id="f", disable_sinks=True)
    assert len(server.requests) == 3


# -- logs


@both_shells
def test_each_attempt_is_logged(
    invoke: Invoke, client: InferenceHTTPClient, server: RecordingServer, caplog: pytest.LogCaptureFixture
) -> None:
    left = [Reply({"message": "busy"}, status=503, headers={"Retry-After": "0"})] * 2

    def busy_at_first(request: Request) -> Reply:
        return left.pop() if left and request.path.startswith("/infer/") else detector(request)

    server.answer = busy_at_first
    caplog.set_level(logging.DEBUG, "inference_ext")
    invoke(client, "infer", PIXELS, model_id="p/1")
    logged = [(entry.levelname, entry.getMessage()) for entry in caplog.records if entry.name == "inference_ext"]
    assert [(level, text.partition(" (")[0].partition(" after")[0]) for level, text in logged] == [
        ("DEBUG", "GET /model/registry: attempt 1 answered 200"),
        ("INFO", "POST /infer/object_detection: attempt 1 failed"),
        ("INFO", "POST /infer/object_detection: attempt 2 failed"),
        ("DEBUG", "POST /infer/object_detection: attempt 3 answered 200"),
    ]


@pytest.mark.parametrize(
    ("status", "settings", "reason"),
    [
        (400, {}, "a repeat cannot mend it"),
        (503, {"max_retries": 1}, "max_retries is 1"),
        (429, {"total_timeout": 1}, "total_timeout would pass in the meantime"),
    ],
)
def test_why_a_failure_stands_is_logged(
    client: InferenceHTTPClient,
    server: RecordingServer,
    caplog: pytest.LogCaptureFixture,
    status: int,
    settings: dict[str, Any],
    reason: str,
) -> None:
    after = "2" if status == 429 else "0"
    server.answer = lambda request: (
        detector(request)
        if request.path.startswith("/model/")
        else Reply({"message": "no"}, status=status, headers={"Retry-After": after})
    )
    caplog.set_level(logging.INFO, "inference_ext")
    client.configure(InferenceConfiguration(**settings))
    with pytest.raises(HTTPCallErrorError):
        client.infer(PIXELS, model_id="p/1")
    assert caplog.messages[-1].endswith(f"not repeated: {reason}")


# -- Retry-After


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("", None),
        ("0", 0),
        ("1.5", 1.5),
        ("-3", 0),
        ("soon", None),
        ("nan", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Thu, 01 Jan 1970 00:00:00", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 9999),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
    ],
)
def test_retry_after_is_read(value: str | None, expected: float | None) -> None:
    read = parse_retry_after(value)
    assert read == expected if expected != 9999 else (read or 0) > 1e11


@given(st.text() | st.floats().map(str))
def test_any_retry_after_is_no_or_some_seconds(value: str) -> None:
    read = parse_retry_after(value)
    assert read is None or read >= 0


def test_a_date_is_in_utc_wherever_the_client_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: Callable[[], str] = lambda: time.strftime("%a, %d %b %Y %H:%M:%S", time.gmtime(time.time() + 100))  # noqa: E731
    for zone in ("UTC", "America/New_York", "Asia/Tokyo"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        for suffix in (" GMT", "", " +0000", " -0000"):
            assert 90 < (parse_retry_after(wanted() + suffix) or 0) < 101
    monkeypatch.undo()
    time.tzset()
