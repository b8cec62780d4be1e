"""Every example line of the help runs."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from command_runs import CommandRun, run_here, start_script
from small_models import write_pictures, write_video
from test_usage import COMMANDS
from workflow_backend import SPECIFICATION, WorkflowBackend

from inference_ext.local import serve_in_thread
from inference_ext.local.photographs import photograph


def examples(command: CommandRun, *words: str) -> list[str]:
    return re.findall(r"^ +(inference-ext .*)$", command.done(*words, "--help"), re.MULTILINE)


@pytest.fixture(scope="module")
def workflow_url() -> Generator[str]:
    with serve_in_thread(WorkflowBackend()) as url:
        yield url


@pytest.fixture
def world(folder: Path, workflow_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files the examples speak of, and a server at the address they use."""
    monkeypatch.setenv("INFERENCE_SERVER_URL", workflow_url)
    write_pictures(folder, ["photos/a.jpg", "photos/deep/b.jpg"])
    shutil.copy(photograph("rocket").path, folder / "street.jpg")
    write_video(folder / "clip.mp4", 3)
    (folder / "workflow.json").write_text(json.dumps(SPECIFICATION))
    return folder


@pytest.mark.parametrize(
    "words", [words for words in COMMANDS if words not in ((), ("workflow",), ("serve",))], ids=" ".join
)
def test_every_example_of_the_help_runs(
    command: CommandRun, world: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    found = examples(command, *words)
    assert found
    for number, line in enumerate(found):
        program, *arguments = shlex.split(line)
        assert (program, *arguments[: len(words)]) == ("inference-ext", *words)
        ended = run_here(capsys, *arguments)
        assert ended.code == 0, (line, ended)
        for kind in ("-o", "--output", "--annotate", "--images"):
            if kind in arguments:
                place = world / arguments[arguments.index(kind) + 1]
                assert place.exists(), line
                place.rename(world / f"{number}-{place.name}")  # examples are not meant to go on with each other


def test_every_example_of_serve_runs(command: CommandRun) -> None:
    found = examples(command, "serve")
    assert found
    for line in found:
        process = start_script(*shlex.split(line)[1:])
        assert process.stdout is not None
        assert "http://" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode == 0
