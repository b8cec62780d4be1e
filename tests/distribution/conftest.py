"""The wheel and its environment, made once for all tests of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from .environment import build_wheel, install_wheel


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def wheel_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of an environment that has the wheel."""
    return install_wheel(wheel, tmp_path_factory.mktemp("environment") / "venv")
