"""What a forked process must make anew.

Of the threads of its parent it has the one that forked. Locks that others held then stay locked for ever, work that
others did is never done, and connections are still the parent's.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["renew_after_fork"]

T = TypeVar("T")

# Not a WeakSet: another thread may be within one of its methods when a thread forks.
_known: dict[int, tuple[weakref.ref[Any], Callable[[Any], None]]] = {}


def renew_after_fork(thing: T, renew: Callable[[T], None]) -> None:
    """Have something with locks, threads or connections renewed in processes that are forked from this one.

    Args:
        thing: What is renewed, as long as it is there.
        renew: Makes locks and the like anew, without touching the old ones.

    """
    number = id(thing)
    _known[number] = (weakref.ref(thing, _forgetting(number)), renew)


def _forgetting(number: int) -> Callable[[object], None]:
    def forget(_: object) -> None:
        _known.pop(number, None)

    return forget


def _renew_all() -> None:
    for reference, renew in [*_known.values()]:
        thing = reference()
        if thing is not None:
            renew(thing)


if hasattr(os, "register_at_fork"):  # Windows knows no fork
    os.register_at_fork(after_in_child=_renew_all)
