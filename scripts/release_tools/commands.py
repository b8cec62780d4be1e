"""Runs a tool of the project's environment to its end."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from release_tools.errors import ReleaseError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["run_tool"]

_SECONDS = 300.0
_FROM_OUTSIDE = ("PYTHONPATH", "SOURCE_DATE_EPOCH")
"""What must not have a part in a release."""


def run_tool(
    command: Sequence[str | Path], folder: Path, variables: Mapping[str, str] | None = None, umask: int = -1
) -> str:
    """Run a command and give what it printed.

    Args:
        command: The program and its arguments.
        folder: Where it runs.
        variables: What it gets besides this process's environment.
        umask: The permissions that its files do not get; -1 leaves this process's.

    Raises:
        ReleaseError: It failed; the message ends with what it printed.

    """
    inherited = {name: value for name, value in os.environ.items() if name not in _FROM_OUTSIDE}
    words = [str(part) for part in command]
    done = subprocess.run(
        words,
        cwd=folder,
        env={**inherited, **(variables or {})},
        umask=umask,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    if done.returncode:
        raise ReleaseError(f"`{' '.join(words)}` in {folder} failed with exit code {done.returncode}:\n{done.stdout}")
    return done.stdout
