"""How many inputs of a call may be at which stage: being prepared, being sent."""

from __future__ import annotations

import os
from functools import cache

__all__ = ["admitted", "preparing"]


@cache
def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))  # a container may allow fewer than the machine has
    return os.cpu_count() or 1


def preparing(window: int) -> int:
    """Give the number of inputs that are loaded and encoded at the same time: more than cores only gets in the way.

    Args:
        window: Requests in flight at the same time.

    """
    return min(_cores(), window)


def admitted(window: int) -> int:
    """Give the number of inputs that are anywhere between loaded and answered, which bounds the memory of a call.

    Beside those in flight, as many as are being prepared wait ready, so that none in flight is missed.
    """
    return window + 2 * preparing(window)
