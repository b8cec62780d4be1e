"""Builds the server's environment once, and never hands out half of one."""

from __future__ import annotations

import fcntl
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from real_server.cache import EnvironmentFolder, Requirements, environment_folder
from real_server.commands import run_logged
from real_server.interpreter import find_interpreter

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

__all__ = ["ensure_environment", "locked"]

INSTALL_LIMIT = 60 * 60.0
"""Seconds one installation step may take."""


def ensure_environment(requirements: Requirements) -> EnvironmentFolder:
    """Return the complete environment for these requirements, building it when it is missing.

    Raises:
        LaneError: The installation failed; the message ends with the log.

    """
    folder = environment_folder(requirements)
    with locked(folder.lock):
        if not folder.is_complete:
            _build(folder, requirements)
    return folder


def _build(folder: EnvironmentFolder, requirements: Requirements) -> None:
    version = requirements.server_version
    interpreter = find_interpreter()
    print(f"Installing server {version} into {folder.path} (several minutes)", flush=True)
    started = time.monotonic()
    # A folder that is not complete is what an interrupted installation left behind.
    shutil.rmtree(folder.path, ignore_errors=True)
    folder.path.mkdir(parents=True)
    pip = [str(folder.python), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    pinned = ["-r", str(requirements.listed), "-c", str(requirements.constraints)]
    for command in (
        [str(interpreter), "-m", "venv", str(folder.venv)],
        [*pip, "install", "--progress-bar", "off", *pinned],
        [*pip, "check"],
    ):
        run_logged("Installing the server", command, log=folder.log, limit=INSTALL_LIMIT)
    folder.marker.write_text(f"inference-cpu {version}\n")
    print(f"Installed in {time.monotonic() - started:.0f} s", flush=True)


@contextmanager
def locked(path: Path) -> Generator[None]:
    """Hold an exclusive lock; the system frees it when the process ends, however it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"Another run is installing there; waiting for {path}", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
