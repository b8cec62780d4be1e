"""The requests of one blocking call about a list, on a few threads."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from .meter import Meter
from .outcomes import Outcomes
from .workers import Piece

__all__ = ["ListRun"]


class ListRun:
    """Gives out a batch's jobs and collects what comes of them.

    Args:
        jobs: One for each request.
        outcomes: Where the outcomes go; it decides when no further job is begun.
        attempt: Does a job; gives its outcome, errors of this package as values.

    """

    def __init__(self, jobs: Sequence[Any], outcomes: Outcomes, attempt: Callable[[Any], Any]) -> None:
        self._jobs = jobs
        self._outcomes = outcomes
        self._attempt = attempt
        self._lock = threading.Lock()
        self._begun = 0
        self._running: set[int] = set()
        self._is_over = threading.Event()
        self._has_news = threading.Event()
        self._crash: BaseException | None = None

    def take(self) -> Piece | None:
        """Give the next job; see `Workers`."""
        with self._lock:
            if self._is_over.is_set() or self._outcomes.has_failed or self._begun == len(self._jobs):
                return None
            position = self._begun
            self._begun += 1
            self._running.add(position)
        return partial(self._do, position)

    def end(self) -> None:
        """Begin no further job."""
        self._is_over.set()
        self._has_news.set()

    def wait(self, meter: Meter | None) -> None:
        """Wait until every outcome that is needed is there.

        Args:
            meter: Shown, in this thread, what is done.

        Raises:
            BaseException: What a job raised that is no error of this package.

        """
        while meter is not None and not self._is_over.is_set():
            self._has_news.wait()
            self._has_news.clear()
            self._outcomes.show(meter)
        self._is_over.wait()
        # Before the requests that nobody needs any more are given up: they have not failed.
        self._outcomes.show(meter)
        if self._crash is not None:
            raise self._crash

    def _do(self, position: int) -> None:
        try:
            outcome = self._attempt(self._jobs[position])
        except BaseException as error:  # noqa: BLE001 - raised again in the thread of the call
            self._crash = error
            self.end()
            return
        with self._lock:
            self._running.discard(position)
            self._outcomes.add(position, outcome)
            is_last = self._begun == len(self._jobs) or self._outcomes.has_failed
            if is_last and not self._outcomes.needs_any_of(self._running):
                self._is_over.set()
        self._has_news.set()
