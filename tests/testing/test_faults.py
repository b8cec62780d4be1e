"""Each fault is the error that the real thing gives, in process as behind a socket, and takes no time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from both_shells import Invoke, both_shells
from scripted_scenes import PATIENCE, PERSON, PICTURE, Place, choose, everywhere, in_process, modes, over_http

from inference_ext import (
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidResponseError,
    RequestTimeoutError,
    WorkflowBlockError,
)
from inference_ext.testing import (
    DroppedConnection,
    ErrorStatus,
    Fault,
    InferenceScript,
    NotJSON,
    SlowAnswer,
    TimedOut,
    embedded_client,
    embedded_server,
)


def scripted() -> tuple[InferenceScript, Any]:
    script = InferenceScript()
    return script, script.model("mine/1", "object-detection").answers_with([PERSON])


def detect(client: InferenceHTTPClient, invoke: Invoke) -> Any:
    return invoke(client, "detect_objects", PICTURE, model_id="mine/1")


def failure(client: InferenceHTTPClient, invoke: Invoke) -> HTTPClientError:
    with pytest.raises(HTTPClientError) as caught:
        detect(client, invoke)
    return caught.value


ALL: list[tuple[Fault, type[HTTPClientError], str]] = [
    (ErrorStatus(503, "The model is loading"), HTTPCallErrorError, "answered 503: The model is loading"),
    (ErrorStatus(404), HTTPCallErrorError, "answered 404"),
    (TimedOut(), RequestTimeoutError, ": the server stood still for request_timeout"),
    (
        DroppedConnection(),
        HTTPServerConnectionError,
        ": no complete answer: the server closed the connection without an answer",
    ),
    (NotJSON(), InvalidResponseError, "a body that is not JSON (content type text/html, 33 bytes)"),
]


@both_shells
@everywhere
@modes
@pytest.mark.parametrize(("fault", "kind", "words"), ALL, ids=lambda value: type(value).__name__)
def test_a_fault_is_the_error_of_the_real_thing(
    invoke: Invoke, place: Place, mode: str, fault: Fault, kind: type[HTTPClientError], words: str
) -> None:
    script, model = scripted()
    model.inject(fault)
    with place(script) as client:
        choose(client, mode)
        client.configure(InferenceConfiguration(max_retries=0, request_timeout=PATIENCE))
        error = failure(client, invoke)
        assert type(error) is kind
        path = "/mine/1" if mode == "v0" else "/infer/object_detection"
        assert str(error).startswith(f"POST {path}")
        assert str(error).endswith(words)
        assert error.__cause__ is None
        # It was for one request.
        assert len(detect(client, invoke).predictions) == 1
    script.assert_all_used()


@everywhere
def test_the_generated_layer_meets_faults_as_well(place: Place) -> None:
    from inference_api.api.server import get_info

    script = InferenceScript()
    script.inject(DroppedConnection())
    with place(script) as client:
        with pytest.raises(HTTPServerConnectionError, match="no complete answer"):
            get_info.sync(client=client.api)
        assert get_info.sync(client=client.api).version


@both_shells
@everywhere
def test_a_status_has_its_words_its_wait_and_its_body(invoke: Invoke, place: Place) -> None:
    script, model = scripted()
    model.inject(ErrorStatus(429, "slow down", retry_after=30))
    model.inject(ErrorStatus(400, body={"detail": "a text", "help_url": "https://docs"}))
    with place(script) as client:
        too_many, bad = failure(client, invoke), failure(client, invoke)
    assert isinstance(too_many, HTTPCallErrorError)
    assert isinstance(bad, HTTPCallErrorError)
    assert (too_many.status_code, too_many.api_message, too_many.retry_after) == (429, "slow down", 30.0)
    assert (bad.status_code, bad.api_message, bad.help_url) == (400, "a text", "https://docs")
    assert len(model.requests) == 2  # 30 seconds do not fit into what the client takes for a request


def test_the_header_retry_after_is_there_where_it_is_meant() -> None:
    script, model = scripted()
    expected = {
        ErrorStatus(503): 0.0,
        ErrorStatus(503, retry_after=None): None,
        ErrorStatus(404): None,
        ErrorStatus(404, retry_after=2.5): 2.5,
    }
    with embedded_client(script, configuration=InferenceConfiguration(max_retries=0)) as client:
        for fault, seconds in expected.items():
            model.inject(fault)
            with pytest.raises(HTTPCallErrorError) as caught:
                client.infer(PICTURE, model_id="mine/1")
            assert caught.value.retry_after == seconds


@both_shells
@everywhere
@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_a_repeat_mends_it_without_waiting(
    invoke: Invoke, place: Place, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "inference_ext")
    script, model = scripted()
    model.inject(ErrorStatus(status), times=2)
    with place(script) as client:
        assert len(detect(client, invoke).predictions) == 1
    waits = [message.rpartition("; ")[2] for message in caplog.messages if "again in" in message]
    assert waits == ["again in 0.00 s"] * 2
    assert len(model.requests) == 3
    script.assert_all_used()


@both_shells
@everywhere
def test_a_dropped_connection_is_tried_again(invoke: Invoke, place: Place) -> None:
    script, model = scripted()
    model.inject(DroppedConnection())
    with place(script) as client:
        assert len(detect(client, invoke).predictions) == 1
    assert len(model.requests) == 2


@both_shells
@everywhere
def test_a_fault_without_end_is_over_when_it_is_cleared(invoke: Invoke, place: Place) -> None:
    script, model = scripted()
    model.inject(ErrorStatus(503), times=None)
    with place(script) as client:
        error = failure(client, invoke)
        assert error.__notes__ == ["This was attempt 3."]
        failure(client, invoke)
        model.clear_faults()
        assert len(detect(client, invoke).predictions) == 1
    assert len(model.requests) == 7


@both_shells
def test_faults_meet_the_requests_they_are_planned_for(invoke: Invoke) -> None:
    script, model = scripted()
    model.inject(ErrorStatus(500, "second"), at=2)
    model.inject(ErrorStatus(500, "fourth and fifth"), at=4, times=2)
    model.inject(ErrorStatus(500, "next"))
    model.inject(ErrorStatus(500, "from seven on"), at=7, times=None)
    with embedded_client(script) as client:
        client.configure(InferenceConfiguration(on_error="return", max_concurrent_requests=1))
        results = invoke(client, "detect_objects", [PICTURE] * 9, model_id="mine/1")
    told = [one.api_message if isinstance(one, HTTPCallErrorError) else "" for one in results]
    assert told == ["next", "second", "", *["fourth and fifth"] * 2, "", *["from seven on"] * 3]
    script.assert_all_used()


@both_shells
def test_faults_of_the_script_meet_every_kind_of_request(invoke: Invoke) -> None:
    script, model = scripted()
    script.inject(ErrorStatus(500, "first"))
    script.inject(ErrorStatus(500, "fourth"), at=4)
    with embedded_client(script) as client:
        with pytest.raises(HTTPCallErrorError, match="GET /model/registry answered 500: first"):
            invoke(client, "infer", PICTURE, model_id="mine/1")
        with pytest.raises(HTTPCallErrorError, match="POST /infer/object_detection answered 500: fourth"):
            invoke(client, "infer", PICTURE, model_id="mine/1")
        assert len(invoke(client, "infer", PICTURE, model_id="mine/1")["predictions"]) == 1
    assert [request.path for request in script.requests] == [
        "/model/registry",
        "/model/registry",
        "/model/add",
        "/infer/object_detection",
        "/infer/object_detection",
    ]
    assert len(model.requests) == 2


def test_answers_wait_until_a_fault_is_over() -> None:
    script = InferenceScript()
    model = script.model("mine/1", "classification")
    model.answers_in_order(*([{"class": name, "confidence": 1}] for name in ("a", "b", "c")))
    model.inject(ErrorStatus(503), at=2)
    model.inject(NotJSON(), at=4)
    with embedded_client(script) as client:
        client.configure(InferenceConfiguration(on_error="return", max_concurrent_requests=1))
        results = client.classify([PICTURE] * 4, model_id="mine/1")
    assert [getattr(one, "top", type(one)) for one in results] == ["a", "b", InvalidResponseError, "c"]
    script.assert_all_used()


def test_a_fault_of_the_script_goes_before_those_of_a_model() -> None:
    script, model = scripted()
    script.inject(ErrorStatus(500, "of the script"))
    model.inject(ErrorStatus(500, "of the model"))
    with embedded_client(script) as client:
        assert "of the script" in str(failure(client, blocking))
        assert "of the model" in str(failure(client, blocking))
        assert len(detect(client, blocking).predictions) == 1


def blocking(client: InferenceHTTPClient, method: str, *args: Any, **kwargs: Any) -> Any:
    return getattr(client, method)(*args, **kwargs)


@both_shells
@everywhere
def test_a_slow_answer_is_the_answer(invoke: Invoke, place: Place) -> None:
    script, model = scripted()
    with place(script) as client:
        detect(client, invoke)
        model.inject(SlowAnswer(0.2))
        began = time.monotonic()
        assert len(detect(client, invoke).predictions) == 1
        assert time.monotonic() - began >= 0.2


def test_a_slow_answer_and_a_fault_meet_one_request() -> None:
    script, model = scripted()
    script.inject(SlowAnswer(0.1))
    model.inject(ErrorStatus(500, "late"))
    with embedded_client(script) as client:
        began = time.monotonic()
        assert "late" in str(failure(client, blocking))
    assert time.monotonic() - began >= 0.1


@both_shells
def test_an_answer_slower_than_the_clients_patience_is_a_timeout_over_http(invoke: Invoke) -> None:
    script, model = scripted()
    model.inject(SlowAnswer(10))
    began = time.monotonic()
    with over_http(script) as client:
        assert isinstance(failure(client, invoke), RequestTimeoutError)
        assert len(detect(client, invoke).predictions) == 1
    assert time.monotonic() - began < 8  # the end of the block ends the waiting


def test_what_is_held_up_ends_with_the_block() -> None:
    script, model = scripted()
    model.inject(TimedOut(), times=3)
    before = threading.active_count()
    began = time.monotonic()
    with embedded_server(script) as url, InferenceHTTPClient(url) as client:
        client.configure(InferenceConfiguration(request_timeout=0.1, on_error="return"))
        results = client.detect_objects([PICTURE] * 3, model_id="mine/1")
    assert [type(one) for one in results] == [RequestTimeoutError] * 3
    assert threading.active_count() == before
    assert time.monotonic() - began < 8


def test_a_slow_answer_in_process_ends_with_the_block() -> None:
    script, model = scripted()
    model.inject(SlowAnswer(10))
    began = time.monotonic()
    with embedded_client(script) as client:
        waiting = threading.Thread(target=client.infer_from_api_v0, args=(PICTURE, "mine/1"))
        waiting.start()
        while not model.requests and time.monotonic() - began < 5:
            time.sleep(0.01)
        assert len(model.requests) == 1
    waiting.join()
    assert time.monotonic() - began < 8


@pytest.mark.parametrize("make", [in_process, over_http])
def test_a_list_goes_on_behind_a_fault(make: Callable[[InferenceScript], Any]) -> None:
    script, model = scripted()
    model.inject(ErrorStatus(500, "the second"), at=2)
    with make(script) as client:
        client.configure(InferenceConfiguration(max_concurrent_requests=1))
        with pytest.raises(HTTPCallErrorError, match="the second") as caught:
            client.detect_objects([PICTURE] * 3, model_id="mine/1")
    assert caught.value.input_index == 1
    assert [*caught.value.finished_results] == [0]


def test_a_workflow_error_names_its_step() -> None:
    body = {
        "message": "It failed",
        "error_type": "StepExecutionError",
        "blocks_errors": [{"block_id": "model", "block_type": "a/b", "property_details": "nothing"}],
    }
    script = InferenceScript()
    counting = script.workflow("space", "counting").answers_with({"count": 1})
    counting.inject(ErrorStatus(400, body=body))
    with embedded_client(script) as client:
        with pytest.raises(HTTPCallErrorError, match="It failed") as caught:
            client.run_workflow("space", "counting", images={"image": PICTURE})
        (step,) = caught.value.blocks_errors
        assert isinstance(step, WorkflowBlockError)
        assert step.block_id == "model"
        assert client.run_workflow("space", "counting", images={"image": PICTURE}) == [{"count": 1}]
