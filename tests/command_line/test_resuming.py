"""The same command again does what is missing, whatever the first one left."""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from command_runs import CommandRun
from hypothesis import given, settings
from hypothesis import strategies as st
from recording_server import RecordingServer
from small_models import MODEL, write_pictures, write_video
from written_results import lines_of, rows_of

from inference_ext import InferenceHTTPClient
from inference_ext.command_line import main
from inference_ext.command_line.inferring import Inferring
from inference_ext.command_line.sources import Source

#: Names that need quotes in JSON or CSV, or more than one line.
NAMES = ["a.png", 'b,"two".png', "c\nd.png", "é.png", "f g.png", "h.png"]
OUTPUTS: dict[str, Callable[[Path], Any]] = {"out.jsonl": lines_of, "out.csv": rows_of}


class Uninterrupted:
    """A folder with sources, and what a run that nothing disturbs leaves in each kind of output."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        write_pictures(folder, [f"photos/{name}" for name in NAMES])
        cv2.imwrite(str(folder / "photos/black.png"), np.zeros((40, 40, 3), np.uint8))
        write_video(folder / "clip.mp4", frames=4)
        self.left: dict[str, bytes] = {}
        for name in OUTPUTS:
            self.run(folder, name)
            self.left[name] = (folder / name).read_bytes()

    def run(self, folder: Path, output: str, *words: str) -> str:
        """Run in a folder; gives what is said on standard error."""
        with contextlib.chdir(self.folder), contextlib.redirect_stderr(io.StringIO()) as errors:
            code = main(["infer", "photos", "clip.mp4", "--model", MODEL, "--output", str(folder / output), *words])
        assert code == 0
        return errors.getvalue()


@pytest.fixture(scope="module")
def uninterrupted(backend_url: str, tmp_path_factory: pytest.TempPathFactory) -> Generator[Uninterrupted]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INFERENCE_SERVER_URL", backend_url)
        yield Uninterrupted(tmp_path_factory.mktemp("uninterrupted"))


@pytest.fixture(scope="module", params=OUTPUTS)
def output(request: pytest.FixtureRequest) -> str:
    return request.param


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_beginning_of_an_output_is_completed_to_the_same(
    uninterrupted: Uninterrupted, output: str, data: st.DataObject
) -> None:
    whole = uninterrupted.left[output]
    kept = data.draw(st.integers(0, len(whole)))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, output)
        file.write_bytes(whole[:kept])
        uninterrupted.run(Path(folder), output)
        completed = file.read_bytes()
        assert OUTPUTS[output](file) == OUTPUTS[output](uninterrupted.folder / output)
        assert [entry.name for entry in Path(folder).iterdir()] == [output]
    # What was whole is still there as it was: only what was missing has been asked for.
    whole_lines = whole[:kept].rpartition(b"\n")[0]
    if output.endswith(".jsonl"):
        assert completed.startswith(whole_lines)


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_whatever_lines_are_lost_they_come_back(uninterrupted: Uninterrupted, output: str, data: st.DataObject) -> None:
    rows = OUTPUTS[output](uninterrupted.folder / output)
    first = 1 if output.endswith(".csv") else 0
    lines = uninterrupted.left[output].splitlines(keepends=True)
    lost = data.draw(st.sets(st.integers(first, len(lines) - 1)))
    if output.endswith(".csv"):
        # Lines of a name that stands on two are lost together: half a name is another one.
        two = {number for number, line in enumerate(lines) if b'"photos/c\n' in line or line.startswith(b"d.png")}
        lost -= two
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, output)
        file.write_bytes(b"".join(line for number, line in enumerate(lines) if number not in lost))
        uninterrupted.run(Path(folder), output)
        completed = OUTPUTS[output](file)
    in_order = {(row["image"], row.get("frame"), row.get("row")): row for row in completed}
    assert len(in_order) == len(completed)
    assert [in_order[row["image"], row.get("frame"), row.get("row")] for row in rows] == rows


def test_nothing_is_asked_for_when_all_is_there(
    uninterrupted: Uninterrupted, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(uninterrupted.folder / output, tmp_path)
    monkeypatch.setenv("INFERENCE_SERVER_URL", "http://127.0.0.1:1")  # nobody is there
    said = uninterrupted.run(tmp_path, output)
    assert said == f"inference-ext: 0 done, {len(NAMES) + 1} there already\n"
    assert (tmp_path / output).read_bytes() == uninterrupted.left[output]


def test_overwrite_begins_anew(uninterrupted: Uninterrupted, output: str, tmp_path: Path) -> None:
    (tmp_path / output).write_text("something else\n")
    assert uninterrupted.run(tmp_path, output, "--overwrite") == ""
    assert OUTPUTS[output](tmp_path / output) == OUTPUTS[output](uninterrupted.folder / output)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("--model", "sharpness/1"), "model 'sharpness/1'"),
        (("--confidence", "0.6"), "confidence 0.6"),
        (("--iou", "0.1"), "iou 0.1"),
        (("--class", "large"), "class ['large']"),
    ],
)
def test_another_model_or_setting_is_not_mixed_in(
    command: CommandRun, folder: Path, output: str, change: tuple[str, str], named: str
) -> None:
    write_pictures(folder, 2)
    command.done("infer", "000.png", "--model", MODEL, "-o", output, "--annotate", "drawn")
    before = (folder / output).read_bytes()
    model = () if change[0] == "--model" else ("--model", MODEL)
    for option in (("-o", output), ("--annotate", "drawn")):
        ended = command("infer", ".", *model, *change, *option)
        assert ended.code == 2
        assert named in ended.error
        assert "--overwrite" in ended.error
    assert (folder / output).read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        b'{"name": "a"}\n',
        b'{"name": "a"}',
        b"name,age\na,1\n",
        b"image,frame\na,1\n",
        b'{"image": "a.png"}\n',
        b"\x00\xff\n",
        b"[1]\n",
        b'{"image": "a.png", "frame": [1], "model_id": "bright/1", "settings": {}}\n',
    ],
)
def test_a_file_of_somebody_else_is_left_alone(command: CommandRun, folder: Path, output: str, content: bytes) -> None:
    write_pictures(folder, 1)
    (folder / output).write_bytes(content)
    ended = command("infer", ".", "--model", MODEL, "-o", output)
    assert ended.code == 2
    assert output in ended.error
    assert (folder / output).read_bytes() == content


def test_failed_images_are_done_again_and_stand_behind(command: CommandRun, folder: Path, output: str) -> None:
    names = [path.name for path in write_pictures(folder, 3)]
    whole = (folder / names[1]).read_bytes()
    (folder / names[1]).write_bytes(b"no image")
    ended = command("infer", ".", "--model", MODEL, "-o", output)
    assert ended.code == 3
    entries = OUTPUTS[output](folder / output)
    assert list(dict.fromkeys(entry["image"] for entry in entries)) == names
    assert [entry["image"] for entry in entries if entry.get("error")] == [names[1]]
    (folder / names[1]).write_bytes(whole)
    again = command("infer", ".", "--model", MODEL, "-o", output)
    assert (again.code, again.error) == (0, "inference-ext: 1 done, 2 there already")
    entries = OUTPUTS[output](folder / output)
    assert list(dict.fromkeys(entry["image"] for entry in entries)) == [names[0], names[2], names[1]]
    assert not any(entry.get("error") for entry in entries)


def test_the_same_file_by_another_name_is_the_same_image(command: CommandRun, folder: Path, output: str) -> None:
    write_pictures(folder, ["photos/a.png"])
    command.done("infer", "photos/a.png", "photos/../photos/a.png", folder / "photos", "--model", MODEL, "-o", output)
    before = (folder / output).read_bytes()
    ended = command("infer", "./photos//a.png", folder / "photos", "--model", MODEL, "-o", output)
    assert (ended.code, ended.error) == (0, "inference-ext: 0 done, 1 there already")
    assert (folder / output).read_bytes() == before


def test_an_output_that_lacks_an_image_gets_it_and_the_others_are_left(command: CommandRun, folder: Path) -> None:
    write_pictures(folder, 3)
    command.done("infer", "000.png", "001.png", "--model", MODEL, "-o", "a.jsonl")
    before = (folder / "a.jsonl").read_bytes()
    command.done("infer", ".", "--model", MODEL, "-o", "a.jsonl", "-o", "b.csv", "--annotate", "drawn")
    assert (folder / "a.jsonl").read_bytes().startswith(before)
    assert [line["image"] for line in lines_of(folder / "a.jsonl")] == ["000.png", "001.png", "002.png"]
    assert {row["image"] for row in rows_of(folder / "b.csv")} == {"000.png", "001.png", "002.png"}
    assert len(list((folder / "drawn").glob("*.png"))) == 3


def test_only_missing_frames_of_a_video_are_asked_for(folder: Path, backend_url: str) -> None:
    write_video(folder / "clip.mp4", frames=9)

    class There:
        def has(self, image: str, frame: int | None = None) -> bool:  # noqa: ARG002
            return frame in (0, 1, 2, 5)

        def has_frames_of(self, video: str) -> bool:  # noqa: ARG002
            return True

    with InferenceHTTPClient(backend_url) as client:
        some = list(Inferring(client, MODEL, There()).outcomes([Source("clip.mp4", "video")]))
        frames = [pixels for _, pixels, _ in client.infer_on_stream("clip.mp4", MODEL)]
    assert [outcome.frame for outcome in some] == [3, 4, 6, 7, 8]
    for outcome in some:
        assert outcome.frame is not None
        assert np.array_equal(outcome.pixels, frames[outcome.frame])


def test_a_server_of_the_hosted_kind_is_not_asked_for_its_models(folder: Path, server: RecordingServer) -> None:
    names = [str(path) for path in write_pictures(folder, 3)]

    class Nothing:
        def has(self, image: str, frame: int | None = None) -> bool:  # noqa: ARG002
            return False

        def has_frames_of(self, video: str) -> bool:  # noqa: ARG002
            return False

    with InferenceHTTPClient(server.url).select_api_v0() as client:
        found = list(Inferring(client, "p/1", Nothing()).outcomes([Source(name, "image") for name in names]))
    assert [outcome.image for outcome in found] == names
    assert server.paths() == ["POST /p/1"] * 3


def test_an_annotated_video_that_is_missing_is_made_and_the_lines_are_left(command: CommandRun, folder: Path) -> None:
    write_video(folder / "clip.mp4", frames=5)
    command.done("infer", "clip.mp4", "--model", MODEL, "-o", "out.jsonl")
    before = (folder / "out.jsonl").read_bytes()
    command.done("infer", "clip.mp4", "--model", MODEL, "-o", "out.jsonl", "--annotate", "drawn")
    assert (folder / "out.jsonl").read_bytes() == before
    made = (folder / "drawn/clip.mp4").stat()
    command.done("infer", "clip.mp4", "--model", MODEL, "-o", "out.jsonl", "--annotate", "drawn")
    assert (folder / "drawn/clip.mp4").stat().st_mtime_ns == made.st_mtime_ns
    assert sorted(path.name for path in (folder / "drawn").iterdir()) == ["clip.mp4", "inference-ext.jsonl"]


def test_two_runs_do_not_write_to_one_file(command: CommandRun, folder: Path) -> None:
    from inference_ext.command_line.json_lines import JsonLinesOutput
    from inference_ext.command_line.records import RunIdentity

    write_pictures(folder, 1)
    first = JsonLinesOutput(folder / "out.jsonl", RunIdentity(MODEL, {}), overwrite=False)
    ended = command("infer", ".", "--model", MODEL, "-o", "out.jsonl")
    assert (ended.code, "another run" in ended.error) == (1, True)
    first.close()
    command.done("infer", ".", "--model", MODEL, "-o", "out.jsonl")
