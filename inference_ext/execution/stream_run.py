"""The requests of one blocking stream, on a few threads, what comes of them in order."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Generic, TypeVar

from ..errors import HTTPClientError
from .workers import Piece

__all__ = ["StreamRun"]

J = TypeVar("J")
R = TypeVar("R")


class StreamRun(Generic[J, R]):
    """Gives out a stream's jobs and hands on their results in order.

    Args:
        jobs: Taken one by one, all on one thread of the workers: the next frame is decoded while others are sent and
            the consumer works.
        most: Jobs taken whose results were not handed on; a slow consumer holds the source back.
        parts: Gives what is to be done for a job: its exchange, and what is done beside it, if anything.
        join: Makes the result of a job out of what came of both; an error of this package is raised in its turn.
        interrupt: Ends the jobs, also for the thread that waits for the next one.

    """

    def __init__(
        self,
        jobs: Iterator[J],
        most: int,
        parts: Callable[[J], tuple[Callable[[], Any], Callable[[], Any] | None]],
        join: Callable[[J, Sequence[Any]], R | HTTPClientError],
        interrupt: Callable[[], None],
    ) -> None:
        self._jobs = jobs
        self._most = most
        self._parts = parts
        self._join = join
        self._interrupt = interrupt
        lock = threading.Lock()
        self._has_room = threading.Condition(lock)
        self._has_next = threading.Condition(lock)
        self.exchanges: _Lane = _Lane(self, lock)
        """Work of the threads that read the source, of which there is one, and that send."""

        self.beside: _Lane = _Lane(self, lock)
        """Work of other threads, fewer: decoded images lie in the memory of those that decode."""

        with lock:
            self.exchanges.put(self._take_all)
        self._results: dict[int, R | HTTPClientError | _Raised] = {}
        self._taken = 0
        self._handed_on = 0
        self.is_exhausted: bool = False
        self.is_over: bool = False

    def end(self) -> None:
        """Take no further job."""
        with self._has_room:
            self.is_over = True
            self._has_room.notify_all()
            self.exchanges.wake_all()
            self.beside.wake_all()
        self._interrupt()

    def results(self) -> Iterator[R]:
        """Iterate over the results in order.

        Raises:
            HTTPClientError: A result that is one, when its turn comes; it carries those finished behind it.
            BaseException: What the source or a job raised, when its turn comes.

        """
        process = os.getpid()
        while True:
            with self._has_next:
                self._has_next.wait_for(lambda: self._handed_on in self._results or self._has_ended())
                if self._handed_on not in self._results:
                    return
                result = self._results.pop(self._handed_on)
                self._handed_on += 1
                self._has_room.notify()
                if isinstance(result, HTTPClientError):
                    result.locate(self._handed_on - 1, self._finished())
            if isinstance(result, HTTPClientError):
                raise result
            if isinstance(result, _Raised):
                raise result.error
            yield result
            if os.getpid() != process:
                raise HTTPClientError("this stream was begun in the parent process: open a new one in the forked one")

    def _finished(self) -> dict[int, Any]:
        return {
            position: result
            for position, result in self._results.items()
            if not isinstance(result, _Raised | HTTPClientError)
        }

    def _has_ended(self) -> bool:
        return self.is_exhausted and self._handed_on == self._taken

    def _take_all(self) -> None:
        try:
            while self._wait_for_room():
                job = next(self._jobs)
                exchange, beside = self._parts(job)
                begun = _Begun(self._taken, job, 1 if beside is None else 2)
                with self._has_room:
                    self._taken += 1
                    self.exchanges.put(partial(self._do, begun, 0, exchange))
                    if beside is not None:
                        self.beside.put(partial(self._do, begun, 1, beside))
        except StopIteration:
            pass
        except BaseException as error:  # noqa: BLE001 - raised again in the consumer's thread
            self._put(self._taken, _Raised(error))
        with self._has_next:
            self.is_exhausted = True
            self.exchanges.wake_all()
            self.beside.wake_all()
            self._has_next.notify()

    def _wait_for_room(self) -> bool:
        with self._has_room:
            self._has_room.wait_for(lambda: self.is_over or self._taken - self._handed_on < self._most)
            return not self.is_over

    def _do(self, begun: _Begun[J], number: int, part: Callable[[], Any]) -> None:
        try:
            outcome = part()
            with self._has_next:
                begun.outcomes[number] = outcome
                if len(begun.outcomes) < begun.parts:
                    return
            result: R | HTTPClientError | _Raised = self._join(
                begun.job, [begun.outcomes[index] for index in range(begun.parts)]
            )
        except BaseException as error:  # noqa: BLE001 - raised again in the consumer's thread
            result = _Raised(error)
        self._put(begun.position, result)

    def _put(self, position: int, result: R | HTTPClientError | _Raised) -> None:
        with self._has_next:
            self._results[position] = result
            if position == self._handed_on:
                self._has_next.notify()


class _Lane:
    """Pieces of work for some of the threads; see `Work`."""

    def __init__(self, run: StreamRun[Any, Any], lock: threading.Lock) -> None:
        self._run = run
        self._changed = threading.Condition(lock)
        self._waiting: deque[Piece] = deque()

    def put(self, piece: Piece) -> None:
        """Add a piece; the lock is held."""
        self._waiting.append(piece)
        self._changed.notify()

    def wake_all(self) -> None:
        """Let the threads see that the run has changed; the lock is held."""
        self._changed.notify_all()

    def take(self) -> Piece | None:
        """Give the next piece; the first of the exchanges is to read the source."""
        run = self._run
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or run.is_exhausted or run.is_over)
            return self._waiting.popleft() if self._waiting and not run.is_over else None

    def end(self) -> None:
        """End the run."""
        self._run.end()


class _Begun(Generic[J]):
    """A job under way."""

    def __init__(self, position: int, job: J, parts: int) -> None:
        self.position = position
        self.job = job
        self.parts = parts
        self.outcomes: dict[int, Any] = {}


class _Raised:
    def __init__(self, error: BaseException) -> None:
        self.error = error
