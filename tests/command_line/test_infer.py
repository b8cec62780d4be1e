"""What `infer` writes is what the library gives."""

from __future__ import annotations

import contextlib
import os
import pty
import subprocess
import termios
from collections.abc import Generator
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
import pytest
from command_runs import SCRIPT, CommandRun
from small_models import MODEL, cut_outs, write_pictures, write_video
from written_results import lasting, lines_of, rows_of

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from inference_ext.local.photographs import photograph
from inference_ext.results.drawing import draw_result
from inference_ext.results.table import table_columns, table_rows

BOOKKEEPING = ["error", "row", "rows", "model_id", "settings"]


@pytest.fixture
def library(backend_url: str) -> Generator[InferenceHTTPClient]:
    with InferenceHTTPClient(backend_url) as client:
        yield client


def test_json_lines_go_to_standard_output(command: CommandRun, folder: Path, library: InferenceHTTPClient) -> None:
    write_pictures(folder, ["b.png", "a.jpg"])
    lines = lines_of(command.done("infer", "b.png", "a.jpg", "--model", MODEL))
    expected = library.infer(["b.png", "a.jpg"], MODEL)
    assert lines == [
        {"image": name, "model_id": MODEL, "settings": {}, "result": lasting(result)}
        for name, result in zip(["b.png", "a.jpg"], expected, strict=True)
    ]
    assert any(line["result"]["predictions"] for line in lines)


def test_settings_reach_the_model_and_stand_in_every_line(
    command: CommandRun, folder: Path, library: InferenceHTTPClient
) -> None:
    write_pictures(folder, 6)
    options = ("--confidence", 0.5, "--iou", 0.2, "--class", "small", "--class", "large")
    lines = lines_of(command.done("infer", ".", "--model", MODEL, *options))
    library.configure(InferenceConfiguration(confidence_threshold=0.5, iou_threshold=0.2))
    expected = library.infer(sorted(map(str, folder.glob("*.png"))), MODEL)
    assert [line["result"] for line in lines] == lasting(expected)
    assert lines[0]["settings"] == {"confidence": 0.5, "iou": 0.2, "class": ["large", "small"]}
    only = lines_of(command.done("infer", ".", "--model", MODEL, "--class", "small"))
    classes = {box["class"] for line in only for box in line["result"]["predictions"]}
    assert classes == {"small"}


def test_the_embedded_backend_needs_no_server(
    command: CommandRun, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INFERENCE_SERVER_URL", "http://127.0.0.1:1")
    assert folder.is_dir()
    (line,) = lines_of(command.done("infer", photograph("astronaut").path, "--model", "faces/1", "--embedded"))
    assert [box["class"] for box in line["result"]["predictions"]] == ["face"]
    assert line["settings"] == {"embedded": True}


@pytest.mark.parametrize(
    ("model", "task"),
    [
        (MODEL, "object-detection"),
        ("objects/1", "instance-segmentation"),
        ("sharpness/1", "classification"),
        ("exposure/1", "multi-label-classification"),
        ("foreground/1", "semantic-segmentation"),
    ],
)
def test_csv_has_the_rows_of_the_library(
    command: CommandRun, folder: Path, library: InferenceHTTPClient, model: str, task: str
) -> None:
    names = [str(path.relative_to(folder)) for path in write_pictures(folder, ["1.png", "2.png"])]
    command.done("infer", *names, "--model", model, "--output", "out.csv")
    frame = pd.read_csv("out.csv")
    assert list(frame.columns) == ["image", "frame", *table_columns(task), *BOOKKEEPING]  # type: ignore[arg-type]
    expected = [
        {"image": name, **row}
        for name, result in zip(names, library.infer(names, model), strict=True)
        for row in table_rows(result)
    ]
    found = frame[frame["row"] > 0]
    for column in ("image", "class", "class_id", "confidence"):
        assert found[column].tolist() == [row[column] for row in expected]
    assert frame["model_id"].unique().tolist() == [model]


def test_an_image_in_which_nothing_is_found_has_a_row_without_predictions(command: CommandRun, folder: Path) -> None:
    cv2.imwrite("black.png", np.zeros((40, 40, 3), np.uint8))
    write_pictures(folder, ["coin.png"])
    command.done("infer", "black.png", "coin.png", "--model", MODEL, "-o", "out.csv")
    first, *others = rows_of(folder / "out.csv")
    assert (first["image"], first["row"], first["rows"], first["class"], first["error"]) == (
        "black.png",
        "0",
        "0",
        "",
        "",
    )
    assert {row["image"] for row in others} == {"coin.png"}
    assert [row["row"] for row in others] == [str(number) for number in range(1, len(others) + 1)]


def test_annotated_pictures_are_drawn_by_the_library_under_the_paths_of_the_sources(
    command: CommandRun, folder: Path, library: InferenceHTTPClient
) -> None:
    write_pictures(folder, ["photos/one.png", "photos/deep/one.png", "photos/deep/two.bmp"])
    command.done("infer", "photos", "-r", "--model", MODEL, "--annotate", "drawn")
    drawn = sorted(str(path.relative_to(folder / "drawn")) for path in (folder / "drawn").rglob("*.*"))
    names = ["photos/deep/one.png", "photos/deep/two.bmp", "photos/one.png"]
    assert drawn == ["inference-ext.jsonl", *names]
    for name in names:
        written = cv2.imread(f"drawn/{name}")
        assert np.array_equal(written, draw_result(library.infer(name, MODEL), name))
        assert not np.array_equal(written, cv2.imread(name))


def test_outputs_can_be_combined(command: CommandRun, folder: Path) -> None:
    write_pictures(folder, 3)
    output = command.done(
        "infer", "*.png", "--model", MODEL, "-o", "a.jsonl", "-o", "b.csv", "-o", "c.ndjson", "--annotate", "drawn"
    )
    assert output == ""
    lines = lines_of(folder / "a.jsonl")
    assert [line["image"] for line in lines] == ["000.png", "001.png", "002.png"]
    assert lines_of(folder / "c.ndjson") == lines
    assert sum(int(row["row"]) > 0 for row in rows_of(folder / "b.csv")) == sum(
        len(line["result"]["predictions"]) for line in lines
    )
    assert len(list((folder / "drawn").glob("*.png"))) == 3


def test_of_a_video_there_is_a_line_for_each_frame_and_an_annotated_video(command: CommandRun, folder: Path) -> None:
    write_video(folder / "clip.mp4", frames=7)
    command.done("infer", "clip.mp4", "--model", MODEL, "-o", "out.jsonl", "-o", "out.csv", "--annotate", "drawn")
    lines = lines_of(folder / "out.jsonl")
    assert [(line["image"], line["frame"]) for line in lines] == [("clip.mp4", number) for number in range(7)]
    assert [number for number, _ in pd.read_csv("out.csv").groupby("frame")] == list(range(7))
    annotated, source = cv2.VideoCapture("drawn/clip.mp4"), cv2.VideoCapture("clip.mp4")
    for measure in (cv2.CAP_PROP_FPS, cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FRAME_COUNT):
        assert annotated.get(measure) == source.get(measure) > 0
    frames = [source.read()[1] for _ in lines]
    for line, frame in zip(lines, frames, strict=True):
        written = annotated.read()[1].astype(int)
        drawn = draw_result(line["result"], frame).astype(int)
        # MPEG-4 loses a little, but what was drawn is nearer than what was not.
        loss = np.abs(written - drawn).mean()
        assert loss < 12
        if line["result"]["predictions"]:
            assert loss < np.abs(written - frame).mean()


def test_pictures_a_program_cannot_write_are_written_as_png(command: CommandRun, folder: Path) -> None:
    (picture,) = cut_outs(1)
    assert cv2.imwrite("plain.pgm", cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY))
    write_pictures(folder, ["x.png"])[0].rename("named.anything")
    command.done("infer", "plain.pgm", "named.anything", "--model", MODEL, "--annotate", "drawn")
    assert sorted(path.name for path in (folder / "drawn").glob("*.png")) == ["named.anything.png", "plain.pgm.png"]


def test_many_requests_are_in_flight_and_results_stay_in_order(
    command: CommandRun, folder: Path, backend_url: str
) -> None:
    names = [path.name for path in write_pictures(folder, 40)]
    sequential = lines_of(command.done("infer", ".", "--model", MODEL, "--max-concurrent-requests", 1))
    parallel = lines_of(
        command.done("infer", ".", "--model", MODEL, "--max-concurrent-requests", 6, "--url", backend_url)
    )
    assert [line["image"] for line in parallel] == names
    assert parallel == sequential


def test_names_that_are_no_text_are_written_so_that_they_can_be_found_again(command: CommandRun, folder: Path) -> None:
    name = b"caf\xe9.png".decode(errors="surrogateescape")
    (folder / name).write_bytes(write_pictures(folder, ["x.png"])[0].read_bytes())
    command.done("infer", name, "--model", MODEL, "-o", "out.jsonl", "-o", "out.csv")
    ended = command("infer", name, "--model", MODEL, "-o", "out.jsonl", "-o", "out.csv")
    assert (ended.code, ended.error) == (0, "inference-ext: 0 done, 1 there already")
    (line,) = lines_of(folder / "out.jsonl")
    assert line["image"] == name


def test_the_bar_is_on_standard_error_and_can_be_asked_for(command: CommandRun, folder: Path) -> None:
    write_pictures(folder, 3)
    ended = command("infer", ".", "--model", MODEL, "--progress")
    assert len(lines_of(ended.output)) == 3
    assert "3/3" in ended.errors
    assert "3/3" not in command("infer", ".", "--model", MODEL, "--no-progress").errors


@pytest.mark.parametrize(("environment", "is_shown"), [({}, True), ({"INFERENCE_EXT_PROGRESS": "0"}, False)])
def test_the_bar_is_there_by_itself_on_a_terminal(folder: Path, environment: dict[str, str], is_shown: bool) -> None:
    write_pictures(folder, 3)
    terminal, of_program = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    words = [str(SCRIPT), "infer", ".", "--model", MODEL, "-o", "out.jsonl"]
    subprocess.run(words, stderr=of_program, env={**os.environ, **environment}, check=True, timeout=120)
    os.close(of_program)
    shown = b""
    with contextlib.suppress(OSError):  # Linux's way to say that a terminal has nobody at its other end
        while part := os.read(terminal, 4096):
            shown += part
    os.close(terminal)
    assert (b"3/3" in shown) == is_shown


def test_an_output_that_is_a_link_stays_one(command: CommandRun, folder: Path) -> None:
    write_pictures(folder, 2)
    (folder / "elsewhere").mkdir()
    (folder / "out.jsonl").symlink_to("elsewhere/real.jsonl")
    (folder / "elsewhere/real.jsonl").write_bytes(b'{"image": "000.p')
    command.done("infer", ".", "--model", MODEL, "-o", "out.jsonl")
    assert (folder / "out.jsonl").is_symlink()
    assert len(lines_of(folder / "elsewhere/real.jsonl")) == 2
