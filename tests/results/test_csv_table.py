"""CSV of one image and of many: what is read again is what was written."""

from __future__ import annotations

import csv
import os
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_ext import InvalidParameterError, InvalidResponseError, ResultTable
from inference_ext.results.table import table_columns
from inference_ext.results.typed import read_objects
from tests.results.samples import ANSWERS, MODES, SIZE, instance_answers, object_answers, real_answers

BOX = {"x": 30.0, "y": 20.0, "width": 12.0, "height": 8.0, "confidence": 0.5, "class": "bolt", "class_id": 1}
INTEGERS = ("class_id", "tracker_id", "pixel_count")
kinds = pytest.mark.parametrize("kind", ANSWERS)


def named(*names: str) -> dict[str, Any]:
    return {"image": SIZE, "predictions": [{**BOX, "class": name} for name in names]}


def value(column: str, text: str) -> Any:
    """Read a field as a program would that knows the columns."""
    if text == "":
        return None
    if column in INTEGERS:
        return int(text)
    if column.startswith("is_"):
        return {"true": True, "false": False}[text]
    if column in ("class", "detection_id", "parent_id", "points", "rle", "keypoints"):
        return text
    return float(text)


@kinds
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_reading_the_text_gives_the_rows(kind: str, data: st.DataObject) -> None:
    strategy, read = ANSWERS[kind]
    result = read(data.draw(strategy))
    text = result.to_csv()
    reader = csv.DictReader(StringIO(text, newline=""), strict=True)
    rows = [{name: value(name, field) for name, field in row.items()} for row in reader]
    assert tuple(reader.fieldnames or ()) == table_columns(result.task)
    assert rows == result.to_rows()
    assert text.endswith("\r\n")


@kinds
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_pandas_reads_what_to_pandas_gives(kind: str, data: st.DataObject) -> None:
    strategy, read = ANSWERS[kind]
    result = read(data.draw(strategy))
    frame = result.to_pandas()
    again = pd.read_csv(
        StringIO(result.to_csv(), newline=""),
        dtype={name: str(kept) for name, kept in frame.dtypes.items()},
        keep_default_na=False,  # a class may be called NA
        na_values={name: [""] for name in frame.columns},
        true_values=["true"],
        false_values=["false"],
    )
    pd.testing.assert_frame_equal(again, frame)


@settings(max_examples=80, deadline=None)
@given(name=st.text(min_size=1, max_size=12).filter(lambda name: "\x00" not in name))
def test_any_name_of_a_class_comes_back(name: str) -> None:
    text = read_objects(named(name, "after")).to_csv()
    names = [row["class"] for row in csv.DictReader(StringIO(text, newline=""), strict=True)]
    assert names == [name, "after"]


def test_the_format_is_that_of_the_rfc() -> None:
    text = read_objects(named("plain", "a,b", 'say "a"', "two\r\nlines", "=1+1")).to_csv()
    fields = [line.split(",1,0.5")[0] for line in text.split("\r\n")]
    assert fields[1:] == ["plain", '"a,b"', '"say ""a"""', '"two', 'lines"', "=1+1", ""]


def test_numbers_that_are_none_are_written_as_words() -> None:
    nan, infinite = float("nan"), float("inf")
    text = read_objects({"image": SIZE, "predictions": [{**BOX, "x": nan, "y": infinite}]}).to_csv()
    (row,) = csv.DictReader(StringIO(text))
    assert (row["x"], row["x_min"], row["y"], row["y_max"]) == ("nan", "nan", "inf", "inf")
    frame = pd.read_csv(StringIO(text))
    assert frame["x"].isna().all()
    assert frame["y"].tolist() == [infinite]


def test_a_file_is_written_whole_in_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "found.csv"
    path.write_text("much longer than what follows " * 1000)
    result = read_objects(named("犬", "half \ud800"))
    text = result.to_csv(path)
    assert path.read_bytes() == text.encode("utf-8", errors="backslashreplace")
    assert r"half \ud800" in path.read_text(encoding="utf-8")
    assert result.to_csv(str(path)) == text == result.to_csv()


def unwritable_paths(folder: Path) -> list[Any]:
    (folder / "file").write_text("")
    return [folder, folder / "missing" / "a.csv", folder / "file" / "a.csv", "a\x00b.csv", b"a.csv", 5]


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize("method", ["to_csv", "to_json"])
def test_a_file_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path, number: int, method: str) -> None:
    path = unwritable_paths(tmp_path)[number]
    with pytest.raises(InvalidParameterError, match=r"path: .* cannot be written: "):
        getattr(read_objects(named("a")), method)(path)
    assert list(tmp_path.glob("*")) == [tmp_path / "file"]


# -- many images


@settings(max_examples=25, deadline=None)
@given(
    answers=st.lists(object_answers | instance_answers.map(lambda _: {"image": SIZE, "predictions": []}), max_size=5)
)
def test_the_table_of_many_images_is_their_rows_under_one_line_of_names(answers: list[dict[str, Any]]) -> None:
    file = StringIO(newline="")
    names = [f"folder/é {number}, x.jpg" for number in range(len(answers))]
    with ResultTable(file) as table:
        counts = [table.add(name, answer) for name, answer in zip(names, answers, strict=True)]
    assert counts == [len(answer["predictions"]) for answer in answers]
    lines = list(csv.reader(StringIO(file.getvalue(), newline=""), strict=True))
    assert lines[0] == ["image", *table_columns("object-detection")]
    singles: list[list[str]] = []
    for name, answer in zip(names, answers, strict=True):
        rows = list(csv.reader(StringIO(read_objects(answer).to_csv(), newline="")))[1:]
        singles += [[name, *row] for row in rows]
    assert lines[1:] == singles


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["boxes", "polygons", "key points", "semantic", "classes", "labels"])
def test_real_answers_of_one_task(tmp_path: Path, kind: str, mode: str) -> None:
    answer = real_answers()[kind, mode]
    path = tmp_path / "found.csv"
    with ResultTable(path) as table:
        rows = table.add(Path("a.jpg"), answer) + table.add("b.jpg", answer)
    frame = pd.read_csv(path)
    assert len(frame) == rows
    assert frame["image"].value_counts().to_dict() == {"a.jpg": rows / 2, "b.jpg": rows / 2}
    with path.open(newline="", encoding="utf-8") as file:
        assert [row["class"] for row in csv.DictReader(file)] == frame["class"].tolist()


def test_frames_of_a_video_are_named_by_their_numbers(tmp_path: Path) -> None:
    with ResultTable(tmp_path / "found.csv") as table:
        for number in range(2):
            table.add(number, named("a"))
    assert pd.read_csv(tmp_path / "found.csv")["image"].tolist() == [0, 1]


def test_rows_are_written_as_they_come() -> None:
    file = StringIO(newline="")
    table = ResultTable(file)
    assert file.getvalue() == ""
    table.add("nothing.jpg", {"predictions": []})
    assert file.getvalue() == ""  # it may still be of any task
    table.add("a.jpg", named("a"))
    assert len(file.getvalue().splitlines()) == 2
    table.add("nothing.jpg", {"predictions": []})
    table.add("b.jpg", named("b", "c"))
    assert len(file.getvalue().splitlines()) == 4
    table.close()
    assert not file.closed
    assert len(file.getvalue().splitlines()) == 4


def test_a_named_task_decides_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "found.csv"
    with ResultTable(path, task="instance-segmentation") as table:
        assert table.add("a.jpg", {"predictions": []}) == 0
    assert path.read_text() == ",".join(["image", *table_columns("instance-segmentation")]) + "\n"
    with ResultTable(path):
        pass
    assert path.read_text() == ",".join(["image", *table_columns("object-detection")]) + "\n"
    with pytest.raises(InvalidParameterError, match="task: expected one of"):
        ResultTable(path, task="depth")  # type: ignore[arg-type]  # what the test is about


def test_results_of_another_task_are_refused() -> None:
    file = StringIO(newline="")
    with ResultTable(file) as table:
        table.add("a.jpg", named("a"))
        written = file.getvalue()
        with pytest.raises(
            InvalidParameterError, match=r"expected one of the task object-detection.* of classification"
        ):
            table.add("b.jpg", real_answers()["classes", "v1"])
        with pytest.raises(InvalidParameterError, match="with predictions"):
            table.add("b.jpg", {"visualization": "aGk="})
        with pytest.raises(InvalidResponseError, match=r"predictions\[1\]\.x"):
            table.add("b.jpg", {"predictions": [BOX, {**BOX, "x": "4"}]})
        assert file.getvalue() == written


def test_a_closed_table_takes_no_more(tmp_path: Path) -> None:
    table = ResultTable(tmp_path / "found.csv")
    table.close()
    table.close()
    with pytest.raises(InvalidParameterError, match="closed"):
        table.add("a.jpg", named("a"))


def test_what_was_added_before_an_error_is_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "found.csv"

    def add_and_fail() -> None:
        with ResultTable(path) as table:
            table.add("a.jpg", named("a"))
            raise KeyError

    with pytest.raises(KeyError):
        add_and_fail()
    assert len(path.read_text().splitlines()) == 2


@pytest.mark.parametrize("number", range(6))
def test_a_table_that_cannot_be_opened_is_an_error(tmp_path: Path, number: int) -> None:
    with pytest.raises(InvalidParameterError, match=r"path: .* cannot be written|target: expected a path"):
        ResultTable(unwritable_paths(tmp_path)[number])


@pytest.mark.parametrize("rows", [1, 20_000])
def test_a_full_disk_is_an_error_of_ours(rows: int) -> None:
    full = Path("/dev/full")
    assert stat.S_ISCHR(os.stat(full).st_mode)  # noqa: PTH116
    with (
        pytest.raises(InvalidParameterError, match="'/dev/full' cannot be written: No space left"),
        ResultTable(full) as table,
    ):
        table.add("a.jpg", named(*["a"] * rows))


def test_the_callers_own_file_keeps_its_own_errors() -> None:
    class Broken(StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError("the reader went away")

    table = ResultTable(Broken())
    with pytest.raises(BrokenPipeError):
        table.add("a.jpg", named("a"))
