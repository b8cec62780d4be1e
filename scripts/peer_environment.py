"""The environment of inference-sdk, with which the differential lane and the benchmarks compare this package.

It is kept in ~/.cache/inference-ext (INFERENCE_EXT_CACHE names another place).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from real_server.cache import EnvironmentFolder, cache_root
from real_server.commands import run_logged
from real_server.environment import locked
from real_server.interpreter import find_interpreter

__all__ = ["PEER", "ensure_peer"]

PEER = "inference-sdk==1.8.3"
_INSTALL_LIMIT = 30 * 60.0
"""Seconds one installation step may take."""


def ensure_peer() -> Path:
    """Return the Python that has inference-sdk, making its environment when it is missing.

    Raises:
        LaneError: The installation failed; the message ends with the log.

    """
    folder = EnvironmentFolder(cache_root() / PEER.replace("==", "-"))
    with locked(folder.lock):
        if not folder.is_complete:
            _build(folder)
    return folder.python


def _build(folder: EnvironmentFolder) -> None:
    """Install inference-sdk; the marker is written last, and a folder without it is made again."""
    interpreter = find_interpreter()
    print(f"Installing {PEER} into {folder.path} (about a minute, 600 MB)", flush=True)
    shutil.rmtree(folder.path, ignore_errors=True)
    folder.path.mkdir(parents=True)
    pip = [str(folder.python), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    for command in (
        [str(interpreter), "-m", "venv", str(folder.venv)],
        [*pip, "install", "--progress-bar", "off", PEER],
        [*pip, "check"],
    ):
        run_logged(f"Installing {PEER}", command, log=folder.log, limit=_INSTALL_LIMIT)
    folder.marker.write_text(f"{PEER}\n")
