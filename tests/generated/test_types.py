"""Lazy loading keeps the types: a type checker sees through it."""

from __future__ import annotations

from pathlib import Path

import inference_api
import pytest
from mypy import api

CALLS = Path(__file__).with_name("typed_calls.py")
WRONG_CALLS = """
from inference_api import Client, models
from inference_api.api import nothing
from inference_api.api.server import get_info
client = Client("http://x")
number: int = get_info.sync(client=client).version
get_info.sync(client=client, unknown=1)
models.Nothing
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("types")


def check(target: Path, folder: Path) -> tuple[str, str, int]:
    config = folder / "mypy.ini"
    package = Path(inference_api.__file__).parents[1].as_posix()
    config.write_text(f"[mypy]\nstrict = true\nmypy_path = {package}\n", encoding="utf-8")
    return api.run(["--config-file", str(config), "--cache-dir", str(folder / "cache"), str(target)])


def test_a_type_checker_knows_the_types_of_calls(folder: Path) -> None:
    assert check(CALLS, folder) == ("Success: no issues found in 1 source file\n", "", 0)


def test_wrong_calls_and_names_that_do_not_exist_are_errors(folder: Path) -> None:
    target = folder / "wrong.py"
    target.write_text(WRONG_CALLS, encoding="utf-8")
    report, _, status = check(target, folder)
    lines = [line.split(":")[1] for line in report.splitlines() if ": error:" in line]
    assert (status, lines) == (1, ["3", "6", "7", "8"])
