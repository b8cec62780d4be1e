"""A command that serves the embedded backend, running while its page runs."""

from __future__ import annotations

import re
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["ServedBackend"]

SECONDS = 30.0
_ADDRESS = re.compile(r"http://([\w.]+:\d+)")


class ServedBackend:
    """The command in a process of its own, on a free port.

    Args:
        command: The command as the page has it; the port is chosen here.
        folder: Where it runs.
        environment: Its environment variables.

    """

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str]) -> None:
        self._command = [*command, "--port", "0"]
        self._folder = folder
        self._environment = environment
        self.first_line = ""
        self.address = ""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        silent = threading.Timer(SECONDS, self._process.kill)
        silent.start()
        try:
            self.first_line = self._process.stdout.readline()
        finally:
            silent.cancel()
        found = _ADDRESS.search(self.first_line)
        assert found, f"{' '.join(self._command)} did not say where it listens: {self.first_line!r}"
        self.address = found[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(SECONDS)
        self._process.stdout.close()
