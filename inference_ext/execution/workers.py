"""The threads of one blocking call that has many requests."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from types import TracebackType
from typing import Protocol, Self

from ..exit_in_order import end_with_program, has_ended
from .cancellation import Cancellation

__all__ = ["Piece", "Work", "Workers"]

Piece = Callable[[], None]
"""One piece of work; it raises nothing."""


class Work(Protocol):
    """What the threads do. Its methods are called in them."""

    def take(self) -> Piece | None:
        """Give the next piece, waiting for it if need be; `None` when there are no more."""
        ...

    def end(self) -> None:
        """Have `take` give `None` from now on."""
        ...


class Workers:
    """Threads that take one piece of work after another; leaving the block gives up what is under way and ends them.

    Each piece runs with the caller's context variables: tracing and logging context crosses over.

    Args:
        limit: Most threads. Each is started by the one before it, so that there are no more than pieces to do.
        work: Gives the pieces.

    """

    def __init__(self, limit: int, work: Work) -> None:
        self._limit = limit
        self._work = work
        self._cancellation = Cancellation()
        self._context = copy_context()
        self._context.run(self._cancellation.make_current)
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._ended = False
        self._process = os.getpid()

    def __enter__(self) -> Self:
        """Start the first thread."""
        end_with_program(self)
        self._start_another()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Give up what is under way and wait for the threads."""
        self.give_up()
        has_ended(self)

    def give_up(self) -> None:
        """Interrupt what is under way and wait for the threads."""
        if os.getpid() != self._process:
            return  # the threads and the locks are those of the process this one was forked from
        self._work.end()
        with self._lock:
            self._ended = True
        self._cancellation.cancel()
        for thread in self._threads:
            thread.join()

    def _start_another(self) -> None:
        with self._lock:
            if self._ended or len(self._threads) == self._limit:
                return
            # A daemon: a stream that a program leaves open must not keep the program from ending.
            thread = threading.Thread(target=self._do_pieces, name="inference-ext", daemon=True)
            thread.start()
            self._threads.append(thread)

    def _do_pieces(self) -> None:
        is_first = True
        while (piece := self._work.take()) is not None:
            if is_first:
                is_first = False
                # No thread can be started while the interpreter ends (from Python 3.12 on), or when the system has
                # no more: those that run do the work.
                with suppress(RuntimeError):
                    self._start_another()
            self._context.copy().run(piece)
