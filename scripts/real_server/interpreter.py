"""Finds the Python that the server needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from real_server.errors import LaneError

__all__ = ["find_interpreter"]

REQUIRED = (3, 11)
NAME = "python{}.{}".format(*REQUIRED)
# ensurepip is missing from some distributions' Python, and without it a venv has no pip.
PROBE = "import sys, venv, ensurepip; print('{}.{}'.format(*sys.version_info[:2]))"


def find_interpreter() -> Path:
    """Return a working Python 3.11 that can make virtual environments.

    Every candidate is run, because a version manager's shim may stand on PATH without a Python behind it.

    Raises:
        LaneError: None works; the message lists what was tried.

    """
    rejected: list[str] = []
    for candidate in _candidates():
        problem = _problem(candidate)
        if problem is None:
            return candidate
        rejected.append(f"  {candidate}: {problem}")
    tried = "\n".join(rejected) if rejected else f"  no {NAME} on PATH"
    raise LaneError(
        f"The server needs Python {NAME.removeprefix('python')}; install it and put {NAME} on PATH.\n{tried}"
    )


def _candidates() -> list[Path]:
    on_path = [Path(folder) / NAME for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    running = [Path(sys.executable)] if sys.version_info[:2] == REQUIRED else []
    return running + [candidate for candidate in on_path if candidate.exists()]


def _problem(candidate: Path) -> str | None:
    try:
        answer = subprocess.run([str(candidate), "-c", PROBE], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if answer.returncode != 0:
        return (answer.stderr.strip().splitlines() or ["it failed without a message"])[-1]
    version = answer.stdout.strip()
    return None if version == "{}.{}".format(*REQUIRED) else f"it is Python {version}"
