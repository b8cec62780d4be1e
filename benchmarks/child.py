"""A child process that is talked to in lines of JSON, with a limit on every answer; it never outlives its block."""

from __future__ import annotations

import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["ROOT", "BenchmarkError", "Child", "running_child"]

ROOT = Path(__file__).resolve().parents[1]

#: Nothing else of the caller's environment may change what a library does.
_PASSED_ON = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ")
_ADDED = {"NO_PROXY": "*", "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
_ERROR_LINES_SHOWN = 30


class BenchmarkError(Exception):
    """A run could not be measured; the message says which and why."""


class Child:
    """A running child."""

    def __init__(self, name: str, process: subprocess.Popen[bytes], errors: Path) -> None:
        self.name = name
        self._process = process
        self._errors = errors
        self._taken = b""

    def tell(self, message: Mapping[str, Any]) -> None:
        """Send one line."""
        sending = self._process.stdin
        if sending is None:
            raise AssertionError("started without a pipe")
        try:
            sending.write(json.dumps(message).encode() + b"\n")
            sending.flush()
        except BrokenPipeError:
            raise self._failed("ended") from None

    def hear(self, limit: float) -> str:
        """Take one line.

        Raises:
            BenchmarkError: None came within `limit` seconds, or the child ended.

        """
        answering = self._process.stdout
        if answering is None:
            raise AssertionError("started without a pipe")
        end = time.monotonic() + limit
        while b"\n" not in self._taken:
            ready, _, _ = select.select([answering], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                raise self._failed(f"said nothing for {limit:.0f} s")
            taken = os.read(answering.fileno(), 65536)
            if not taken:
                raise self._failed("ended early")
            self._taken += taken
        line, _, self._taken = self._taken.partition(b"\n")
        return line.decode()

    def ask(self, message: Mapping[str, Any], limit: float) -> dict[str, Any]:
        """Send one line and take the answer."""
        self.tell(message)
        answer: dict[str, Any] = json.loads(self.hear(limit))
        return answer

    def _failed(self, what: str) -> BenchmarkError:
        words = self._errors.read_text(errors="replace").splitlines()[-_ERROR_LINES_SHOWN:]
        return BenchmarkError("\n".join([f"{self.name} {what}", *words]))


@contextmanager
def running_child(name: str, command: Sequence[str | Path]) -> Generator[Child]:
    """Start a child; it is killed when the block is left, however that happens."""
    variables = {name: os.environ[name] for name in _PASSED_ON if name in os.environ} | _ADDED
    with tempfile.TemporaryDirectory(prefix="inference-ext-benchmark-") as folder:
        errors = Path(folder) / "errors.txt"
        with errors.open("wb") as written:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=folder,
                env=variables,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=written,
                start_new_session=True,  # Ctrl-C is for the command alone, which ends its children in order
            )
        try:
            yield Child(name, process, errors)
        finally:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()
