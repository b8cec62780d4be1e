"""Commands as a shell runs them: in this process, or the installed script in one of its own."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inference_ext.command_line import main

__all__ = ["SCRIPT", "CommandRun", "Ended", "run_here", "run_script", "start_script"]

SCRIPT = Path(sysconfig.get_path("scripts")) / "inference-ext"
SECONDS = 120


@dataclass(frozen=True)
class Ended:
    """What a shell sees of a command."""

    code: int
    output: str
    errors: str

    @property
    def error(self) -> str:
        """The only line on standard error."""
        (line,) = self.errors.splitlines()
        return line


@dataclass(frozen=True)
class CommandRun:
    """A command in this process; `done` is for one that must end with 0 and say nothing on standard error."""

    run: Callable[..., Ended]

    def __call__(self, *words: object) -> Ended:
        return self.run(*words)

    def done(self, *words: object) -> str:
        ended = self.run(*words)
        assert (ended.code, ended.errors) == (0, "")
        return ended.output


def run_here(capsys: pytest.CaptureFixture[str], *words: object) -> Ended:
    capsys.readouterr()
    code = main([str(word) for word in words])
    return Ended(code, *capsys.readouterr())


def _environment(changes: dict[str, str]) -> dict[str, str]:
    return {**os.environ, **changes}


def run_script(*words: object, program: list[str] | None = None, text: str = "", **environment: str) -> Ended:
    """Run the installed script to its end in the current directory."""
    done = subprocess.run(
        [*(program or [str(SCRIPT)]), *map(str, words)],
        input=text,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env=_environment(environment),
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def start_script(*words: object, **environment: str) -> subprocess.Popen[Any]:
    """Start the installed script; its output and its errors are pipes."""
    return subprocess.Popen(
        [str(SCRIPT), *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(environment),
    )
