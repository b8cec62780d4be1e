"""What must end before the interpreter does.

A daemon thread that is inside OpenCV while the interpreter shuts down takes the process with it (SIGABRT), and any
other thread keeps the program from ending. So threads are daemons, and what they do is given up when the program ends.
"""

from __future__ import annotations

import atexit
import os
from typing import Protocol
from weakref import WeakSet

__all__ = ["Endable", "end_with_program", "has_ended"]


class Endable(Protocol):
    """Something with threads."""

    def give_up(self) -> None:
        """Stop, and wait for the threads."""
        ...


_running: WeakSet[Endable] = WeakSet()


def end_with_program(thing: Endable) -> None:
    """Have something given up when the program ends, unless it ended before."""
    _running.add(thing)


def has_ended(thing: Endable) -> None:
    """Note that something has ended by itself."""
    _running.discard(thing)


def _forget_all() -> None:
    # The threads are the parent's.
    global _running
    _running = WeakSet()


if hasattr(os, "register_at_fork"):  # Windows knows no fork
    os.register_at_fork(after_in_child=_forget_all)


@atexit.register
def _give_up_all() -> None:
    for thing in [*_running]:
        thing.give_up()
