"""Give up everything a blocking call has under way, at once.

A worker thread that waits for an answer cannot be told to stop: it looks at nothing but its socket. So whatever may
block registers how to interrupt it, and the thread that leaves the call interrupts all of them.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import ContextVar

from ..errors import HTTPServerConnectionError

__all__ = ["Cancellation"]

Interrupt = Callable[[], None]


class Cancellation:
    """Shared by the threads of one call."""

    def __init__(self) -> None:
        self._given_up = threading.Event()
        self._lock = threading.Lock()
        self._interrupts: dict[object, Interrupt] = {}

    @classmethod
    def current(cls) -> Cancellation | None:
        """Give the one of the running call; `None` in a call that nobody can give up."""
        return _current.get()

    def make_current(self) -> None:
        """Make it the one of the running thread, from here to the end of its context."""
        _current.set(self)

    @property
    def is_cancelled(self) -> bool:
        """Whether the call was given up."""
        return self._given_up.is_set()

    def cancel(self) -> None:
        """Give the call up: interrupt what is under way, and let nothing new begin."""
        self._given_up.set()
        with self._lock:
            for interrupt in self._interrupts.values():
                interrupt()

    def check(self, request: object) -> None:
        """Raise if the call was given up.

        Raises:
            HTTPServerConnectionError: It was. Nobody waits for it any more.

        """
        if self.is_cancelled:
            raise HTTPServerConnectionError(f"{request}: given up by the caller")

    def sleep(self, seconds: float) -> None:
        """Wait, but not longer than until the call is given up."""
        self._given_up.wait(seconds)

    def register(self, key: object, interrupt: Interrupt) -> None:
        """Register how to interrupt what is about to begin. `interrupt` must not block."""
        with self._lock:
            self._interrupts[key] = interrupt
        # After the registration: a call given up in between is noticed by one of the two.
        if self.is_cancelled:
            interrupt()

    def unregister(self, key: object) -> None:
        """Take it back: it has ended."""
        with self._lock:
            del self._interrupts[key]


_current: ContextVar[Cancellation | None] = ContextVar("inference_ext_cancellation", default=None)
