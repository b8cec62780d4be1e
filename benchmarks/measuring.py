"""CPU time, memory and the lateness of an event loop, measured inside the process they are about."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import resource
import sys
import time
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import Self, cast

__all__ = ["LoopLag", "Meter", "held_megabytes", "peak_megabytes", "percentile", "resident_megabytes"]

_STATUS = Path("/proc/self/status")
_TICK = 0.002


class Meter:
    """Wall time, CPU time of all threads, and memory of what happens inside its block."""

    def __enter__(self) -> Self:
        """Start from a collected heap and a peak that is the memory held now."""
        gc.collect()
        _give_back_free_memory()
        _reset_peak()
        self.start_megabytes = resident_megabytes()
        self._cpu = time.process_time()
        self._wall = time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the figures."""
        self.wall = time.perf_counter() - self._wall
        self.cpu = time.process_time() - self._cpu
        self.peak_megabytes = peak_megabytes()

    @property
    def added_megabytes(self) -> float:
        """Peak of the memory beyond what was held before."""
        return self.peak_megabytes - self.start_megabytes


class LoopLag:
    """How late a running event loop wakes a task that sleeps 2 ms at a time: what any other task would suffer."""

    def __init__(self) -> None:
        self._late: list[float] = []
        self._slept_at = time.perf_counter()
        self._ticking: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Start ticking."""
        self._ticking = asyncio.create_task(self._tick())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop; a tick that is still due counts as late as it is by now."""
        self._note()
        if self._ticking is not None:
            self._ticking.cancel()

    @property
    def was_used(self) -> bool:
        """Whether there was an event loop to measure."""
        return bool(self._late)

    @property
    def worst_ms(self) -> float:
        """The latest of all ticks."""
        return 1e3 * max(self._late, default=0.0)

    @property
    def p95_ms(self) -> float:
        """The lateness that 95 % of the ticks stay under."""
        return 1e3 * percentile(self._late, 0.95)

    async def _tick(self) -> None:
        while True:
            self._slept_at = time.perf_counter()
            await asyncio.sleep(_TICK)
            self._note()

    def _note(self) -> None:
        self._late.append(max(0.0, time.perf_counter() - self._slept_at - _TICK))


def percentile(values: list[float], share: float) -> float:
    """The value that this share of the values does not exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def held_megabytes(results: object) -> float:
    """Memory that JSON-like results take: everything reachable, each object once."""
    seen: set[int] = set()
    waiting: list[object] = [results]
    total = 0
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        total += sys.getsizeof(value)
        if isinstance(value, dict):
            waiting += chain.from_iterable(cast("dict[object, object]", value).items())
        elif isinstance(value, list | tuple):
            waiting += cast("list[object]", value)
    return total / 1e6


def resident_megabytes() -> float:
    """Memory this process holds now; elsewhere than on Linux, the most it ever held."""
    return _status("VmRSS") if _STATUS.exists() else peak_megabytes()


def peak_megabytes() -> float:
    """The most memory this process held: since the start of a `Meter` on Linux, ever elsewhere."""
    if _STATUS.exists():
        return _status("VmHWM")
    # Kilobytes on Linux, bytes on macOS.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def _status(name: str) -> float:
    for line in _STATUS.read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise LookupError(f"{_STATUS} has no {name}")


def _give_back_free_memory() -> None:
    """Hand what the warm-up freed back to the system, so that it cannot be taken again unseen."""
    with suppress(OSError, AttributeError):  # glibc only
        ctypes.CDLL(None).malloc_trim(0)


def _reset_peak() -> None:
    # Elsewhere than on Linux, or where it is not allowed, the peak includes what the warm-up held.
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
