"""What a call may leave behind in this process: threads of the package, open files and sockets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["open_descriptors", "wait_until", "worker_threads"]


def worker_threads() -> list[str]:
    """The names of the package's threads."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("inference-ext")]


def open_descriptors() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def wait_until(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait at most so long; tells whether it holds."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.01)
    return holds()
