"""A typed result is a sequence of its predictions, and stays one when it is copied, pickled and compared."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_ext import LabelScore, SemanticRegion
from inference_ext.results.typed import read_classification, read_objects, read_semantic
from tests.results.samples import ANSWERS, KINDS, MODES, READERS, SIZE, real_answers

BOX = {"x": 4.0, "y": 3.0, "width": 2.0, "height": 1.0, "confidence": 0.5, "class": "bolt", "class_id": 1}
kinds = pytest.mark.parametrize("kind", ANSWERS)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_real_results_are_sequences(kind: str, mode: str) -> None:
    result = READERS[kind](real_answers()[kind, mode])
    every = list(result)
    assert len(result) == len(every) == len(result.to_rows())
    assert bool(result) == bool(every) == (not kind.startswith("no "))
    assert [one.class_ for one in result] == [row["class"] for row in result.to_rows()]
    if kind in ("boxes", "polygons", "run lengths", "key points", "classes"):
        assert all(one is other for one, other in zip(result, result.predictions, strict=True))


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["classes", "labels"])
def test_every_kind_of_classification_says_what_the_image_shows(kind: str, mode: str) -> None:
    answer = real_answers()[kind, mode]
    shown = [answer["top"]] if "top" in answer else answer["predicted_classes"]
    result = read_classification(answer)
    assert shown
    assert result.predicted_classes == shown
    assert result.filter(classes="none of them").predicted_classes == []


@kinds
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_they_count_index_and_slice_like_a_list(kind: str, data: st.DataObject) -> None:
    strategy, read = ANSWERS[kind]
    result = read(data.draw(strategy))
    names = [one.class_ for one in result]
    assert len(result) == len(names)
    assert bool(result) == bool(names)
    index = data.draw(st.integers(-len(names) - 1, len(names)))
    if -len(names) <= index < len(names):
        assert result[index].class_ == names[index]
    else:
        with pytest.raises(IndexError):
            result[index]
    part = data.draw(st.slices(len(names))) if names else slice(None)
    assert [one.class_ for one in result[part]] == names[part]
    assert [one.class_ for one in reversed(result)] == names[::-1]


@kinds
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_they_are_equal_after_pickling_and_copying(kind: str, data: st.DataObject) -> None:
    strategy, read = ANSWERS[kind]
    answer = data.draw(strategy)
    result = read(answer)
    for twin in (pickle.loads(pickle.dumps(result)), copy.copy(result), copy.deepcopy(result), read(answer)):
        assert type(twin) is type(result)
        assert twin == result
        assert twin.to_dict() == answer
    assert result != read({**answer, "image": {"width": 1, "height": 1}})


@kinds
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_unknown_fields_are_still_found_by_their_names(kind: str, data: st.DataObject) -> None:
    strategy, read = ANSWERS[kind]
    result = read({**data.draw(strategy), "note": 7})
    assert result["note"] == 7
    assert "note" in result
    assert "predictions" not in result
    with pytest.raises(KeyError):
        result["predictions"]
    result["note"] = 8
    del result["note"]
    assert "note" not in result.additional_keys


def test_a_prediction_is_in_its_result() -> None:
    result = read_objects({"image": SIZE, "predictions": [BOX, {**BOX, "x": 9.0}]})
    other = read_objects({"image": SIZE, "predictions": [{**BOX, "x": 1.0}]})
    assert result[1] in result
    assert other[0] not in result
    labels = read_classification(
        {"image": SIZE, "predictions": {"a": {"class_id": 0, "confidence": 0.5}}, "predicted_classes": ["a"]}
    )
    assert LabelScore(class_="a", class_id=0, confidence=0.5, is_predicted=True) in labels
    assert LabelScore(class_="a", class_id=0, confidence=0.5, is_predicted=False) not in labels


def test_labels_have_their_names_and_say_whether_they_were_predicted() -> None:
    predictions = {"a": {"class_id": 0, "confidence": 0.5}, "b": {"class_id": 3, "confidence": 0.25}}
    result = read_classification({"image": SIZE, "predictions": predictions, "predicted_classes": ["b"]})
    assert list(result) == [
        LabelScore(class_="a", class_id=0, confidence=0.5, is_predicted=False),
        LabelScore(class_="b", class_id=3, confidence=0.25, is_predicted=True),
    ]


def test_the_regions_of_a_semantic_mask_are_its_classes_without_the_background() -> None:
    answer = real_answers()["semantic", "v1"]
    result = read_semantic(answer)
    (region,) = result
    assert isinstance(region, SemanticRegion)
    assert (region.class_, region.class_id) == ("foreground", 1)
    assert np.array_equal(region.mask, result.class_ids() == 1)
    assert region.pixel_count == np.count_nonzero(region.mask)
    assert region.share == region.pixel_count / region.mask.size
    assert region.confidence is not None
    assert 0.5 < region.confidence <= 1


@settings(max_examples=25, deadline=None)
@given(answer=ANSWERS["semantic"][0])
def test_regions_cover_every_pixel_that_is_no_background_once(answer: dict[str, Any]) -> None:
    result = read_semantic(answer)
    ids = result.class_ids()
    covered = sum((region.mask.astype(int) for region in result), np.zeros(ids.shape, int))
    assert np.array_equal(covered, ids != 0)
    assert [region.class_id for region in result] == [value for value in np.unique(ids).tolist() if value]
    names = answer["predictions"]["class_map"]
    assert [region.class_ for region in result] == [names.get(str(one.class_id), str(one.class_id)) for one in result]
