"""Warnings that name the caller's line.

Python shows the same warning once per line of code. A warning that names a line of ours would be shown once for
everybody, or, with a fixed number of stack levels, name one line in a blocking call and another under asyncio.
"""

from __future__ import annotations

import inspect
import os
import sys
import warnings
from pathlib import Path

__all__ = ["warn_caller"]


def _folder_of(file: str) -> str:
    return str(Path(file).parent) + os.sep


_OWN = _folder_of(__file__)


def warn_caller(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the nearest line outside this package; behind an event loop, at the line that runs the loop."""
    files: list[str] = []
    frame = inspect.currentframe()
    while frame is not None:
        files.append(frame.f_code.co_filename)
        frame = frame.f_back
    outside = [level for level, file in enumerate(files, start=1) if not file.startswith(_OWN)]
    asyncio = sys.modules.get("asyncio")  # not loaded for this: no loop runs without it
    event_loop = _folder_of(asyncio.__file__) if asyncio is not None and asyncio.__file__ else "\0"
    users = [level for level in outside if not files[level - 1].startswith(event_loop)]
    # A task in a loop of another thread has no line of the user above it, and then another library's will do.
    warnings.warn(message, category, stacklevel=(users or outside or [1])[0])
