"""A test that a server cannot pass is left out where everyone sees it, and nothing runs without a server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from real_server.model_files import ModelFiles
from real_server.run_report import VARIABLE as REPORT_VARIABLE
from real_server.run_report import RunReport
from real_server.settings import Engine
from real_server.under_test import VARIABLE, ServerUnderTest

from tests.real_server.features import before, since

ROOT = Path(__file__).parents[3]
TESTS = "tests/real_server/any_server/test_lists.py"


def collect(description: str | None, report: Path) -> subprocess.CompletedProcess[str]:
    """Let pytest find the tests, without running them, for a server of this description."""
    variables = {name: value for name, value in os.environ.items() if name != VARIABLE}
    if description is not None:
        variables[VARIABLE] = description
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", TESTS],
        cwd=ROOT,
        env={**variables, REPORT_VARIABLE: str(report)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("version", "engine", "left_out"),
    [
        ("1.8.3", Engine.LOCAL, {"an engine that classifies only the first picture of a request": 2}),
        ("1.8.3", Engine.LEGACY, {"classification of several pictures in one request": 4}),
        (
            "0.58.3",
            Engine.LEGACY,
            {"classification of several pictures in one request": 4, "semantic segmentation": 3},
        ),
    ],
)
def test_what_is_left_out_is_listed(version: str, engine: Engine, left_out: dict[str, int], tmp_path: Path) -> None:
    server = ServerUnderTest("http://127.0.0.1:1", version, engine, ModelFiles(tmp_path, tmp_path))
    done = collect(server.to_json(), tmp_path / "report.json")
    assert done.returncode == 0, done.stdout
    for what, count in left_out.items():
        assert f"{count}  {what}\n" in done.stdout
    assert f"{sum(left_out.values())} deselected" in done.stdout
    assert RunReport.read(tmp_path / "report.json").left_out == left_out
    assert ("test_every_batch_size[color-sem/1-1]" in done.stdout) is ("semantic segmentation" not in left_out)


@pytest.mark.parametrize(("version", "newer"), [("1.8.3", True), ("1.10.0", True), ("1.8.2", False), ("0.58.3", False)])
def test_versions_are_compared_as_numbers(version: str, newer: bool, tmp_path: Path) -> None:
    server = ServerUnderTest("http://127.0.0.1:1", version, Engine.LOCAL, ModelFiles(tmp_path, tmp_path))
    assert since("1.8.3")(server) is newer
    assert before("1.8.3")(server) is not newer


def test_nothing_runs_without_a_server(tmp_path: Path) -> None:
    done = collect(None, tmp_path / "report.json")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "tests/real_server needs the real server" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_description_survives_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    server = ServerUnderTest(
        url="http://127.0.0.1:9001",
        version="0.58.3",
        engine=Engine.LEGACY,
        model_files=ModelFiles(copies=tmp_path / "models", served=tmp_path / "cache"),
        platform_url="http://127.0.0.1:9002",
        checks_keys=True,
    )
    monkeypatch.setenv(VARIABLE, server.to_json())
    assert json.loads(server.to_json())["engine"] == "legacy"
    assert ServerUnderTest.from_environment() == server
