"""`scripts/release.py` as it is called, on a copy of the project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import release as script
from release_tools.source_tree import SourceTree
from schema_tools.command import run

from .conftest import PYTHON, ROOT, Release


def call(tree: SourceTree, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str | None:
    def this_environment(extras: list[str], groups: list[str]) -> Path:
        assert (extras, groups) == (["all"], ["dev"])
        return PYTHON

    monkeypatch.setattr(script, "TREE", tree)
    monkeypatch.setattr(script, "ensure_environment", this_environment)
    monkeypatch.setattr(sys, "argv", ["release.py", *arguments])
    try:
        run(script.main)
    except SystemExit as ended:
        return ended.code
    return 0


def test_check_tells_what_may_come_next(
    project: SourceTree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in project.fragments.glob("+*"):
        path.unlink()
    project.changelog.write_text("<!-- towncrier release notes start -->\n## 0.3.1 (2026-02-03)\n", encoding="utf-8")
    project.version_file.write_text('VERSION = "0.3.1"\n', encoding="utf-8")
    assert call(project, monkeypatch, "check") == 0
    (project.fragments / "+one.breaking.md").write_text("Text.", encoding="utf-8")
    assert call(project, monkeypatch, "check") == 0
    assert call(project, monkeypatch, "check", "0.4.0") == 0
    assert capsys.readouterr().out.splitlines() == [
        "0.3.1, released; 0 fragments; next: nothing to release",
        *["0.3.1, released; 1 fragments; next: 0.4.0 or 1.0.0"] * 2,
    ]


@pytest.mark.parametrize("command", ["check", "prepare"])
def test_version_that_does_not_fit_ends_with_a_message(
    command: str, release: Release, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = release.tree.changelog.read_bytes()
    assert call(release.tree, monkeypatch, command, "0.0.1") == 1
    assert capsys.readouterr().err == "error: changes/ has no fragments: there is nothing to release\n"
    assert call(release.tree, monkeypatch, command, "1") == 1
    assert release.tree.changelog.read_bytes() == before


def test_help_needs_no_environment(tmp_path: Path) -> None:
    for name in ("release.py", "python_versions_lane.py"):
        command = [sys.executable, "-E", "-S", ROOT / "scripts" / name, "--help"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        assert f"python3 scripts/{name}" in done.stdout
