"""Doing things in the order in which they were begun, on threads that finish what comes before in any order."""

from __future__ import annotations

import threading

__all__ = ["Turn"]


class Turn:
    """The turn of one piece of work; it comes when that of the piece before has ended.

    Args:
        before: The turn of the piece before.

    """

    def __init__(self, before: Turn | None) -> None:
        self._before = before
        self._ended = threading.Event()

    def wait(self) -> None:
        """Wait until it comes. A call that is given up ends the work before it, and with it this."""
        before, self._before = self._before, None  # not the whole chain of them
        if before is not None:
            before._ended.wait()

    def end(self) -> None:
        """Hand on to the next, when it has come."""
        self.wait()
        self._ended.set()
