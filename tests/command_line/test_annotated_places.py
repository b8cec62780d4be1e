"""Where annotated pictures stand: under the paths of their sources, and never over another file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from command_runs import CommandRun
from recording_server import RecordingServer, Reply, Request, detector
from small_models import MODEL, write_pictures, write_video
from written_results import lines_of

from inference_ext.command_line.annotated import place_for


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("photos/a.jpg", "photos/a.jpg"),
        ("a.jpeg", "a.jpeg"),
        ("/data/sets/a.png", "data/sets/a.png"),
        ("a.tiff", "a.tiff"),
        ("a.gif", "a.gif.png"),
        ("a.heic", "a.heic.png"),
        ("a", "a.png"),
        ("clip.mp4", "clip.mp4"),
        ("clip.avi", "clip.avi.mp4"),
        ("https://host.example/b/c.jpg", "host.example/b/c.jpg"),
        ("https://host.example:8000/b/%2e%2e/c", "host.example/b/c.png"),
        ("https://host.example", "host.example/image.png"),
    ],
)
def test_the_place_of_a_source(name: str, place: str) -> None:
    assert place_for(name) == place


def test_a_path_that_leads_out_of_the_folder_stands_under_its_whole_path(folder: Path) -> None:
    (folder / "here").mkdir()
    assert place_for(f"{folder}/here/../a.jpg") == f"{folder}/a.jpg".lstrip("/")


def test_urls_that_differ_in_their_query_have_places_of_their_own() -> None:
    places = {place_for(f"https://host.example/image.jpg?id={number}") for number in range(20)}
    assert len(places) == 20
    assert all(place.startswith("host.example/image-") and place.endswith(".jpg") for place in places)


def test_no_file_of_somebody_else_is_written_over(command: CommandRun, folder: Path) -> None:
    write_pictures(folder, ["photos/a.png"])
    (folder / "drawn/photos").mkdir(parents=True)
    (folder / "drawn/photos/a.png").write_text("precious")
    words = ("infer", "photos", "--model", MODEL, "--annotate", "drawn")
    command.done(*words)
    assert (folder / "drawn/photos/a.png").read_text() == "precious"
    letters = hashlib.sha256(str(folder / "photos/a.png").encode()).hexdigest()[:8]
    assert (folder / f"drawn/photos/a-{letters}.png").is_file()
    assert command(*words).error == "inference-ext: 0 done, 1 there already"
    (line,) = lines_of(folder / "drawn/inference-ext.jsonl")
    assert line["file"] == f"photos/a-{letters}.png"


def test_two_sources_of_one_place_have_a_file_each(
    command: CommandRun, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = write_pictures(folder, ["x/a.png", "work/place/a.png"])[0].parent
    monkeypatch.chdir(folder / "work")
    inside = Path(str(outside).lstrip("/"))
    inside.mkdir(parents=True)
    (inside / "a.png").write_bytes(Path("place/a.png").read_bytes())
    sources = (inside / "a.png", outside / "a.png")
    command.done("infer", *sources, "--model", MODEL, "--annotate", "drawn")
    assert len(list(Path("drawn").rglob("*.png"))) == 2
    assert command("infer", *sources, "--model", MODEL, "--annotate", "drawn").error.endswith("2 there already")


def test_a_file_that_was_removed_is_made_again(command: CommandRun, folder: Path) -> None:
    write_pictures(folder, 3)
    words = ("infer", ".", "--model", MODEL, "--annotate", "drawn")
    command.done(*words)
    made = (folder / "drawn/001.png").read_bytes()
    (folder / "drawn/001.png").unlink()
    assert command(*words).error == "inference-ext: 1 done, 2 there already"
    assert (folder / "drawn/001.png").read_bytes() == made


def test_overwrite_removes_what_an_earlier_run_made_and_nothing_else(command: CommandRun, folder: Path) -> None:
    write_pictures(folder, 3)
    command.done("infer", ".", "--model", MODEL, "--annotate", "drawn")
    (folder / "drawn/mine.txt").write_text("mine")
    command.done("infer", "000.png", "--model", "sharpness/1", "--annotate", "drawn", "--overwrite")
    assert sorted(path.name for path in (folder / "drawn").iterdir()) == ["000.png", "inference-ext.jsonl", "mine.txt"]


def test_an_annotated_directory_among_the_sources_is_not_annotated_again(command: CommandRun, folder: Path) -> None:
    write_pictures(folder, 2)
    words = ("infer", ".", "-r", "--model", MODEL, "--annotate", "drawn")
    command.done(*words)
    assert command(*words).error == "inference-ext: 0 done, 2 there already"
    ended = command("infer", "drawn", "--model", MODEL, "--annotate", "drawn")
    assert (ended.code, "one of the sources" in ended.error) == (2, True)


def test_a_result_that_cannot_be_drawn_is_told_and_its_line_is_kept(command: CommandRun, folder: Path) -> None:
    write_pictures(folder, ["a.png"])
    (folder / "drawn").mkdir()
    (folder / "drawn/sub").write_text("no directory")
    ended = command("infer", "a.png", "--model", MODEL, "--annotate", "drawn", "-o", "out.jsonl")
    assert ended.code == 0
    write_pictures(folder, ["sub/a.png"])
    ended = command("infer", "sub/a.png", "--model", MODEL, "--annotate", "drawn", "-o", "out.jsonl")
    assert ended.code == 1
    assert "cannot be made" in ended.error
    assert [line["image"] for line in lines_of(folder / "out.jsonl")] == ["a.png", "sub/a.png"]


@pytest.mark.parametrize("place", ["../outside.png", "/tmp/outside.png", "a/../../outside.png"])
def test_a_list_cannot_lead_out_of_the_directory(command: CommandRun, folder: Path, place: str) -> None:
    write_pictures(folder, ["a.png"])
    (folder / "drawn").mkdir()
    line = {"image": "a.png", "model_id": MODEL, "settings": {}, "file": place}
    (folder / "drawn/inference-ext.jsonl").write_text(json.dumps(line) + "\n")
    (folder / "outside.png").write_text("precious")
    command.done("infer", "a.png", "--model", MODEL, "--annotate", "drawn")
    command.done("infer", "a.png", "--model", MODEL, "--annotate", "drawn", "--overwrite")
    assert (folder / "drawn/a.png").is_file()
    assert (folder / "outside.png").read_text() == "precious"


def test_a_video_that_cannot_be_written_is_told_once_and_its_lines_are_kept(command: CommandRun, folder: Path) -> None:
    write_video(folder / "clip.mp4", 4)
    (folder / "drawn/.clip.part.mp4").mkdir(parents=True)  # in the way
    ended = command("infer", "clip.mp4", "--model", MODEL, "--annotate", "drawn", "-o", "out.jsonl")
    assert ended.code == 3
    told, summary = ended.errors.splitlines()
    assert "frame 0" in told
    assert "cannot be written" in told
    assert summary == "inference-ext: 3 done, 1 failed"
    assert len(lines_of(folder / "out.jsonl")) == 4
    (folder / "drawn/.clip.part.mp4").rmdir()
    command.done("infer", "clip.mp4", "--model", MODEL, "--annotate", "drawn", "-o", "out.jsonl")
    assert (folder / "drawn/clip.mp4").is_file()


def test_a_video_with_a_frame_that_failed_is_not_kept(
    command: CommandRun, folder: Path, server: RecordingServer
) -> None:
    write_video(folder / "clip.mp4", 4)
    refused: list[Request] = []

    def answer(request: Request) -> Reply:
        if request.path.startswith("/infer/") and not refused:
            refused.append(request)
            return Reply({"message": "not this one"}, 400)
        return detector(request)

    server.answer = answer
    words = ("infer", "clip.mp4", "--model", "p/1", "--url", server.url, "--annotate", "drawn", "-o", "out.jsonl")
    ended = command(*words)
    assert (ended.code, ended.errors.splitlines()[-1]) == (3, "inference-ext: 3 done, 1 failed")
    assert [path.name for path in (folder / "drawn").iterdir()] == ["inference-ext.jsonl"]
    assert command(*words).code == 0
    assert sorted(path.name for path in (folder / "drawn").iterdir()) == ["clip.mp4", "inference-ext.jsonl"]
    frames = [line["frame"] for line in lines_of(folder / "out.jsonl")]
    assert sorted(frames) == [0, 1, 2, 3]
