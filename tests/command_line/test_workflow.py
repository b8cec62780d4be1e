"""`workflow run`."""

from __future__ import annotations

import base64
import json
from collections.abc import Generator
from pathlib import Path

import cv2
import numpy as np
import pytest
from command_runs import CommandRun
from small_models import write_pictures
from workflow_backend import SPECIFICATION, WorkflowBackend

from inference_ext.local import serve_in_thread


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Generator[WorkflowBackend]:
    application = WorkflowBackend()
    with serve_in_thread(application) as url:
        monkeypatch.setenv("INFERENCE_SERVER_URL", url)
        yield application


@pytest.fixture
def file(folder: Path) -> str:
    write_pictures(folder, ["street.png", "second.png"])
    (folder / "workflow.json").write_text(json.dumps(SPECIFICATION))
    return "workflow.json"


def test_a_workflow_of_a_file_is_run(command: CommandRun, backend: WorkflowBackend, file: str) -> None:
    (output,) = json.loads(command.done("workflow", "run", "--file", file, "--image", "image=street.png"))
    assert output["width"] == 96
    thumbnail = cv2.imdecode(np.frombuffer(base64.b64decode(output["thumbnail"]), np.uint8), cv2.IMREAD_COLOR)
    assert np.array_equal(thumbnail, cv2.resize(cv2.imread("street.png"), (32, 32)))
    assert backend.bodies[0]["specification"] == SPECIFICATION
    assert backend.paths == ["/workflows/run"]


def test_a_saved_workflow_is_run_on_a_batch(command: CommandRun, backend: WorkflowBackend, file: str) -> None:
    assert file
    words = ("--workspace", "team", "--workflow", "count", "--image", "image=street.png", "--image", "image=second.png")
    outputs = json.loads(command.done("workflow", "run", *words))
    assert len(outputs) == 2
    assert backend.paths == ["/team/workflows/count"]


def test_parameters_are_json_or_text(command: CommandRun, backend: WorkflowBackend, file: str) -> None:
    given = {
        "size": ("48", 48),
        "flag": ("true", True),
        "list": ('["a", 1]', ["a", 1]),
        "text": ("hello world", "hello world"),
        "number text": ('"7"', "7"),
        "odd": ("NaN", "NaN"),
        "equation": ("a=b", "a=b"),
        "empty": ("", ""),
    }
    words = [word for name, (text, _) in given.items() for word in ("--parameter", f"{name}={text}")]
    command.done("workflow", "run", "--file", file, "--image", "image=street.png", *words)
    inputs = backend.bodies[0]["inputs"]
    assert {name: inputs[name] for name in given} == {name: value for name, (_, value) in given.items()}


def test_pictures_are_written_to_files(command: CommandRun, backend: WorkflowBackend, file: str) -> None:
    words = ("workflow", "run", "--file", file, "--image", "image=street.png", "--parameter", "size=40")
    (plain,) = json.loads(command.done(*words))
    (output,) = json.loads(command.done(*words, "--images", "out/deep"))
    assert backend.bodies
    assert output == {
        "width": 96,
        "thumbnail": "out/deep/0-thumbnail.png",
        "views": ["out/deep/0-views-0.jpg", {"upside down": "out/deep/0-views-1-upside_down.jpg"}],
    }
    for path, text in (
        (output["thumbnail"], plain["thumbnail"]),
        (output["views"][0], plain["views"][0]),
        (output["views"][1]["upside down"], plain["views"][1]["upside down"]),
    ):
        assert Path(path).read_bytes() == base64.b64decode(text)


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        ((), 2, "--file"),
        (("--workspace", "team"), 2, "--workflow"),
        (("--workspace", "team", "--workflow", "count", "--file", "workflow.json"), 2, "--file"),
        (("--file", "missing.json"), 2, "missing.json"),
        (("--file", "street.png"), 2, "not JSON"),
        (("--file", "list.json"), 2, "JSON object"),
        (("--file", "workflow.json", "--image", "street.png"), 2, "NAME=PATH"),
        (("--file", "workflow.json", "--parameter", "=7"), 2, "NAME=VALUE"),
        (("--file", "workflow.json", "--image", "image=missing.png"), 1, "missing.png"),
        (("--file", "workflow.json", "--image", "image=street.png", "--images", "street.png"), 1, "street.png"),
    ],
)
def test_what_is_wrong_is_told_in_a_line(
    command: CommandRun, backend: WorkflowBackend, file: str, words: tuple[str, ...], code: int, named: str
) -> None:
    assert Path(file).exists()
    Path("list.json").write_text("[]")
    ended = command("workflow", "run", *words)
    assert (ended.code, ended.output) == (code, "")
    assert named in ended.error
    assert len(backend.paths) == ("--images" in words)


def test_a_server_without_workflows_says_so(command: CommandRun, file: str) -> None:
    ended = command("workflow", "run", "--file", file, "--image", "image=street.png")
    assert (ended.code, ended.output) == (1, "")
    assert "/workflows/run" in ended.error
