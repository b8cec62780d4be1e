"""A limit on what may be allocated."""

from __future__ import annotations

import resource
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["limited_memory"]

_STATISTICS = Path("/proc/self/statm")


@contextmanager
def limited_memory(megabytes: int) -> Generator[None]:
    """Let allocations beyond so much more than now fail, also of pages that would never be touched. Linux alone can."""
    if not _STATISTICS.exists():
        yield
        return
    used = int(_STATISTICS.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + megabytes * 1024 * 1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
