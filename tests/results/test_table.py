"""Rows and columns of every task, from dictionaries and typed results alike."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_ext import EncodingError, HTTPClientError, InvalidParameterError, InvalidResponseError
from inference_ext.results.table import table_columns, table_rows, table_task
from inference_ext.results.typed import read_classification, read_objects
from tests.results.samples import ANSWERS, KINDS, MODES, READERS, SIZE, real_answers

BOX = {"x": 30.0, "y": 20.0, "width": 12.0, "height": 8.0, "confidence": 0.5, "class": "bolt", "class_id": 1}
TASKS = {
    "boxes": "object-detection",
    "instances": "instance-segmentation",
    "key points": "keypoint-detection",
    "classes": "classification",
    "labels": "multi-label-classification",
    "anomalies": "anomaly-detection",
    "semantic": "semantic-segmentation",
}
BOX_COLUMNS = (
    *("class", "class_id", "confidence", "x", "y", "width", "height", "x_min", "y_min", "x_max", "y_max"),
    *("class_confidence", "tracker_id", "detection_id", "parent_id"),
)
COLUMNS = {
    "boxes": BOX_COLUMNS,
    "instances": (*BOX_COLUMNS, "points", "rle"),
    "key points": (*BOX_COLUMNS, "keypoints"),
    "classes": ("class", "class_id", "confidence"),
    "labels": ("class", "class_id", "confidence", "is_predicted"),
    "anomalies": ("class", "class_id", "confidence", "anomaly_score", "anomaly_threshold", "is_anomalous"),
    "semantic": ("class", "class_id", "confidence", "pixel_count", "share"),
}
#: What a column holds in a data frame.
DTYPES = {
    **dict.fromkeys(("class", "detection_id", "parent_id", "points", "rle", "keypoints"), "string"),
    **dict.fromkeys(("class_id", "tracker_id", "pixel_count"), "Int64"),
    **dict.fromkeys(("is_predicted", "is_anomalous"), "boolean"),
}
kinds = pytest.mark.parametrize("kind", ANSWERS)


@kinds
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_dictionary_and_its_typed_result_give_the_same_rows(kind: str, data: st.DataObject) -> None:
    strategy, read = ANSWERS[kind]
    answer = data.draw(strategy)
    result = read(answer)
    rows = table_rows(answer)
    assert rows == result.to_rows() == table_rows(result)
    assert len(rows) == len(result)
    assert [row["class"] for row in rows] == [one.class_ for one in result]
    assert [row["confidence"] for row in rows] == [one.confidence for one in result]
    assert all(tuple(row) == COLUMNS[kind] for row in rows)
    assert result.task == TASKS[kind]
    assert table_task(answer) in (TASKS[kind], None)
    assert table_columns(result.task) == COLUMNS[kind]


@kinds
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_data_frame_holds_the_rows_in_columns_of_fixed_types(kind: str, data: st.DataObject) -> None:
    strategy, read = ANSWERS[kind]
    result = read(data.draw(strategy))
    frame = result.to_pandas()
    assert tuple(frame.columns) == COLUMNS[kind]
    assert {name: str(kept) for name, kept in frame.dtypes.items()} == {
        name: DTYPES.get(name, "float64") for name in COLUMNS[kind]
    }
    assert list(frame.index) == list(range(len(result)))
    values = frame.astype(object).where(frame.notna(), None).to_dict("records")
    assert values == result.to_rows()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_rows_of_real_answers(kind: str, mode: str) -> None:
    answer = real_answers()[kind, mode]
    rows = table_rows(answer)
    assert rows == READERS[kind](answer).to_rows()
    assert bool(rows) == (not kind.startswith("no "))
    for row in rows:
        assert 0 < row["confidence"] <= 1
        if "x_min" in row:
            assert row["x_min"] + row["width"] == row["x_max"]
            assert row["x_min"] + row["width"] / 2 == row["x"]
            assert len(row["detection_id"]) == 36
    if kind == "semantic":
        (row,) = rows
        assert row["share"] == row["pixel_count"] / (answer["image"]["width"] * answer["image"]["height"])
    if kind in ("polygons", "run lengths"):
        field = "points" if kind == "polygons" else "rle"
        assert [json.loads(row[field]) for row in rows] == [one[field] for one in answer["predictions"]]


def test_a_frame_can_be_worked_with() -> None:
    first = read_objects({"image": SIZE, "predictions": [BOX, {**BOX, "class": "nut", "class_id": 2}]}).to_pandas()
    nothing = read_objects({"image": SIZE, "predictions": []}).to_pandas()
    both = pd.concat([first, nothing], ignore_index=True)
    assert both.dtypes.to_dict() == first.dtypes.to_dict()
    assert both[both["class_id"] == 2]["class"].tolist() == ["nut"]
    assert both.groupby("class")["confidence"].mean().to_dict() == {"bolt": 0.5, "nut": 0.5}
    assert both["tracker_id"].isna().all()


def test_where_nothing_was_found_the_task_cannot_be_told() -> None:
    assert table_task({"image": SIZE, "predictions": []}) is None
    assert table_rows({"image": SIZE, "predictions": []}) == []
    assert table_task({"image": SIZE, "predictions": [], "top": "", "confidence": 0.0}) == "classification"
    assert table_task({"predictions": [{"class": "a", "confidence": 0.5}]}) == "classification"


def test_what_the_answer_does_not_say_is_none() -> None:
    (row,) = table_rows({"predictions": [{"x": 5, "y": 6, "class": "a"}]})
    assert {name: value for name, value in row.items() if value is not None} == {"x": 5, "y": 6, "class": "a"}
    (row,) = table_rows({"predictions": [{"x": 5, "width": 4, "y": None, "height": 4, "class": None}]})
    assert (row["x_min"], row["x_max"], row["y_min"], row["class"]) == (3, 7, None, None)
    (row,) = table_rows({"predictions": {"a": {"confidence": 0.5}}})
    assert row == {"class": "a", "class_id": None, "confidence": 0.5, "is_predicted": False}


def test_a_whole_number_with_a_point_is_a_whole_number() -> None:
    (row,) = table_rows({"predictions": [{**BOX, "class_id": 3.0}]})
    assert row["class_id"] == 3
    assert type(row["class_id"]) is int


SPOILED: list[tuple[dict[str, Any], str]] = [
    ({"x": "4"}, "x: expected a number"),
    ({"confidence": True}, "confidence: expected a number"),
    ({"class": 5}, "class: expected text"),
    ({"class_id": 1.5}, "class_id: expected a whole number"),
    ({"class_id": "1"}, "class_id: expected a whole number"),
    ({"detection_id": 7}, "detection_id: expected text"),
    ({"points": "no"}, "points: expected a list or an object"),
]


@pytest.mark.parametrize(("spoiled", "message"), SPOILED)
def test_a_value_of_another_kind_is_an_error_that_says_where(spoiled: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidResponseError, match=rf"predictions\[1\]\.{message}"):
        table_rows({"predictions": [{**BOX, "points": []}, {**BOX, **spoiled}]})


@pytest.mark.parametrize(
    ("result", "error"),
    [
        ({"visualization": "aGk="}, InvalidParameterError),
        ({}, InvalidParameterError),
        ({"predictions": 5}, InvalidParameterError),
        ({"predictions": [5]}, InvalidResponseError),
        ({"predictions": {"a": 5}}, InvalidResponseError),
        ({"predictions": [None], "anomaly_score": 1}, InvalidResponseError),
        ({"predictions": {"segmentation_mask": "?", "class_map": {}}}, EncodingError),
        ({"predictions": {"segmentation_mask": None, "class_map": {}}}, EncodingError),
        ([{"predictions": []}], InvalidParameterError),
        (None, InvalidParameterError),
        ("text", InvalidParameterError),
    ],
)
def test_what_is_no_result_is_an_error(result: Any, error: type[HTTPClientError]) -> None:
    with pytest.raises(error):
        table_rows(result)


def test_there_is_no_other_task() -> None:
    with pytest.raises(InvalidParameterError, match=r"task: expected one of object-detection, .*; got 'depth'"):
        table_columns("depth")  # type: ignore[arg-type]  # what the test is about


def test_a_number_that_does_not_fit_into_a_frame_is_an_error() -> None:
    result = read_objects({"image": SIZE, "predictions": [{**BOX, "class_id": 2**70}]})
    assert result.to_rows()[0]["class_id"] == 2**70
    with pytest.raises(InvalidResponseError, match="does not fit into a data frame"):
        result.to_pandas()


def test_scores_of_an_anomaly_stand_in_every_row() -> None:
    predictions = [{"class": name, "class_id": at, "confidence": 0.5} for at, name in enumerate(("normal", "odd"))]
    verdict = {"anomaly_score": 3.0, "anomaly_threshold": 2.0, "anomaly_scale": 1.0, "is_anomalous": True}
    result = read_classification({"image": SIZE, "predictions": predictions, "top": "odd", **verdict})
    assert [(row["class"], row["anomaly_score"], row["is_anomalous"]) for row in result.to_rows()] == [
        ("normal", 3.0, True),
        ("odd", 3.0, True),
    ]
