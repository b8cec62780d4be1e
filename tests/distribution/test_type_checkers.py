"""What users' type checkers say: nothing about right calls, and something about every wrong one.

All checkers read the same files, once with the packages of the wheel and once with those of the editable install.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .checkers import CHECKERS, Report
from .environment import install_wheel

HERE = Path(__file__).parent
RIGHT, WRONG = "calls", "mistakes"

EXTRAS = ("pandas", "pandas-stubs", "skimage", "supervision", "tqdm", "tqdm-stubs", "typer", "werkzeug")

_MARK = re.compile(r"# wrong( \(not (?P<unseen>[a-z, ]+): [^)]+\))?: \S")
"""Ends a line that every checker must report; in brackets which of them does not, and why."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder with all files, each under the name of its folder and its own."""
    folder = tmp_path_factory.mktemp("project")
    for path in [*(HERE / RIGHT).glob("*.py"), *(HERE / WRONG).glob("*.py")]:
        (folder / f"{path.parent.name}_{path.name}").write_text(path.read_text())
    return folder


@pytest.fixture(scope="module")
def mypy_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("mypy_cache")


@pytest.fixture(scope="module", params=["wheel", "editable"])
def python(request: pytest.FixtureRequest) -> Path:
    wheel: Path = request.getfixturevalue("wheel_python")
    return wheel if request.param == "wheel" else Path(sys.executable)


@pytest.fixture(scope="module")
def python_without_extras(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_wheel(wheel, tmp_path_factory.mktemp("bare") / "venv", without=EXTRAS)


@pytest.fixture(scope="module", params=list(CHECKERS))
def checker(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def report(checker: str, python: Path, project: Path, mypy_cache: Path) -> Report:
    return CHECKERS[checker](python, project, mypy_cache)


def marked(project: Path, accept: Callable[[re.Match[str]], bool]) -> set[tuple[str, int]]:
    return {
        (path.name, number)
        for path in project.glob(f"{WRONG}_*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (found := _MARK.search(line)) and accept(found)
    }


def test_nothing_is_said_about_right_calls(report: Report) -> None:
    assert {place: said for place, said in report.items() if place[0].startswith(RIGHT)} == {}


def test_every_mistake_is_reported_in_its_line(report: Report, checker: str, project: Path) -> None:
    expected = marked(project, lambda found: checker not in (found["unseen"] or ""))
    reported = {place for place in report if place[0].startswith(WRONG)}
    assert sorted(expected - reported) == []
    assert {place: report[place] for place in reported - expected} == {}


@pytest.mark.parametrize("checker", list(CHECKERS))
def test_nothing_is_said_about_right_calls_where_no_extra_is_installed(
    checker: str, python_without_extras: Path, project: Path, mypy_cache: Path
) -> None:
    report = CHECKERS[checker](python_without_extras, project, mypy_cache)
    told = {file for file, _ in report if file.startswith(RIGHT)}
    assert told == {f"{RIGHT}_extras.py"}


def test_there_are_mistakes_of_every_kind(project: Path) -> None:
    every = marked(project, lambda _: True)
    assert {file for file, _ in every} == {path.name for path in project.glob(f"{WRONG}_*.py")}
    unseen = marked(project, lambda found: found["unseen"] is not None)
    assert len(every) >= 180
    assert len(unseen) <= len(every) / 20
