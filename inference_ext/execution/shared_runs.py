"""Steps that several calls need at the same time run once, and all of them get the outcome."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any

from ..errors import HTTPClientError

__all__ = ["SharedRuns"]


class SharedRuns:
    """For the threads that share a client."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, Future[Any]] = {}

    def run(self, key: str, steps: Callable[[], Any]) -> Any:
        """Run the steps, or wait for the thread that runs those of the same key already."""
        while True:
            mine: Future[Any] = Future()
            with self._lock:
                running = self._running.setdefault(key, mine)
            if running is mine:
                return self._lead(key, mine, steps)
            try:
                return running.result()
            except HTTPClientError as error:
                raise copy.copy(error) from None  # each caller's own: an error collects what belongs to a call
            except CancelledError:
                continue  # the one that ran them was stopped

    def _lead(self, key: str, mine: Future[Any], steps: Callable[[], Any]) -> Any:
        try:
            outcome = steps()
        except HTTPClientError as error:
            mine.set_exception(copy.copy(error))
            raise
        else:
            mine.set_result(outcome)
            return outcome
        finally:
            mine.cancel()  # does nothing when there is an outcome
            with self._lock:
                del self._running[key]
