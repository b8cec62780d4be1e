"""Filtering gives a new result with some of the predictions, and leaves the one it was asked of alone."""

from __future__ import annotations

import copy
from collections.abc import Collection
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_ext import InvalidParameterError, InvalidResponseError
from inference_ext.results.encoded_masks import decode_mask_png, encode_mask_png
from inference_ext.results.typed import (
    ObjectDetectionResult,
    read_classification,
    read_instances,
    read_objects,
    read_semantic,
)
from tests.results.samples import ANSWERS, CLASSES, SIZE, images, real_answers

BOX = {"x": 4.0, "y": 3.0, "width": 2.0, "height": 1.0, "confidence": 0.5, "class": "bolt", "class_id": 1}
LISTED = ("boxes", "instances", "key points", "classes", "labels", "anomalies")
listed = pytest.mark.parametrize("kind", LISTED)
filterable = pytest.mark.parametrize("kind", [*LISTED, "semantic"])
class_sets = st.sets(st.sampled_from([*CLASSES, "normal", "nothing is called this"]))
limits = st.none() | st.floats(0, 1)


def boxes(*predictions: Any, **more: Any) -> ObjectDetectionResult:
    return read_objects({"image": SIZE, "predictions": [{**BOX, **one} for one in predictions], **more})


@listed
@settings(max_examples=30, deadline=None)
@given(data=st.data(), classes=st.none() | class_sets, limit=limits)
def test_what_is_kept_is_exactly_what_was_asked_for_in_order(
    kind: str, data: st.DataObject, classes: set[str] | None, limit: float | None
) -> None:
    strategy, read = ANSWERS[kind]
    result = read(data.draw(strategy))
    before = copy.deepcopy(result)
    kept = result.filter(classes=classes, min_confidence=limit)
    wanted = [
        one
        for one in result
        if (classes is None or one.class_ in classes) and (limit is None or one.confidence >= limit)
    ]
    assert type(kept) is type(result)
    assert list(kept) == wanted
    assert result == before


@filterable
@settings(max_examples=25, deadline=None)
@given(data=st.data(), classes=class_sets, limit=limits)
def test_filtering_twice_is_filtering_once(
    kind: str, data: st.DataObject, classes: set[str], limit: float | None
) -> None:
    strategy, read = ANSWERS[kind]
    result = read(data.draw(strategy))
    once = result.filter(classes=classes, min_confidence=limit)
    assert once.filter(classes=classes, min_confidence=limit) == once
    assert result.filter(classes=classes).filter(min_confidence=limit).to_rows() == once.to_rows()


@filterable
@settings(max_examples=25, deadline=None)
@given(data=st.data(), classes=class_sets)
def test_a_filter_and_its_complement_share_all_predictions(kind: str, data: st.DataObject, classes: set[str]) -> None:
    strategy, read = ANSWERS[kind]
    result = read(data.draw(strategy))
    others = {one.class_ for one in result} - classes
    kept, left = result.filter(classes=classes), result.filter(classes=others)
    assert len(kept) + len(left) == len(result)
    assert {one.class_ for one in kept} | {one.class_ for one in left} == {one.class_ for one in result}


@filterable
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_without_criteria_the_new_result_is_equal_and_no_part_of_the_old_one(kind: str, data: st.DataObject) -> None:
    strategy, read = ANSWERS[kind]
    result = read(data.draw(strategy))
    same = result.filter()
    assert same == result
    assert same is not result
    same["note"] = 1
    assert "note" not in result
    if kind in ("labels", "boxes", "classes"):
        same.predictions.clear()
        assert result.filter() == read(result.to_dict())


@listed
@settings(max_examples=25, deadline=None)
@given(data=st.data(), classes=class_sets)
def test_all_else_is_kept_but_the_servers_picture_of_all_predictions(
    kind: str, data: st.DataObject, classes: set[str]
) -> None:
    strategy, read = ANSWERS[kind]
    answer = {**data.draw(strategy), "visualization": "aGk="}
    result = read(answer)
    kept = result.filter(classes=classes)
    changing = {"predictions", "visualization", "predicted_classes"}
    if kind == "classes":
        changing |= {"top", "confidence"}
    assert {name: kept.to_dict()[name] for name in answer.keys() - changing} == {
        name: answer[name] for name in answer.keys() - changing
    }
    assert ("visualization" in kept.to_dict()) == (len(kept) == len(result))


def test_the_smallest_box_to_keep() -> None:
    result = boxes({"width": 2.0, "height": 3.0}, {"width": 0.0, "height": 9.0}, {"width": 10.0, "height": 10.0})
    assert list(result.filter(min_area=6)) == [result[0], result[2]]
    assert list(result.filter(min_area=6.5, classes="bolt", min_confidence=0.5)) == [result[2]]
    assert list(result.filter(min_area=0)) == list(result)


def test_one_class_or_any_collection_of_classes() -> None:
    result = boxes({"class": "a"}, {"class": "b"}, {"class": "ab"})
    every: list[tuple[str | Collection[str], list[str]]] = [
        ("a", ["a"]),
        ("ab", ["ab"]),
        (["a", "b"], ["a", "b"]),
        (("b",), ["b"]),
        ({"ab"}, ["ab"]),
        (frozenset(), []),
        (dict.fromkeys(["a"]).keys(), ["a"]),
        (np.array(["a", "ab"]), ["a", "ab"]),
        ("nothing is called this", []),
    ]
    for classes, expected in every:
        assert [one.class_ for one in result.filter(classes=classes)] == expected


def test_a_confidence_that_is_no_number_is_below_every_limit() -> None:
    result = boxes({"confidence": float("nan")}, {"confidence": 1.0})
    assert len(result.filter()) == 2
    assert list(result.filter(min_confidence=0)) == [result[1]]


@pytest.mark.parametrize("classes", ["", [""], ["a", ""], 7, [7], ["a", None], b"a", [b"a"], {"a": 1}, 1.5, object()])
@pytest.mark.parametrize("kind", ["boxes", "classes", "labels", "semantic"])
def test_what_is_no_class_name_is_refused(kind: str, classes: Any) -> None:
    result = {
        "boxes": boxes(BOX),
        "classes": read_classification(real_answers()["classes", "v1"]),
        "labels": read_classification(real_answers()["labels", "v1"]),
        "semantic": read_semantic(real_answers()["semantic", "v1"]),
    }[kind]
    with pytest.raises(InvalidParameterError, match="classes: expected"):
        result.filter(classes=classes)


@pytest.mark.parametrize("limit", [-0.1, 1.1, 50, float("nan"), float("inf"), "0.5", True, [0.5], 1j])
def test_a_confidence_out_of_range_is_refused(limit: Any) -> None:
    with pytest.raises(InvalidParameterError, match="min_confidence: expected a number from 0 to 1"):
        boxes(BOX).filter(min_confidence=limit)


@pytest.mark.parametrize("area", [-1, float("nan"), float("inf"), "9", True, [9]])
def test_an_area_out_of_range_is_refused(area: Any) -> None:
    with pytest.raises(InvalidParameterError, match="min_area: expected a number of square pixels"):
        boxes(BOX).filter(min_area=area)


def test_the_numbers_of_numpy_are_numbers() -> None:
    result = boxes({"confidence": 0.25}, {"confidence": 0.75})
    assert list(result.filter(min_confidence=np.float32(0.5))) == [result[1]]
    assert list(result.filter(min_area=np.int64(1))) == list(result)


def test_what_cannot_be_compared_is_an_error_of_the_answer() -> None:
    result = boxes({"confidence": "high"})
    with pytest.raises(InvalidResponseError, match="cannot be filtered"):
        result.filter(min_confidence=0.5)
    with pytest.raises(InvalidResponseError, match="cannot be filtered"):
        boxes({"class": ["a"]}).filter(classes="a")
    with pytest.raises(InvalidResponseError, match="cannot be filtered"):
        boxes({"width": "wide"}).filter(min_area=1)


def test_the_best_class_that_is_left_leads() -> None:
    predictions = [
        {"class": "a", "class_id": 0, "confidence": 0.7},
        {"class": "b", "class_id": 1, "confidence": 0.2},
        {"class": "c", "class_id": 2, "confidence": 0.1},
    ]
    result = read_classification({"image": SIZE, "predictions": predictions, "top": "a", "confidence": 0.7})
    assert (result.filter(classes={"b", "c"}).top, result.filter(classes={"b", "c"}).confidence) == ("b", 0.2)
    nothing = result.filter(min_confidence=0.9)
    assert (nothing.top, nothing.confidence, len(nothing)) == ("", 0.0, 0)
    assert (result.top, result.confidence) == ("a", 0.7)


def test_a_class_without_a_score_can_be_filtered_by_name() -> None:
    predictions = [{"class": name, "class_id": 0, "confidence": None} for name in ("a", "b", "b")]
    result = read_classification({"image": SIZE, "predictions": predictions, "top": "a", "confidence": None})
    assert result.filter(classes="b").top == "b"
    with pytest.raises(InvalidResponseError, match="cannot be filtered"):
        result.filter(min_confidence=0.5)


@pytest.mark.parametrize("predicted", [None, "a", ["a", []], [1]])
def test_predicted_classes_that_are_no_names_are_an_error_of_the_answer(predicted: Any) -> None:
    predictions = {"a": {"class_id": 0, "confidence": 0.5}}
    result = read_classification({"image": SIZE, "predictions": predictions, "predicted_classes": predicted})
    for use in (list, lambda it: it.filter(classes="a"), lambda it: it[0]):
        with pytest.raises(InvalidResponseError, match="no list of names"):
            use(result)


def test_predicted_classes_are_those_left() -> None:
    scores = {name: {"class_id": at, "confidence": at / 4} for at, name in enumerate("abcd")}
    result = read_classification({"image": SIZE, "predictions": scores, "predicted_classes": ["c", "d"]})
    assert result.filter(classes=["a", "d"]).predicted_classes == ["d"]
    assert result.filter(min_confidence=0.5).predicted_classes == ["c", "d"]
    assert result.predicted_classes == ["c", "d"]


# -- semantic masks


@settings(max_examples=25, deadline=None)
@given(answer=ANSWERS["semantic"][0], classes=st.none() | st.sets(st.sampled_from(["cat", "dog", "4"])), limit=limits)
def test_pixels_of_other_classes_and_less_sure_ones_become_background(
    answer: dict[str, Any], classes: set[str] | None, limit: float | None
) -> None:
    result = read_semantic(answer)
    kept = result.filter(classes=classes, min_confidence=limit)
    ids, names = result.class_ids(), answer["predictions"]["class_map"]
    sure = decode_mask_png(answer["predictions"]["confidence_mask"]) / 255 >= (limit or 0)
    wanted = [value for value in range(5) if classes is None or names.get(str(value), str(value)) in classes]
    assert np.array_equal(kept.class_ids(), np.where(np.isin(ids, wanted) & sure, ids, 0))
    assert result.to_dict() == answer
    assert kept.predictions.class_map == names
    assert kept.predictions.confidence_mask == answer["predictions"]["confidence_mask"]
    if "present_class_ids" in answer["predictions"]:
        assert kept.predictions.present_class_ids == np.unique(kept.class_ids()).tolist()
    else:
        assert "present_class_ids" not in kept.to_dict()["predictions"]


def test_without_confidences_there_is_nothing_to_filter_by() -> None:
    predictions = {
        "segmentation_mask": encode_mask_png(np.ones((2, 3), np.uint8)),
        "confidence_mask": "",
        "class_map": {"1": "a"},
    }
    result = read_semantic({"image": {"width": 3, "height": 2}, "predictions": predictions})
    assert [region.confidence for region in result] == [None]
    assert len(result.filter(classes="a")) == 1
    with pytest.raises(InvalidResponseError, match="min_confidence: the result has no confidence_mask"):
        result.filter(min_confidence=0.1)


def test_a_filtered_result_of_a_real_photograph_can_be_drawn_and_counted() -> None:
    result = read_instances(real_answers()["polygons", "v0"])
    large = result.filter(min_area=2000)
    assert 0 < len(large) < len(result)
    drawn = large.annotate(images()["polygons"])
    assert (drawn != images()["polygons"]).any()
    assert (
        large.filter(classes="no such class").annotate(images()["polygons"]).tolist() == images()["polygons"].tolist()
    )
