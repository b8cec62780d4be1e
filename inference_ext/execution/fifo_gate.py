"""A limit on how many threads may do something at once; those that wait come in turn.

`threading.Semaphore` lets a thread that comes along overtake the ones that wait, for seconds under load.
"""

from __future__ import annotations

import threading
from collections import deque

__all__ = ["FIFOGate"]


class FIFOGate:
    """Lets a number of threads in at once, first come first served."""

    def __init__(self, limit: int) -> None:
        self._free = limit
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    def enter(self, timeout: float | None) -> bool:
        """Wait for a place, `None` without a limit; tells whether there was one in time."""
        with self._lock:
            if self._free > 0:
                self._free -= 1
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=-1 if timeout is None else timeout):
            return True
        with self._lock:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
            return True  # a place was handed over in this very moment

    def __enter__(self) -> None:
        """Wait for a place as long as it takes."""
        self.enter(None)

    def __exit__(self, *_: object) -> None:
        """Give the place back."""
        self.leave()

    def leave(self) -> None:
        """Give the place to whoever waits longest."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1
