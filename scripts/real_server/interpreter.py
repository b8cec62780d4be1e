"""Finds a Python of a version on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from real_server.errors import LaneError

__all__ = ["SERVERS_PYTHON", "VARIABLE", "find_interpreter"]

SERVERS_PYTHON = "3.11"
VARIABLE = "INFERENCE_EXT_PYTHONS"
"""The environment variable that names further Pythons: their paths, separated as in PATH."""

# ensurepip is missing from some distributions' Python, and without it a venv has no pip.
PROBE = "import sys, venv, ensurepip; print('{}.{}'.format(*sys.version_info[:2]))"


def find_interpreter(version: str = SERVERS_PYTHON) -> Path:
    """Return a working Python that can make virtual environments.

    It may be the running one, one that `INFERENCE_EXT_PYTHONS` names, or `pythonX.Y` on PATH or among pyenv's. Every
    candidate is run, because a version manager's shim may stand on PATH without a Python behind it.

    Args:
        version: Such as "3.11", which the servers need.

    Raises:
        LaneError: None works; the message lists what was tried.

    """
    rejected: list[str] = []
    for candidate in _candidates(version):
        problem = _problem(candidate, version)
        if problem is None:
            return candidate
        rejected.append(f"  {candidate}: {problem}")
    tried = "\n".join(rejected) if rejected else f"  no python{version} on PATH, among pyenv's or in {VARIABLE}"
    raise LaneError(f"Python {version} is needed; install it and put python{version} on PATH.\n{tried}")


def _candidates(version: str) -> list[Path]:
    name = f"python{version}"
    running = [Path(sys.executable)] if "{}.{}".format(*sys.version_info[:2]) == version else []
    found = [folder / name for folder in _paths("PATH")] + [folder / "bin" / name for folder in _pyenv(version)]
    return [*running, *_paths(VARIABLE), *(candidate for candidate in found if candidate.exists())]


def _pyenv(version: str) -> list[Path]:
    """What pyenv has installed, newest first; builds of another kind, such as 3.13.0t, are left out."""
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    patches = {path: path.name.removeprefix(f"{version}.") for path in versions.glob(f"{version}.*")}
    return sorted((path for path in patches if patches[path].isdigit()), key=lambda path: -int(patches[path]))


def _paths(variable: str) -> list[Path]:
    return [Path(part) for part in os.environ.get(variable, "").split(os.pathsep) if part]


def _problem(candidate: Path, version: str) -> str | None:
    try:
        answer = subprocess.run([str(candidate), "-c", PROBE], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if answer.returncode != 0:
        return (answer.stderr.strip().splitlines() or ["it failed without a message"])[-1]
    found = answer.stdout.strip()
    return None if found == version else f"it is Python {found}"
