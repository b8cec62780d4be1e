"""Ends a process with everything that it started."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress

__all__ = ["stop_group"]

STOP_LIMIT = 5.0
"""Seconds a process has to end by itself."""


def stop_group(process: subprocess.Popen[bytes]) -> None:
    """Stop a process that leads its own group, and the whole group.

    Asking is not enough for a server: the children of its stream manager ignore SIGTERM.
    """
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_LIMIT)
    with suppress(ProcessLookupError):  # the group may be empty by now
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(STOP_LIMIT)
