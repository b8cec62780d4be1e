"""The requests of one blocking stream, on a few threads, what comes of them in order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Generic, TypeVar

from .workers import Piece

__all__ = ["StreamRun"]

J = TypeVar("J")
R = TypeVar("R")


class StreamRun(Generic[J, R]):
    """Gives out a stream's jobs and hands on their results in order.

    Args:
        jobs: Taken one by one, in worker threads, so that the next frame is decoded while the consumer works.
        most: Jobs taken whose results were not handed on; a slow consumer holds the source back.
        do: Does a job.

    """

    def __init__(self, jobs: Iterator[J], most: int, do: Callable[[J], R]) -> None:
        self._jobs = jobs
        self._most = most
        self._do = do
        self._source = threading.Lock()
        lock = threading.Lock()
        self._has_room = threading.Condition(lock)
        self._has_next = threading.Condition(lock)
        self._results: dict[int, R | _Raised] = {}
        self._taken = 0
        self._handed_on = 0
        self._is_over = False

    def take(self) -> Piece | None:
        """Give the next job; see `Workers`."""
        with self._source:
            with self._has_room:
                self._has_room.wait_for(lambda: self._is_over or self._taken - self._handed_on < self._most)
                if self._is_over:
                    return None
                position = self._taken
            try:
                job = next(self._jobs)
            except StopIteration:
                self._end()
                return None
            except BaseException as error:  # noqa: BLE001 - raised again in the consumer's thread
                self._put(position, _Raised(error))
                self._end()
                return None
            self._taken += 1
        return partial(self._finish, position, job)

    @contextmanager
    def results(self) -> Generator[Iterator[R]]:
        """Iterate over the results in order; leaving the block ends the run.

        Raises:
            BaseException: What the source or a job raised, when its turn comes.

        """
        try:
            yield self._in_order()
        finally:
            self._end()

    def _in_order(self) -> Iterator[R]:
        while True:
            with self._has_next:
                self._has_next.wait_for(lambda: self._handed_on in self._results or self._is_exhausted())
                if self._handed_on not in self._results:
                    return
                result = self._results.pop(self._handed_on)
                self._handed_on += 1
                self._has_room.notify()
            if isinstance(result, _Raised):
                raise result.error
            yield result

    def _is_exhausted(self) -> bool:
        return self._is_over and self._handed_on == self._taken

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

    def _end(self) -> None:
        with self._has_next:
            self._is_over = True
            self._has_room.notify_all()
            self._has_next.notify_all()


class _Raised:
    def __init__(self, error: BaseException) -> None:
        self.error = error
