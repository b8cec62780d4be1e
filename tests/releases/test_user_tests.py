"""Tests of the wheel away from the sources: what is copied, what is refused, and how a run is judged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from release_tools.errors import ReleaseError
from release_tools.python_versions import run_versions, supported_versions
from release_tools.source_tree import SourceTree
from release_tools.user_tests import LEFT_OUT, SLOW, copy_tests, demand_installed, run_tests

from .conftest import PYTHON, ROOT


def test_what_is_left_out_is_there() -> None:
    assert [name for name in LEFT_OUT | SLOW if not (ROOT / name).exists()] == []
    assert not LEFT_OUT.keys() & SLOW.keys()
    assert all(LEFT_OUT.values())


def test_tests_are_copied_without_sources(tmp_path: Path) -> None:
    copy_tests(ROOT, tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"README.md", "docs", "examples", "openapi", "pyproject.toml", "tests"}
    assert (tmp_path / "tests" / "client").is_dir()
    assert not [path for path in tmp_path.rglob("*") if path.name == "__pycache__"]


def test_editable_install_is_refused(tmp_path: Path) -> None:
    """This very environment: it would test the checkout."""
    source = ROOT / "inference_ext" / "__init__.py"
    with pytest.raises(ReleaseError, match=f"inference_ext is imported from {re.escape(str(source))}; expected it in"):
        demand_installed(PYTHON, tmp_path)


@pytest.mark.parametrize(
    ("body", "is_good", "told"),
    [
        ("def test_one(): pass\ndef test_two(): pass\n", True, "2 passed"),
        ("def test_one(): pass\ndef test_two(): assert False\n", False, "1 passed, 1 failed"),
        ("import pytest\ndef test_one(): pass\ndef test_two(): pytest.skip()\n", False, "1 passed, 1 skipped"),
        ("import nowhere_to_be_found\n", False, "1 errors"),
        ("", False, "no tests"),
    ],
)
def test_run_is_judged(tmp_path: Path, body: str, is_good: bool, told: str) -> None:
    (tmp_path / "test_one.py").write_text(body)
    (tmp_path / "left_out").mkdir()
    (tmp_path / "left_out" / "test_two.py").write_text("def test_three(): assert False\n")
    result = run_tests(PYTHON, tmp_path, ["left_out"], [])
    assert (result.is_good, str(result).rpartition(" in ")[0]) == (is_good, told)


def test_versions_are_those_of_the_classifiers() -> None:
    tree = SourceTree(ROOT)
    versions = supported_versions(tree)
    assert versions == sorted(versions, key=lambda version: int(version.partition(".")[2]))
    assert tree.read_settings()["project"]["requires-python"] == f">={versions[0]}"


def test_version_that_is_missing_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = run_versions(SourceTree(ROOT), tmp_path / "no.whl", PYTHON, ["3.99"], with_slow=True, pytest_arguments=[])
    told = capsys.readouterr().out
    assert not good
    assert told.endswith("\nnot on this machine: Python 3.99, which was NOT tested\n")
    for name, reason in LEFT_OUT.items():
        assert f"left out: {name}: {reason}\n" in told
