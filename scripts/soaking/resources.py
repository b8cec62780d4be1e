"""What the process holds over time, and whether that stays flat."""

from __future__ import annotations

import itertools
import os
import sys
import threading
import time
from dataclasses import dataclass, fields
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.measuring import Meter, resident_megabytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "ALLOWED",
    "Sample",
    "descriptors",
    "find_growth",
    "medians_of_quarters",
    "take_sample",
    "take_settled_sample",
]

FEWEST = 4
"""Samples in a quarter without which nothing can be said."""
ALLOWED: dict[str, Callable[[float], float]] = {
    "megabytes": lambda before: max(25.0, before / 10),
    "descriptors": lambda before: max(6.0, before / 10),
    "threads": lambda before: max(8.0, before / 10),
    "tasks": lambda before: max(15.0, before / 10),
}
"""How much more than in the second quarter may be held in the last one, by what is held."""


BLOCKS_LEFT = 15_000
"""How many more blocks of memory than at the start may be in use at the end: fewer than there were inputs."""


@dataclass(frozen=True)
class Sample:
    """What is held at one time."""

    time: float
    """Of `time.monotonic()`."""
    megabytes: float
    """Resident memory."""
    descriptors: float
    threads: float
    tasks: float
    """Of asyncio."""
    blocks: float
    """Of Python's memory: what lives, while the resident memory is also what the C library keeps for later."""


def take_sample(tasks: int) -> Sample:
    """Look at this process."""
    return Sample(
        time.monotonic(), resident_megabytes(), descriptors(), threading.active_count(), tasks, sys.getallocatedblocks()
    )


def take_settled_sample() -> Sample:
    """Look at this process when nothing runs, without the memory that was freed and is kept for the next call."""
    with Meter():
        return take_sample(0)


def descriptors() -> int:
    """Count the open descriptors, but for the one with which they are listed."""
    return len(os.listdir("/dev/fd")) - 1  # noqa: PTH208 - a descriptor less than with a path object


def medians_of_quarters(samples: Sequence[Sample]) -> list[dict[str, float]]:
    """Give the median of everything that is held, for each quarter of the samples."""
    bounds = [len(samples) * quarter // 4 for quarter in range(5)]
    names = [field.name for field in fields(Sample) if field.name != "time"]
    return [
        {name: median(getattr(sample, name) for sample in samples[begin:end]) for name in names}
        for begin, end in itertools.pairwise(bounds)
        if begin < end
    ]


def find_growth(samples: Sequence[Sample]) -> list[str]:
    """Compare the second quarter with the last and tell what has grown by more than is allowed."""
    if len(samples) < 4 * FEWEST:
        return [f"{len(samples)} samples in quiet times are too few to tell whether anything grows"]
    _, second, _, last = medians_of_quarters(samples)
    return [
        f"{name}: {second[name]:.1f} in the second quarter, {last[name]:.1f} in the last"
        for name, allowed in ALLOWED.items()
        if last[name] - second[name] > allowed(second[name])
    ]


def find_kept_memory(first: Sample, last: Sample) -> list[str]:
    """Compare the start with the end, when all clients are closed, and tell whether anything is held on to."""
    more = last.blocks - first.blocks
    return [f"{more:.0f} more blocks of memory in use at the end than at the start"] if more > BLOCKS_LEFT else []
