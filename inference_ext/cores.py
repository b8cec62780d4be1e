"""How many cores this process may use."""

from __future__ import annotations

import os
from functools import cache

__all__ = ["available_cores"]


@cache
def available_cores() -> int:
    """Give their number; a container may allow fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
