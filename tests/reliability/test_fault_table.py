"""Every fault meets every call, through both shells; what came of it is the table of docs/reliability.md."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from left_behind import open_descriptors, wait_until, worker_threads

from inference_ext import (
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    InferenceHTTPClient,
    InvalidResponseError,
    RequestTimeoutError,
)
from tests.reliability.calls import CALLS, Call, Outcome, Shell, write_pictures
from tests.reliability.fault_server import FAULTY, Act, fault_server
from tests.reliability.faults import FAULTS, REQUEST_ID, RETRIES, Fault
from tests.reliability.leaks import KEY, SECRET, places_with_secrets, texts_of
from tests.reliability.page import BEGIN, END, PAGE, Cell, Table

WORDS = {
    HTTPServerConnectionError: "connection",
    RequestTimeoutError: "timeout",
    InvalidResponseError: "invalid",
}
SHELLS: tuple[Shell, ...] = ("blocking", "asyncio")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("stream")
    write_pictures(made)
    return made


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.group}: {fault.name}")
def test_every_call_ends_rightly(
    fault: Fault, directory: Path, fault_table: Table, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    descriptors = open_descriptors()
    cells = [(call, shell) for call in CALLS if call.name not in fault.not_for for shell in SHELLS]
    with ThreadPoolExecutor(len(cells)) as pool:
        ended = [*pool.map(lambda cell: meet(fault, *cell, directory), cells)]
    problems = [problem for cell in ended for problem in cell.problems]
    searched, found = places_with_secrets((f"log of {entry.name}", entry.getMessage()) for entry in caplog.records)
    problems += found
    if not wait_until(lambda: open_descriptors() <= descriptors, 3):
        problems.append(f"{open_descriptors()} descriptors are open, {descriptors} were before")
    problems += [f"thread {name}" for name in worker_threads()]
    fault_table.add(fault.group, fault.name, ended, searched)
    assert not problems, "\n".join(problems)


def meet(fault: Fault, call: Call, shell: Shell, directory: Path) -> Cell:
    """Have a call meet a fault, and look at everything that comes out."""
    settings: dict[str, Any] = {"service_secret": SECRET, "max_retries": RETRIES, "total_timeout": 20, **fault.settings}
    with fault_server(fault.act, call.path, times=fault.times) as server:
        client = call.configured(InferenceHTTPClient(fault.address(server.url), api_key=KEY), settings)
        began = time.monotonic()
        outcome = call.run(shell, client, directory)
        lasted = time.monotonic() - began
    error = error_of(outcome, call)
    searched, found = places_with_secrets(texts_of_outcome(outcome, error, client))
    problems = [*what_is_wrong(fault, call, outcome, error, server.hits[FAULTY], lasted), *found]
    if outcome.tasks_left:
        problems.append(f"{outcome.tasks_left} tasks are left")
    return Cell(
        call=call.name,
        shell=shell,
        words=describe(error, server.hits[FAULTY]),
        searched=searched,
        problems=[f"{call.name}, {shell}: {problem}" for problem in problems],
    )


def error_of(outcome: Outcome, call: Call) -> BaseException | None:
    """What was raised, or is at the place of the faulty input."""
    placed = outcome.results.get(FAULTY)
    return placed if call.on_error == "return" and isinstance(placed, BaseException) else outcome.error


def texts_of_outcome(
    outcome: Outcome, error: BaseException | None, client: InferenceHTTPClient
) -> Iterator[tuple[str, str]]:
    yield "repr of the client", repr(client) + repr(vars(client))
    yield "repr of the settings", repr(client.inference_configuration)
    if error is not None:
        yield from texts_of(error)
    yield "results", repr(outcome.results)


def what_is_wrong(
    fault: Fault, call: Call, outcome: Outcome, error: BaseException | None, hits: int, lasted: float
) -> Iterator[str]:
    least, most = fault.lasts
    is_mended = fault.error is None or (fault.times <= RETRIES and call.is_repeatable)
    if not (least if call.is_repeatable or fault.group != "passing faults" else 0) <= lasted <= most:
        yield f"took {lasted:.2f} s, not {least} to {most}"
    right = {number: call.expected(number) for number in call.inputs}
    others = {number: result for number, result in outcome.results.items() if result is not error}
    if any(others[number] != right[number] for number in others):
        yield f"a result is not that of its input: {others}"
    if is_mended:
        if error is not None:
            yield f"{type(error).__name__} instead of the right result: {error}"
        elif outcome.results != right:
            yield f"not all results are there: {sorted(outcome.results)}"
    elif error is None:
        yield f"no error, but {outcome.results}"
    else:
        yield from what_is_wrong_with_error(fault, call, outcome, error)
    expected_hits = 1 + (fault.repeats if call.is_repeatable else 0)
    if not fault.before_any_input and hits != expected_hits:
        yield f"{hits} requests about the faulty input, not {expected_hits}"


def what_is_wrong_with_error(fault: Fault, call: Call, outcome: Outcome, error: BaseException) -> Iterator[str]:
    assert fault.error is not None
    if type(error) is not fault.error or not isinstance(error, HTTPClientError):
        yield f"{type(error).__name__} instead of {fault.error.__name__}: {error}"
        return
    if fault.words not in str(error):
        yield f"does not say {fault.words!r}: {error}"
    if len(str(error)) > 2000 or "\n" in str(error):
        yield f"is not one readable line: {error}"
    if isinstance(error, HTTPCallErrorError) and (error.status_code, error.request_id) != (fault.status, REQUEST_ID):
        yield f"status {error.status_code}, request id {error.request_id}"
    if fault.before_any_input:
        return
    first = FAULTY - FAULTY % call.batch
    expected_index = first if call.many else None
    if error.input_index != expected_index and call.on_error == "raise":
        yield f"input_index is {error.input_index}, not {expected_index}"
    if not call.many:
        return
    kept = {**error.finished_results, **outcome.results} if call.on_error == "raise" else outcome.results
    missing = [number for number in range(first) if number not in kept]
    if call.on_error == "return":
        missing = [number for number in call.inputs if number not in kept]
    if missing:
        yield f"results {missing} are lost"
    finished = {
        number: result[2] if call.many == "stream" else result for number, result in error.finished_results.items()
    }
    wrong = [number for number, result in finished.items() if result != call.expected(number)]
    if wrong:
        yield f"finished_results are not those of inputs {wrong}"


def describe(error: BaseException | None, hits: int) -> str:
    """Tell in a few words what came of a call."""
    repeats = f", {hits - 1} repeat{'s' if hits > 2 else ''}" if hits > 1 else ""
    if error is None:
        return f"right{repeats}"
    if isinstance(error, HTTPCallErrorError):
        return f"{error.status_code}{repeats}"
    return f"{WORDS.get(type(error), type(error).__name__)}{repeats}"


def test_an_event_loop_that_ends_within_a_call(directory: Path, fault_table: Table) -> None:
    """The call is cancelled with its loop and leaves nothing; the client goes on in the next loop."""
    hang = next(fault.act for fault in FAULTS if fault.name == "standstill before the head")
    descriptors = open_descriptors()
    cells = [end_a_loop_within(call, hang, directory) for call in CALLS]
    problems = [problem for cell in cells for problem in cell.problems]
    if not wait_until(lambda: open_descriptors() <= descriptors, 3):
        problems.append(f"{open_descriptors()} descriptors are open, {descriptors} were before")
    fault_table.add("event loops", "the event loop ends within the call", cells)
    assert not problems, "\n".join(problems)


def end_a_loop_within(call: Call, act: Act, directory: Path) -> Cell:
    outcomes: list[Outcome] = []
    with fault_server(act, call.path, times=1) as server:
        client = call.configured(InferenceHTTPClient(server.url, api_key=KEY), {"service_secret": SECRET})

        async def begin() -> None:
            async def run() -> None:
                outcomes.append(await call.under_asyncio(client, directory, closes=False))

            task = asyncio.create_task(run())
            await asyncio.to_thread(server.first_hit.wait, 10)
            del task  # asyncio.run cancels it

        asyncio.run(begin())
        after = call.run("asyncio", client, directory)
    cancelled = outcomes[0].error
    searched, found = places_with_secrets(texts_of(cancelled) if cancelled else iter(()))
    problems = [*found]
    if not isinstance(cancelled, asyncio.CancelledError):
        problems.append(f"{cancelled!r} instead of CancelledError")
    if after.error is not None or after.results != {number: call.expected(number) for number in call.inputs}:
        problems.append(f"in the next loop: {after}")
    words = "cancelled; right in the next loop" if not problems else "; ".join(problems)
    return Cell(call.name, "asyncio", words, searched, [f"{call.name}: {problem}" for problem in problems])


def test_the_page_has_the_table(fault_table: Table, pytestconfig: pytest.Config) -> None:
    """As the tests above found it; `python3 scripts/test.py tests/reliability --write-pages` writes it."""
    names = [call.name for call in CALLS]
    if len(fault_table.rows) < len(FAULTS) + 1:  # some were left out of this run: what there is must be there
        page = PAGE.read_text()
        assert all(line in page for line in fault_table.lines(names) if line.startswith("| "))
        return
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    page = f"{before}{BEGIN}\n{fault_table.text(names)}\n{END}{after}"
    if pytestconfig.getoption("--write-pages"):
        PAGE.write_text(page)
    assert PAGE.read_text() == page
