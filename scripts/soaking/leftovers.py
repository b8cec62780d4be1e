"""What is still there when all clients are closed: there should be nothing."""

from __future__ import annotations

import gc
import os
import threading
import time
from pathlib import Path

from soaking.resources import descriptors

__all__ = ["Baseline"]

WAIT = 5.0
"""Seconds for threads and sockets to wind down."""
_REMOTE, _INODE = 2, 9
"""Columns of /proc/net/tcp."""


class Baseline:
    """What there was before the clients."""

    def __init__(self, port: int) -> None:
        gc.collect()
        self._port = port
        self._threads = set(threading.enumerate())
        self._descriptors = descriptors()

    def find_leftovers(self) -> list[str]:
        """Tell what is there now and was not before; waits a little for it to go."""
        deadline = time.monotonic() + WAIT
        while (left := self._leftovers()) and time.monotonic() < deadline:
            time.sleep(0.1)
        return left

    def _leftovers(self) -> list[str]:
        gc.collect()
        threads = [thread.name for thread in threading.enumerate() if thread not in self._threads]
        sockets = len(_inodes_of_sockets_to(self._port) & _own_inodes())
        more = descriptors() - self._descriptors
        left = [f"threads left at the end: {threads}"] if threads else []
        left += [f"{sockets} sockets to the server left at the end"] if sockets else []
        return left + ([f"{more} more descriptors at the end than before: {_targets()}"] if more > 0 else [])


def _inodes_of_sockets_to(port: int) -> set[str]:
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[_INODE] for row in rows if int(row[_REMOTE].rpartition(":")[2], 16) == port}


def _targets() -> list[str]:
    targets: list[str] = []
    for descriptor in os.listdir("/proc/self/fd"):  # noqa: PTH208 - as they are counted
        try:
            targets.append(os.readlink(f"/proc/self/fd/{descriptor}"))  # noqa: PTH115 - text, not a path
        except FileNotFoundError:
            continue  # the one with which they were listed
    return sorted(targets)


def _own_inodes() -> set[str]:
    return {target[len("socket:[") : -1] for target in _targets() if target.startswith("socket:[")}
