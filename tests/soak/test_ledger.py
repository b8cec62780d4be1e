"""Every input has exactly one end, and what has not is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from soaking.ledger import Account, Call, Ledger
from soaking.outages import Outages

from inference_ext import (
    ClientClosedError,
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    InvalidParameterError,
    RequestTimeoutError,
)

KIND = "list"
UNAVAILABLE = HTTPCallErrorError("POST /infer: status 503", 503)


def is_equal(wanted: object) -> Callable[[Any], None]:
    def check(answer: Any) -> None:
        if answer != wanted:
            raise AssertionError(f"expected {wanted}")

    return check


@pytest.fixture
def outages() -> Outages:
    return Outages(grace=5.0)


@pytest.fixture
def ledger(outages: Outages) -> Ledger:
    return Ledger(outages)


def call(ledger: Ledger, size: int = 3, limit: float = 60.0) -> Call:
    return ledger.call(KIND, [is_equal(index) for index in range(size)], limit)


def account(ledger: Ledger) -> Account:
    return ledger.accounts()[KIND]


def located(error: HTTPClientError, index: int, finished: dict[int, Any]) -> HTTPClientError:
    error.locate(index, finished)
    return error


def test_right_answers(ledger: Ledger) -> None:
    with call(ledger) as running:
        running.answers([0, 1, 2])
    assert not ledger.findings
    assert (account(ledger).calls, account(ledger).inputs, account(ledger).right) == (1, 3, 3)


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([0, 2, 2], "wrong answer about input 1"),
        ([0, 1], r"nothing came of the inputs \[2\]"),
        ([0, 1, 2, 3], "an answer about input 3, which there is not"),
    ],
)
def test_wrong_short_and_long_lists(ledger: Ledger, answers: list[int], told: str) -> None:
    with call(ledger) as running:
        running.answers(answers)
    assert_found(ledger, told)


def test_two_answers_for_one_input(ledger: Ledger) -> None:
    with call(ledger) as running:
        running.answers([0, 1, 2])
        running.answer(1, 1)
    assert_found(ledger, "two ends of input 1")


def test_a_foreign_exception_is_found_and_the_load_goes_on(ledger: Ledger) -> None:
    with call(ledger):
        raise KeyError("predictions")
    assert_found(ledger, "KeyError: 'predictions'")


def test_an_interrupt_is_not_held_back(ledger: Ledger) -> None:
    with pytest.raises(KeyboardInterrupt), call(ledger):
        raise KeyboardInterrupt


@pytest.mark.parametrize("error", [HTTPServerConnectionError("refused"), RequestTimeoutError("slow"), UNAVAILABLE])
def test_errors_are_explained_by_outages_only(ledger: Ledger, outages: Outages, error: HTTPClientError) -> None:
    with outages.outage("SIGKILL"), call(ledger, size=1):
        raise error
    assert not ledger.findings
    name = type(error).__name__
    assert account(ledger).errors == {f"{name} 503" if error is UNAVAILABLE else name: 1}

    calm = Ledger(Outages(grace=5.0))
    with call(calm, size=1):
        raise error
    assert_found(calm, "an error outside of outages")


@pytest.mark.parametrize(
    "error",
    [
        ClientClosedError("closed"),
        InvalidParameterError("model_id"),
        HTTPCallErrorError("POST /infer: status 404", 404),
        HTTPServerConnectionError("POST /infer: given up by the caller"),
    ],
)
def test_no_outage_explains_what_a_server_does_not_cause(
    ledger: Ledger, outages: Outages, error: HTTPClientError
) -> None:
    with outages.outage("SIGKILL"), call(ledger, size=1):
        raise error
    assert_found(ledger, "an error that no outage gives")


def test_errors_in_the_place_of_answers_know_their_place(ledger: Ledger, outages: Outages) -> None:
    right, wrong = HTTPServerConnectionError("refused"), HTTPServerConnectionError("refused")
    right.input_index, wrong.input_index = 1, 1
    with outages.outage("SIGTERM"), call(ledger) as running:
        running.answers([0, right, wrong])
    assert_found(ledger, "the error of input 2 says 1")
    assert account(ledger).errors == {"HTTPServerConnectionError": 2}


def test_a_list_that_raises_gives_up_what_is_behind(ledger: Ledger, outages: Outages) -> None:
    with outages.outage("SIGKILL"), call(ledger, size=5):
        raise located(HTTPServerConnectionError("refused"), 2, {0: 0, 1: 1, 3: 3})
    assert not ledger.findings
    assert (account(ledger).right, account(ledger).errors.total(), account(ledger).given_up) == (3, 1, 1)


def test_a_list_that_raises_must_not_lose_what_was_before(ledger: Ledger, outages: Outages) -> None:
    with outages.outage("SIGKILL"), call(ledger, size=4):
        raise located(HTTPServerConnectionError("refused"), 2, {0: 0})
    assert_found(ledger, r"input 2 failed, and the inputs \[1\] before it are lost")


def test_finished_results_are_judged(ledger: Ledger, outages: Outages) -> None:
    with outages.outage("SIGKILL"), call(ledger, size=3):
        raise located(HTTPServerConnectionError("refused"), 1, {0: 1})
    assert_found(ledger, "wrong answer about input 0")


def test_a_stream_that_is_left_gives_up_the_rest(ledger: Ledger) -> None:
    with call(ledger) as running:
        running.answer(0, 0)
        running.leave()
    assert not ledger.findings
    assert (account(ledger).right, account(ledger).given_up) == (1, 2)


def test_a_call_that_takes_too_long_is_found_once(ledger: Ledger) -> None:
    with call(ledger, size=1, limit=-1.0) as running:
        ledger.find_overdue()
        ledger.find_overdue()
        running.answer(0, 0)
    assert_found(ledger, "under way for more than")

    late = Ledger(Outages(grace=5.0))
    with call(late, size=1, limit=-1.0) as running:
        running.answer(0, 0)
    assert_found(late, "more than")


def assert_found(ledger: Ledger, told: str) -> None:
    assert ledger.number_of_findings == 1
    with pytest.raises(AssertionError, match=told):
        raise AssertionError(ledger.findings[0])
