"""What became of every input that was handed over: exactly one end each, or a finding."""

from __future__ import annotations

import threading
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from inference_ext import ClientClosedError, HTTPCallErrorError, HTTPClientError, HTTPServerConnectionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    from soaking.outages import Outages

__all__ = ["Account", "Call", "Ledger"]

FINDINGS_KEPT = 200
SERVER_ERRORS = 500
LETTERS_SHOWN = 1500


@dataclass
class Account:
    """The calls of one kind."""

    calls: int = 0
    inputs: int = 0
    right: int = 0
    errors: Counter[str] = field(default_factory=Counter[str])
    """By class and status; all of them within outages, the others are findings."""
    given_up: int = 0
    """Behind the input that ended the call, or behind the place where the caller left the stream."""
    longest: float = 0.0
    """Seconds of the longest call."""


class Ledger:
    """The accounts of all kinds of calls, and what is wrong; for any thread.

    Args:
        outages: Tells which errors are expected.

    """

    def __init__(self, outages: Outages) -> None:
        self._outages = outages
        self._lock = threading.Lock()
        self._accounts: dict[str, Account] = {}
        self._open: set[Call] = set()
        self._findings: list[str] = []
        self._number_of_findings = 0

    def call(self, kind: str, checks: Sequence[Callable[[Any], None]], limit: float) -> Call:
        """Begin a call; the block that follows makes it and says what came of its inputs.

        Args:
            kind: Its account.
            checks: One for each input that it hands over.
            limit: Seconds it may take.

        """
        return Call(self, kind, checks, limit)

    def find(self, what: str) -> None:
        """Note something that must not happen; only the first texts are kept, all are counted."""
        with self._lock:
            self._number_of_findings += 1
            if len(self._findings) >= FINDINGS_KEPT:
                return
            self._findings.append(what)
        print(f"FINDING {what}", flush=True)

    @property
    def findings(self) -> list[str]:
        """What is wrong."""
        with self._lock:
            return [*self._findings]

    @property
    def number_of_findings(self) -> int:
        """How many there were, also those whose texts were not kept."""
        with self._lock:
            return self._number_of_findings

    def accounts(self) -> dict[str, Account]:
        """Give the accounts by kind."""
        with self._lock:
            return dict(sorted(self._accounts.items()))

    def find_overdue(self) -> None:
        """Note the calls under way that should have ended by now, each once."""
        with self._lock:
            overdue = [call for call in self._open if call.is_overdue]
            self._open.difference_update(overdue)
        for call in overdue:
            self.find(f"{call}: under way for more than {call.limit:.0f} s")

    def opened(self, call: Call) -> None:
        """Take up a call."""
        with self._lock:
            self._open.add(call)
            account = self._accounts.setdefault(call.kind, Account())
            account.calls += 1
            account.inputs += call.size

    def closed(self, call: Call, ended: float) -> None:
        """Take over what came of a call."""
        with self._lock:
            was_open = call in self._open
            self._open.discard(call)
            account = self._accounts[call.kind]
            account.right += call.right
            account.given_up += call.given_up
            account.errors.update(_name(error) for error in call.errors)
            account.longest = max(account.longest, ended - call.begun)
        if was_open and ended - call.begun > call.limit:
            self.find(f"{call}: took {ended - call.begun:.1f} s, more than {call.limit:.0f} s")
        explained = self._outages.explain(call.begun, ended)
        for error in call.errors:
            # It leads to the frame that holds the call, and with it to the pictures: a circle that lives on for long.
            error.__traceback__ = None
            if not _is_of_the_server(error):
                self.find(f"{call}: an error that no outage gives: {_shown(error)}")
            elif not explained:
                self.find(f"{call}: an error outside of outages: {_shown(error)}")


class Call:
    """One call and the ends of its inputs."""

    def __init__(self, ledger: Ledger, kind: str, checks: Sequence[Callable[[Any], None]], limit: float) -> None:
        self._ledger = ledger
        self._checks = checks
        self._settled: set[int] = set()
        self.kind = kind
        self.limit = limit
        self.begun = time.monotonic()
        self.right = 0
        self.given_up = 0
        self.errors: list[HTTPClientError] = []
        self.is_stopped = False

    def __str__(self) -> str:
        """Name it for a finding."""
        return f"{self.kind} ({self.size} inputs)"

    @property
    def size(self) -> int:
        """How many inputs it hands over."""
        return len(self._checks)

    @property
    def is_overdue(self) -> bool:
        """Whether it should have ended by now."""
        return time.monotonic() - self.begun > self.limit

    def __enter__(self) -> Self:
        """Begin."""
        self._ledger.opened(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """End: what the call raised is the end of its inputs; what is no error of the package is a finding."""
        del kind, trace
        ended = time.monotonic()
        if isinstance(error, HTTPClientError):
            self._stop(error)
        elif error is not None:
            trace_text = "".join(traceback.format_exception(error))[-LETTERS_SHOWN:]
            self._ledger.find(f"{self}: a foreign exception: {_shown(error)}\n{trace_text}")
        missing = self._unsettled()
        if missing and error is None:
            self._ledger.find(f"{self}: nothing came of the inputs {missing}")
        self._ledger.closed(self, ended)
        # A load goes on after anything but being told to end.
        return error is None or isinstance(error, Exception)

    def answer(self, index: int, result: Any) -> None:
        """Judge what came of an input: an answer, or the error in its place."""
        if not self._settle(index):
            return
        if isinstance(result, HTTPClientError):
            self.errors.append(result)
            if result.input_index != index and self.size > 1:
                self._ledger.find(f"{self}: the error of input {index} says {result.input_index}: {_shown(result)}")
            return
        try:
            self._checks[index](result)
        except Exception as error:  # noqa: BLE001 - an answer of another shape fails a check in its own way
            self._ledger.find(f"{self}: wrong answer about input {index}: {_shown(error)}; it is {str(result)[:300]}")
        else:
            self.right += 1

    def answers(self, results: Iterable[Any]) -> None:
        """Judge a list of answers, one for each input, in order."""
        for index, result in enumerate(results):
            self.answer(index, result)

    def leave(self) -> None:
        """Give up the inputs that nothing came of yet: the caller has left."""
        self._give_up_rest()

    def _stop(self, error: HTTPClientError) -> None:
        """Account for a call that ended with an error."""
        self.is_stopped = True
        if self.size == 1 or error.input_index is None:
            # A request about several inputs, as that of a workflow, fails for all of them.
            for index in self._unsettled():
                self._settle(index)
                self.errors.append(error)
            return
        for index, result in error.finished_results.items():
            self.answer(index, result)
        lost = [index for index in self._unsettled() if index < error.input_index]
        if lost:
            self._ledger.find(f"{self}: input {error.input_index} failed, and the inputs {lost} before it are lost")
        if self._settle(error.input_index):
            self.errors.append(error)
        self._give_up_rest()

    def _give_up_rest(self) -> None:
        for index in self._unsettled():
            self._settle(index)
            self.given_up += 1

    def _settle(self, index: int) -> bool:
        if not 0 <= index < self.size:
            self._ledger.find(f"{self}: an answer about input {index}, which there is not")
            return False
        if index in self._settled:
            self._ledger.find(f"{self}: two ends of input {index}")
            return False
        self._settled.add(index)
        return True

    def _unsettled(self) -> list[int]:
        return [index for index in range(self.size) if index not in self._settled]


def _is_of_the_server(error: HTTPClientError) -> bool:
    """Tell whether a server that goes away may cause it."""
    if isinstance(error, HTTPCallErrorError):
        return error.status_code >= SERVER_ERRORS
    was_given_up = "given up by the caller" in str(error)  # nobody gave it up who still asks for it
    return (
        isinstance(error, HTTPServerConnectionError) and not isinstance(error, ClientClosedError) and not was_given_up
    )


def _name(error: HTTPClientError) -> str:
    name = type(error).__name__
    return f"{name} {error.status_code}" if isinstance(error, HTTPCallErrorError) else name


def _shown(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error)[:LETTERS_SHOWN]}"
