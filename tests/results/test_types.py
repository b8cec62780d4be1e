"""An IDE knows what a typed result gives: iteration, indexing, filters, conversions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).with_name("typing_cases.py")


@pytest.mark.parametrize(
    "command", [["mypy", "--strict"], ["pyright", "--pythonpath", sys.executable]], ids=["mypy", "pyright"]
)
def test_the_types_are_exact(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command, str(CASES)],
        cwd=CASES.parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert done.returncode == 0, done.stdout
