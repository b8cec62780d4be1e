"""One embedded backend over HTTP for all tests of the command line. Modules of this folder are imported by name."""

from __future__ import annotations

import sys
from collections.abc import Generator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from command_runs import CommandRun, run_here
from small_models import small_backend

from inference_ext.local import serve_in_thread


@pytest.fixture(scope="module")
def backend_url() -> Generator[str]:
    with serve_in_thread(small_backend()) as url:
        yield url


@pytest.fixture(autouse=True)
def address(backend_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands find the backend by the environment variable, as in a shell of somebody who set it."""
    monkeypatch.setenv("INFERENCE_SERVER_URL", backend_url)
    for name in ("INFERENCE_EXT_PROGRESS", "INFERENCE_EXT_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command(folder: Path, capsys: pytest.CaptureFixture[str]) -> CommandRun:  # noqa: ARG001 - commands run in it
    """Run a command in this process."""
    return CommandRun(lambda *words: run_here(capsys, *words))
