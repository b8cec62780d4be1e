"""Pythons on the machine: found in the variable, on PATH and among pyenv's, and only when they work."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest
from real_server.errors import LaneError
from real_server.interpreter import VARIABLE, find_interpreter

HERE = "{}.{}".format(*sys.version_info[:2])
OTHER = "3.99"


@pytest.fixture(autouse=True)
def empty_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    monkeypatch.delenv(VARIABLE, raising=False)


def program(path: Path, *, says: str = OTHER, status: int = 0, complaint: str = "") -> Path:
    """A program in place of a Python, which answers what it is asked."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["#!/bin/sh", f"echo {shlex.quote(complaint)} >&2", f"echo {shlex.quote(says)}", f"exit {status}"]
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o755)
    return path


def test_running_python_is_one_of_them() -> None:
    assert find_interpreter(HERE) == Path(sys.executable)


def test_it_is_found_on_path(tmp_path: Path) -> None:
    on_path = program(tmp_path / "path" / f"python{OTHER}")
    assert find_interpreter(OTHER) == on_path


def test_it_is_found_where_the_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older = program(tmp_path / "a place" / "python", says="3.98")
    named = program(tmp_path / "another" / "python3")
    program(tmp_path / "path" / f"python{OTHER}")
    monkeypatch.setenv(VARIABLE, f"{older}:{named}")
    assert find_interpreter(OTHER) == named


def test_newest_of_pyenv_is_taken_and_no_other_kind_of_build(tmp_path: Path) -> None:
    for patch in ("2", "10", "9", "10t", "11-dev"):
        program(tmp_path / "pyenv" / "versions" / f"{OTHER}.{patch}" / "bin" / f"python{OTHER}")
    found = find_interpreter(OTHER)
    assert found == tmp_path / "pyenv" / "versions" / f"{OTHER}.10" / "bin" / f"python{OTHER}"


def test_what_does_not_work_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path / "path" / f"python{OTHER}", status=127, complaint="a shim without a Python")
    works = program(tmp_path / "pyenv" / "versions" / f"{OTHER}.1" / "bin" / f"python{OTHER}")
    assert find_interpreter(OTHER) == works


def test_all_that_was_tried_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = program(tmp_path / "path" / f"python{OTHER}", status=127, complaint="a shim without a Python")
    other = program(tmp_path / "other", says="3.98")
    monkeypatch.setenv(VARIABLE, f"{other}:{tmp_path / 'nothing'}")
    with pytest.raises(LaneError) as caught:
        find_interpreter(OTHER)
    assert f"Python {OTHER} is needed" in str(caught.value)
    assert f"{shim}: a shim without a Python" in str(caught.value)
    assert f"{other}: it is Python 3.98" in str(caught.value)
    assert f"{tmp_path / 'nothing'}: [Errno 2]" in str(caught.value)


def test_empty_machine_is_told() -> None:
    with pytest.raises(LaneError, match=f"no python{OTHER} on PATH, among pyenv's or in {VARIABLE}"):
        find_interpreter(OTHER)
