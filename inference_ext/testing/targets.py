"""What every target of a script has: answers, faults and the requests about it."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Generic, Self, TypeAlias, TypeVar

from ..errors import InvalidParameterError
from .answer_queue import AnswerQueue
from .fault_plan import FaultPlan
from .faults import Fault
from .recorded_request import RecordedRequest

__all__ = ["RequestFunction", "ScriptedTarget"]

A = TypeVar("A")
"""What a test may script as an answer."""

E = TypeVar("E")
"""What becomes of it."""

RequestFunction: TypeAlias = Callable[[RecordedRequest], Any]
"""Gives the answer of a workflow or a route for a request."""


class ScriptedTarget(ABC, Generic[A, E]):
    """Answers, faults and requests of one model, workflow or route. The methods give the object itself, for chaining.

    A request first meets the faults, then gets the next answer of `answers_in_order`, and when they are used up the
    one of `answers_with`.
    """

    def __init__(self, name: str, lock: threading.RLock) -> None:
        self._name = name
        self._lock = lock
        self._answers: AnswerQueue[E] = AnswerQueue(name)
        self._plan = FaultPlan(name)
        self._requests: list[RecordedRequest] = []

    def answers_with(self, answer: A) -> Self:
        """Script the answer of all requests, or of those that come after `answers_in_order`.

        Raises:
            InvalidParameterError: The answer is none that a server could give here; the message says what is wrong.

        """
        with self._lock:
            self._answers.set_rest(self._read(answer))
        return self

    def answers_in_order(self, *answers: A) -> Self:
        """Script answers that are given once each, one after another.

        A model takes one for every image. Images that are sent at the same time arrive in any order: send one at a time
        (`max_concurrent_requests=1`, which `embedded_client` sets), or script a function of the image.

        Raises:
            InvalidParameterError: There is no answer, or one is none that a server could give here.

        """
        if not answers:
            raise InvalidParameterError(f"answers_in_order of {self._name}: expected at least one answer")
        with self._lock:
            self._answers.add([self._read(answer) for answer in answers])
        return self

    def inject(self, fault: Fault, *, times: int | None = 1, at: int | None = None) -> Self:
        """Let something go wrong; the answers wait until it is over.

        Args:
            fault: `ErrorStatus(503)`, `TimedOut()`, `DroppedConnection()`, `NotJSON()` or `SlowAnswer(0.5)`.
            times: How many requests in a row meet it; `None`: all from then on. Every attempt of a call that repeats
                is a request of its own.
            at: The first of them, counted from 1 over all requests about this model, workflow or route. Default: the
                next one that meets no other fault.

        Raises:
            InvalidParameterError: It could never be met, or an argument is not acceptable.

        """
        with self._lock:
            self._plan.inject(fault, times, at)
        return self

    def clear_faults(self) -> Self:
        """Take back all faults that no request has met: the server is well again."""
        with self._lock:
            self._plan.clear()
        return self

    @property
    def requests(self) -> tuple[RecordedRequest, ...]:
        """The requests that ran it (not those that loaded a model or asked what it is), in the order of arrival."""
        with self._lock:
            return tuple(self._requests)

    def __repr__(self) -> str:
        """Show what it is."""
        return f"<{type(self).__name__} {self._name}>"

    # -- for the script and its application, which hold the lock

    @property
    def name(self) -> str:
        """What it is, for messages."""
        return self._name

    def arrive(self, request: RecordedRequest) -> int:
        """Record a request; gives its number."""
        self._requests.append(request)
        return self._plan.arrive()

    def fault_of(self, number: int) -> Fault | None:
        """Take the fault of a request that arrived."""
        return self._plan.fault_of(number)

    def take(self, request: RecordedRequest) -> list[E]:
        """Take the answers of a request.

        Raises:
            NothingScriptedError: There are not so many.

        """
        return self._answers.take(self._answers_needed(request))

    def put_back(self, entries: Sequence[E]) -> None:
        """Put back answers that were taken last and not given to anybody."""
        self._answers.put_back(entries)

    def unused(self) -> list[str]:
        """Say in words what no request has met."""
        return [*self._answers.unused(), *self._plan.unused()]

    def forget_requests(self) -> None:
        """Drop the recorded requests."""
        self._requests.clear()

    def _answers_needed(self, request: RecordedRequest) -> int:
        del request
        return 1

    @abstractmethod
    def _read(self, answer: A) -> E:
        """Check an answer."""
