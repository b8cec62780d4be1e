"""The requests of one blocking stream, on a few threads, what comes of them in order."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from typing import Generic, TypeVar

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
        do: Does a job.

    """

    def __init__(self, jobs: Iterator[J], most: int, do: Callable[[J], R]) -> None:
        self._jobs = jobs
        self._most = most
        self._do = do
        lock = threading.Lock()
        self._has_room = threading.Condition(lock)
        self._has_job = threading.Condition(lock)
        self._has_next = threading.Condition(lock)
        self._waiting: deque[Piece] = deque([self._take_all])
        self._results: dict[int, R | _Raised] = {}
        self._taken = 0
        self._handed_on = 0
        self._is_exhausted = False
        self._is_over = False

    def take(self) -> Piece | None:
        """Give the next piece of work, of which the first is to read the source; see `Workers`."""
        with self._has_job:
            self._has_job.wait_for(lambda: self._waiting or self._is_exhausted or self._is_over)
            return self._waiting.popleft() if self._waiting and not self._is_over else None

    def end(self) -> None:
        """Take no further job."""
        with self._has_job:
            self._is_over = True
            self._has_room.notify_all()
            self._has_job.notify_all()

    def results(self) -> Iterator[R]:
        """Iterate over the results in order.

        Raises:
            BaseException: What the source or a job raised, when its turn comes.

        """
        while True:
            with self._has_next:
                self._has_next.wait_for(lambda: self._handed_on in self._results or self._has_ended())
                if self._handed_on not in self._results:
                    return
                result = self._results.pop(self._handed_on)
                self._handed_on += 1
                self._has_room.notify()
            if isinstance(result, _Raised):
                raise result.error
            yield result

    def _has_ended(self) -> bool:
        return self._is_exhausted and self._handed_on == self._taken

    def _take_all(self) -> None:
        try:
            while self._wait_for_room():
                job = next(self._jobs)
                with self._has_job:
                    self._waiting.append(partial(self._finish, self._taken, job))
                    self._taken += 1
                    self._has_job.notify()
        except StopIteration:
            pass
        except BaseException as error:  # noqa: BLE001 - raised again in the consumer's thread
            self._put(self._taken, _Raised(error))
        with self._has_job:
            self._is_exhausted = True
            self._has_job.notify_all()
            self._has_next.notify()

    def _wait_for_room(self) -> bool:
        with self._has_room:
            self._has_room.wait_for(lambda: self._is_over or self._taken - self._handed_on < self._most)
            return not self._is_over

    def _finish(self, position: int, job: J) -> None:
        try:
            result: R | _Raised = self._do(job)
        except BaseException as error:  # noqa: BLE001 - raised again in the consumer's thread
            result = _Raised(error)
        self._put(position, result)

    def _put(self, position: int, result: R | _Raised) -> None:
        with self._has_next:
            self._results[position] = result
            if position == self._handed_on:
                self._has_next.notify()


class _Raised:
    def __init__(self, error: BaseException) -> None:
        self.error = error
