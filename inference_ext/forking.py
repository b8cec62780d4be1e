"""What a process must finish before it forks, and what the fork must make anew.

Of the threads of its parent a fork has the one that forked. Locks that others held then stay locked for ever, work
that others did is never done, and connections are still the parent's.
"""

from __future__ import annotations

import importlib
import os
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

__all__ = ["renew_after_fork"]

T = TypeVar("T")

#: Modules that are waited for one after another before a fork.
_MOST_IMPORTS = 100

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


def _finish_imports() -> None:
    """Wait for the modules that other threads are loading: in the fork, whoever needs one would wait for ever.

    This package and httpx load what they need when they need it, so a process that forks soon after its first calls
    is quite likely to be loading something.
    """
    for _ in range(_MOST_IMPORTS):
        loading = _loaded_by_others()
        if not loading:
            return
        for name in loading:
            with suppress(ImportError):  # who loads it gets the error
                importlib.import_module(name)


def _loaded_by_others() -> list[str]:
    # Python keeps a lock for each module that is being loaded, and shows them nowhere else.
    locks: dict[str, Callable[[], Any]] = getattr(getattr(importlib, "_bootstrap", None), "_module_locks", {})
    here = threading.get_ident()
    return [name for name, reference in locks.copy().items() if getattr(reference(), "owner", None) not in (None, here)]


if hasattr(os, "register_at_fork"):  # Windows knows no fork
    os.register_at_fork(before=_finish_imports, after_in_child=_renew_all)
