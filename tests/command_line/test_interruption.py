"""Runs of the installed script that are ended from outside, and gone on with."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest
from command_runs import SCRIPT, CommandRun, run_script, start_script
from small_models import MODEL, SLOW_MODEL, write_pictures, write_video
from written_results import lines_of, rows_of

IMAGES = 24
WORDS = ("infer", "photos", "clip.mp4", "--model", SLOW_MODEL, "--max-concurrent-requests", 2)
FRAMES = 8


@pytest.fixture
def sources(folder: Path) -> Path:
    write_pictures(folder / "photos", IMAGES)
    write_video(folder / "clip.mp4", FRAMES)
    return folder


def wait_for(holds: Callable[[], bool], process: subprocess.Popen[Any]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


def has_lines(file: Path, number: int) -> Callable[[], bool]:
    return lambda: file.exists() and file.read_bytes().count(b"\n") >= number


def annotated(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.png"))}


def test_a_run_that_is_killed_again_and_again_gives_what_an_uninterrupted_one_gives(sources: Path) -> None:
    def outputs(name: str) -> tuple[object, ...]:
        return ("-o", f"{name}.jsonl", "-o", f"{name}.csv", "--annotate", f"{name}-drawn")

    for lines in (3, IMAGES + 2):
        process = start_script(*WORDS, *outputs("killed"))
        wait_for(has_lines(sources / "killed.jsonl", lines), process)
        process.kill()
        process.communicate()
        assert lines <= (sources / "killed.jsonl").read_bytes().count(b"\n") < IMAGES + FRAMES
    again = run_script(*WORDS, *outputs("killed"))
    whole = run_script(*WORDS, *outputs("whole"))
    assert (again.code, whole.code) == (0, 0)
    assert lines_of(sources / "killed.jsonl") == lines_of(sources / "whole.jsonl")
    assert rows_of(sources / "killed.csv") == rows_of(sources / "whole.csv")
    assert annotated(sources / "killed-drawn") == annotated(sources / "whole-drawn")
    assert len(annotated(sources / "whole-drawn")) == IMAGES
    capture = cv2.VideoCapture("killed-drawn/clip.mp4")
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == FRAMES


def test_ctrl_c_ends_with_a_valid_file_and_its_own_exit_code(sources: Path) -> None:
    process = start_script(*WORDS, "-o", "out.jsonl")
    wait_for(has_lines(sources / "out.jsonl", 3), process)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    lines = lines_of(sources / "out.jsonl")
    assert 3 <= len(lines) < IMAGES
    assert output == ""
    # It may come between a line and its being counted.
    counts = (len(lines) - 1, len(lines))
    assert errors in [f"inference-ext: interrupted: {count} done; the same command goes on\n" for count in counts]
    again = run_script(*WORDS, "-o", "out.jsonl")
    assert again.code == 0
    assert again.error == f"inference-ext: {IMAGES - len(lines) + FRAMES} done, {len(lines)} there already"


def test_results_are_written_as_they_come(sources: Path) -> None:
    process = start_script(*WORDS)
    assert process.stdout is not None
    assert sources.is_dir()
    first = process.stdout.readline()
    assert process.poll() is None
    assert lines_of(first)[0]["image"] == "photos/000.png"
    process.kill()
    process.communicate()


@pytest.mark.parametrize("words", [("infer", "photos", "--model", MODEL), ("--help",), ("infer", "--help")])
def test_a_reader_that_goes_away_is_no_matter_for_a_message(sources: Path, words: tuple[str, ...]) -> None:
    assert sources.is_dir()
    process = subprocess.Popen([str(SCRIPT), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=60) == 141


@pytest.mark.parametrize("cut", [1, 20, 200])
def test_a_line_that_was_cut_short_is_done_again(command: CommandRun, sources: Path, cut: int) -> None:
    words = ("infer", "photos", "--model", MODEL, "-o", "out.jsonl")
    command.done(*words)
    file = sources / "out.jsonl"
    whole, content = lines_of(file), file.read_bytes()
    file.write_bytes(content[:-cut])
    ended = command(*words)
    assert ended.error == f"inference-ext: 1 done, {IMAGES - 1} there already"
    assert lines_of(file) == whole
