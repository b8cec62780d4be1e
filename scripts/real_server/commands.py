"""Runs a command with its output in a log, and says what went wrong."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from real_server.errors import LaneError, tail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["run_logged"]


def run_logged(
    purpose: str,
    command: Sequence[str],
    *,
    log: Path,
    limit: float,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
) -> None:
    """Run a command to its end and append its output to `log`.

    Args:
        purpose: What it does, for messages, such as "Installing the server".
        command: The program and its arguments.
        log: The log file.
        limit: Seconds it may take.
        folder: Where it runs; `None` is the current folder.
        variables: Its whole environment; `None` is that of this process.

    Raises:
        LaneError: It failed or took too long; the message ends with the log.

    """
    with log.open("a") as output:
        output.write(f"$ {' '.join(command)}\n")
        output.flush()
        try:
            code = subprocess.run(
                command,
                cwd=folder,
                env=variables,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=limit,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired as error:
            raise LaneError(f"{purpose} took longer than {limit:.0f} s.\n{tail(log)}") from error
    if code != 0:
        raise LaneError(f"{purpose} failed with exit code {code}.\n{tail(log)}")
