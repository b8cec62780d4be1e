"""The type checkers: each reads a folder of files once, with the packages of a Python, as strictly as it can."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

from .environment import run

__all__ = ["CHECKERS", "Report"]

Report: TypeAlias = dict[tuple[str, int], str]
"""File name and line → what is wrong there."""


def mypy(python: Path, folder: Path, cache: Path) -> Report:
    arguments = ("--strict", "--output", "json", "--python-executable", python, "--cache-dir", cache, ".")
    done = run(sys.executable, "-m", "mypy", *arguments, cwd=folder)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return _report((one["file"], one["line"], one["message"]) for one in found if one["severity"] == "error")


def pyright(python: Path, folder: Path, cache: Path) -> Report:
    del cache  # it has none
    # A statement that only reads an attribute is how a wrong name is written down here.
    settings = {"typeCheckingMode": "strict", "reportUnusedExpression": False}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    done = run(sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", python, cwd=folder)
    answer = json.loads(done.stdout)
    assert answer["summary"]["filesAnalyzed"] == len(list(folder.glob("*.py"))), done.stdout
    return _report(
        (one["file"], one["range"]["start"]["line"] + 1, one["message"])
        for one in answer["generalDiagnostics"]
        if one["severity"] == "error"
    )


def pyrefly(python: Path, folder: Path, cache: Path) -> Report:
    del cache  # it has none
    arguments = ("check", "--preset", "strict", "--output-format", "json", "--python-interpreter-path", python)
    done = run(sys.executable, "-m", "pyrefly", *arguments, *sorted(folder.glob("*.py")), cwd=folder)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return _report(
        (one["path"], one["line"], one["description"])
        for one in json.loads(done.stdout)["errors"]
        if one["severity"] == "error"
    )


CHECKERS: dict[str, Callable[[Path, Path, Path], Report]] = {"mypy": mypy, "pyright": pyright, "pyrefly": pyrefly}


def _report(found: Iterable[tuple[str, int, str]]) -> Report:
    report: Report = {}
    for file, line, message in found:
        place = Path(file).name, line
        report[place] = f"{report[place]}; {message}" if place in report else message
    return report
