"""Which images the words of a command line stand for."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_runs import CommandRun
from small_models import MODEL, write_pictures, write_video
from written_results import lines_of

from inference_ext.command_line.sources import IMAGE_ENDINGS, find_sources


def found(*words: str, recursive: bool = False, leave_out: str | None = None) -> tuple[list[str], list[str], list[str]]:
    """Names, problems and notes."""
    problems: list[str] = []
    notes: list[str] = []
    sources = find_sources(
        words,
        recursive=recursive,
        leave_out=None if leave_out is None else Path(leave_out),
        problem=problems.append,
        note=notes.append,
    )
    return [source.name for source in sources], problems, notes


@pytest.fixture
def tree(folder: Path) -> Path:
    for name in ("p/b.jpg", "p/a.PNG", "p/notes.txt", "p/.hidden.jpg", "p/deep/c.webp", "p/.git/d.jpg", "q/a.PNG"):
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).touch()
    return folder


def test_a_directory_gives_its_images_sorted(tree: Path) -> None:
    assert tree.is_dir()
    assert found("p") == (["p/a.PNG", "p/b.jpg"], [], [])
    assert found("p", recursive=True) == (["p/a.PNG", "p/b.jpg", "p/deep/c.webp"], [], [])
    assert found("q", "p/") == (["q/a.PNG", "p/a.PNG", "p/b.jpg"], [], [])


@pytest.mark.parametrize("ending", sorted(IMAGE_ENDINGS))
def test_every_image_format_is_taken_from_a_directory(folder: Path, ending: str) -> None:
    for name in (f"a{ending}", f"b{ending.upper()}"):
        (folder / name).touch()
    assert found(".")[0] == [f"a{ending}", f"b{ending.upper()}"]


def test_a_pattern_is_what_a_shell_makes_of_it(tree: Path) -> None:
    assert tree.is_dir()
    assert found("p/*.jpg") == (["p/b.jpg"], [], [])
    assert found("**/*.PNG") == (["p/a.PNG", "q/a.PNG"], [], [])
    assert found("p/*")[0] == ["p/a.PNG", "p/b.jpg", "p/deep/c.webp", "p/notes.txt"]
    names, problems, _ = found("x/*.jpg")
    assert names == []
    assert "'x/*.jpg'" in problems[0]


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(folder: Path) -> None:
    for name in ("a[1].jpg", "a1.jpg"):
        (folder / name).touch()
    assert found("a[1].jpg")[0] == ["a[1].jpg"]


def test_every_image_is_found_once(tree: Path) -> None:
    assert found("p/b.jpg", "p", "./p/*.jpg", str(tree / "p"), "q/../p")[0] == ["p/b.jpg", "p/a.PNG"]


def test_a_directory_without_images_says_where_they_may_be(tree: Path) -> None:
    (tree / "only").mkdir()
    (tree / "only/inner").mkdir()
    _, (problem,), _ = found("only")
    assert "--recursive" in problem
    _, (problem,), _ = found("only", recursive=True)
    assert "--recursive" not in problem


def test_videos_of_a_directory_are_left_out_and_told(folder: Path) -> None:
    for name in ("a.jpg", "b.mp4", "c.MOV"):
        (folder / name).touch()
    names, problems, (note,) = found(".")
    assert (names, problems) == (["a.jpg"], [])
    assert "2 video files" in note
    assert found("*")[0] == ["a.jpg", "b.mp4", "c.MOV"]


def test_annotated_pictures_are_not_found_by_the_next_run(tree: Path) -> None:
    assert tree.is_dir()
    (tree / "p/drawn/p").mkdir(parents=True)
    (tree / "p/drawn/p/a.PNG").touch()
    assert found("p", recursive=True, leave_out="p/drawn")[0] == ["p/a.PNG", "p/b.jpg", "p/deep/c.webp"]
    assert found("p/**/*.PNG", leave_out=str(tree / "p/drawn"))[0] == ["p/a.PNG"]


def test_a_folder_that_cannot_be_read_is_told(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    assert tree.is_dir()
    monkeypatch.setattr(os, "scandir", scandir)
    names, (problem,), _ = found("p", recursive=True)
    assert names == ["p/a.PNG", "p/b.jpg"]
    assert "p/deep" in problem
    assert "Permission denied" in problem


def test_sources_of_all_kinds_go_together(command: CommandRun, folder: Path) -> None:
    write_pictures(folder, ["photos/a.png", "photos/in/b.png", "c.jpg"])
    write_video(folder / "v.avi", 2)
    output = command.done("infer", "c.jpg", "v.avi", "photos", "photos/*/*.png", "--model", MODEL)
    places = [(line["image"], line.get("frame")) for line in lines_of(output)]
    expected = [("c.jpg", None), ("v.avi", 0), ("v.avi", 1), ("photos/a.png", None), ("photos/in/b.png", None)]
    assert places == expected
