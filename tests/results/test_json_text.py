"""JSON of a typed result reads back as an equal result."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_ext import InvalidParameterError
from inference_ext.results.typed import read_objects
from tests.results.samples import ANSWERS, KINDS, MODES, READERS, SIZE, real_answers

BOX = {"x": 30.0, "y": 20.0, "width": 12.0, "height": 8.0, "confidence": 0.5, "class": "bolt", "class_id": 1}


def result(**more: Any) -> Any:
    return read_objects({"image": SIZE, "predictions": [{**BOX, **more}]})


@pytest.mark.parametrize("kind", ANSWERS)
@settings(max_examples=25, deadline=None)
@given(data=st.data(), indent=st.none() | st.integers(0, 4))
def test_any_result_comes_back(kind: str, data: st.DataObject, indent: int | None) -> None:
    strategy, read = ANSWERS[kind]
    answer = data.draw(strategy)
    written = read(answer)
    text = written.to_json(indent=indent)
    assert type(written).from_dict(json.loads(text)) == written
    assert orjson.loads(text) == json.loads(text) == answer
    assert ("\n" in text) == (indent is not None)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_real_results_come_back_from_a_file(tmp_path: Path, kind: str, mode: str) -> None:
    written = READERS[kind](real_answers()[kind, mode])
    path = tmp_path / "result.json"
    text = written.to_json(path)
    assert path.read_text(encoding="utf-8") == text
    assert type(written).from_dict(json.loads(path.read_bytes())) == written


def test_names_can_be_read_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    result(**{"class": "犬"}).to_json(path)
    assert "犬" in path.read_text(encoding="utf-8")


def test_half_of_a_surrogate_pair_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "result.json"
    written = result(**{"class": "half \ud800"})
    written.to_json(path)
    assert type(written).from_dict(json.loads(path.read_bytes())) == written


def test_numbers_that_are_none_come_back_as_such() -> None:
    text = result(x=float("nan"), y=-float("inf")).to_json()
    (read,) = read_objects(json.loads(text))
    assert math.isnan(read.x)
    assert read.y == -math.inf


@pytest.mark.parametrize("value", [object(), b"bytes", {1, 2}])
def test_what_json_has_no_form_for_is_an_error(value: Any) -> None:
    with pytest.raises(InvalidParameterError, match="cannot be written as JSON"):
        result(note=value).to_json()
