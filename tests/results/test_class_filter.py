"""Leaving classes out of an answer: what the server's own filter does, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from inference_ext.results.class_filter import keep_classes


def box(name: str, **others: Any) -> dict[str, Any]:
    return {"x": 1, "y": 2, "width": 3, "height": 4, "class": name, **others}


def test_boxes_of_other_classes_are_left_out_in_order() -> None:
    boxes = [box("cat", confidence=0.9), box("dog"), box("cat", points=[])]
    answer = {"time": 0.1, "predictions": boxes}
    assert keep_classes(answer, ("cat",)) == {"time": 0.1, "predictions": [boxes[0], boxes[2]]}
    assert keep_classes(answer, ("bird",)) == {"time": 0.1, "predictions": []}
    assert answer == {"time": 0.1, "predictions": boxes}


def test_a_class_is_its_whole_name() -> None:
    assert keep_classes({"predictions": [box("cat"), box("Cat"), box("cats")]}, ["cat"])["predictions"] == [box("cat")]


@pytest.mark.parametrize("names", [None, (), []])
def test_no_names_keep_everything(names: Any) -> None:
    answer = {"predictions": [box("cat")]}
    assert keep_classes(answer, names) is answer


@pytest.mark.parametrize(
    "answer",
    [
        {"predictions": [{"class": "dog", "confidence": 0.5}], "top": "dog"},
        {"predictions": {"dog": {"confidence": 0.5}}, "predicted_classes": ["dog"]},
        {"predictions": {"segmentation_mask": "..."}},
        {"visualization": "..."},
        {"predictions": []},
    ],
)
def test_what_is_no_box_is_not_filtered(answer: dict[str, Any]) -> None:
    assert keep_classes(answer, ("cat",)) == answer
