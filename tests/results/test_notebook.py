"""How a result shows itself: one line as text, a sketch and a table in a notebook."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_ext.results.typed import (
    read_classification,
    read_instances,
    read_keypoints,
    read_objects,
    read_semantic,
)
from tests.results.samples import ANSWERS, KINDS, MODES, READERS, SIZE, real_answers

PLACE: dict[str, Any] = {"x": 30.0, "y": 20.0, "width": 12.0, "height": 8.0}
BOX: dict[str, Any] = {**PLACE, "confidence": 0.5, "class": "bolt", "class_id": 1}
SCORES = {"anomaly_score": 3.25, "anomaly_threshold": 2, "anomaly_scale": 1}
HOSTILE = '<script>alert("1")</script>&amp;\'"><img src=x onerror=alert(1)>'
SVG = "{http://www.w3.org/2000/svg}"


class Page(HTMLParser):
    """What a browser makes of the HTML: elements, attributes, text; fails on what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.texts: list[str] = []
        self.table: list[list[str]] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self._open.append(tag)
        if tag == "tr":
            self.table.append([])
        elif tag in ("td", "th"):
            self.table[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if {"td", "th"} & set(self._open):
            self.table[-1][-1] += data


KNOWN_TAGS = {
    *("div", "p", "code", "svg", "polygon", "rect", "circle", "title"),
    *("table", "thead", "tbody", "tr", "th", "td", "span"),
}
KNOWN_ATTRIBUTES = {
    *("xmlns", "viewbox", "width", "height", "preserveaspectratio", "style", "x", "y", "cx", "cy", "r", "points"),
    *("fill", "fill-opacity", "stroke", "stroke-width", "vector-effect"),
}


def page_of(result: Any) -> Page:
    page = Page(result._repr_html_())
    assert set(page.tags) <= KNOWN_TAGS
    assert page.attributes <= KNOWN_ATTRIBUTES
    return page


def sketch(result: Any) -> ElementTree.Element:
    """The sketch, which has to be XML."""
    (text,) = re.findall("<svg.*</svg>", result._repr_html_(), re.DOTALL)
    return ElementTree.fromstring(text)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_real_results_are_shown(kind: str, mode: str) -> None:
    result = READERS[kind](real_answers()[kind, mode])
    page = page_of(result)
    assert repr(result) in page.texts
    rows = page.table[1:]
    assert len(rows) == min(20, len(result))
    assert [row[0].removeprefix("■ ") for row in rows] == [one.class_ for one in result][:20]
    shapes = {"boxes": "rect", "polygons": "polygon", "run lengths": "rect", "key points": "circle"}
    if kind in shapes:
        assert page.tags.count(shapes[kind]) == (8 if kind == "key points" else len(result))
    else:
        assert "svg" not in page.tags


def test_the_sketch_has_everything_at_its_place() -> None:
    nose = {"x": 31.0, "y": 19.5, "confidence": 0.9, "class": "nose", "class_id": 0}
    root = sketch(read_keypoints({"image": SIZE, "predictions": [{**BOX, "keypoints": [nose]}]}))
    assert root.get("viewBox") == "0 0 64 48"
    (rectangle,) = root.findall(f"{SVG}rect")
    assert [rectangle.get(name) for name in ("x", "y", "width", "height")] == ["24", "16", "12", "8"]
    assert rectangle.findtext(f"{SVG}title") == "bolt 0.5"
    (circle,) = root.findall(f"{SVG}circle")
    assert (circle.get("cx"), circle.get("cy"), circle.findtext(f"{SVG}title")) == ("31", "19.5", "nose")
    points = [{"x": 1.0, "y": 2.0}, {"x": 3.25, "y": 4.0}, {"x": 5.0, "y": 0.0}]
    root = sketch(read_instances({"image": SIZE, "predictions": [{**BOX, "points": points}]}))
    (polygon,) = root.findall(f"{SVG}polygon")
    assert polygon.get("points") == "1,2 3.25,4 5,0"


@pytest.mark.parametrize(
    "size", [{"width": 4000, "height": 20}, {"width": 3, "height": 3000}, {"width": 1, "height": 1}]
)
def test_the_sketch_has_a_readable_size(size: dict[str, int]) -> None:
    root = sketch(read_objects({"image": size, "predictions": [BOX]}))
    assert 1 <= int(root.get("width", "")) <= 420
    assert 1 <= int(root.get("height", "")) <= 320


def test_texts_of_the_server_stay_texts() -> None:
    point = {"x": 1.0, "y": 2.0, "confidence": 0.5, "class": HOSTILE, "class_id": 0}
    box = {**BOX, "class": HOSTILE, "detection_id": HOSTILE, "parent_id": HOSTILE}
    label = {"class": HOSTILE, "class_id": 0, "confidence": 0.5}
    verdict = {"anomaly_score": HOSTILE, "anomaly_threshold": 1, "anomaly_scale": 1, "is_anomalous": True}
    map_ = {"segmentation_mask": HOSTILE, "confidence_mask": HOSTILE, "class_map": {"1": HOSTILE}}
    results: list[Any] = [
        read_objects({"image": SIZE, "predictions": [box]}),
        read_instances({"image": SIZE, "predictions": [{**box, "points": [point] * 3}]}),
        read_keypoints({"image": SIZE, "predictions": [{**box, "keypoints": [point]}]}),
        read_classification({"image": SIZE, "predictions": [label], "top": HOSTILE, "confidence": 0.5}),
        read_classification(
            {"image": SIZE, "predictions": {HOSTILE: label}, "predicted_classes": [HOSTILE], "visualization": HOSTILE}
        ),
        read_classification({"image": SIZE, "predictions": [label], "top": HOSTILE, **verdict}),
        read_semantic({"image": SIZE, "predictions": map_}),
        read_objects({"image": {"width": HOSTILE, "height": HOSTILE}, "predictions": [box]}),
        read_objects({"image": SIZE, "predictions": [{**box, "x": HOSTILE, "confidence": HOSTILE}]}),
    ]
    for result in results:
        page = page_of(result)  # only known elements and attributes
        assert "<script" not in result._repr_html_()
        assert any("<script>" in text or "(str)" in text for text in page.texts)


@pytest.mark.parametrize("kind", ANSWERS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_result_is_shown(kind: str, data: st.DataObject) -> None:
    strategy, read = ANSWERS[kind]
    result = read(data.draw(strategy))
    page = page_of(result)
    assert len(page.table[1:]) == min(20, len(result))
    if "svg" in page.tags:
        sketch(result)


WRONG: list[Any] = [None, "a", [], {}, True, float("nan"), float("inf"), -1e308, 10**400, [[["deep"]]], 5]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("name", [*BOX, "tracker_id"])
def test_values_of_wrong_kinds_are_shown_or_said_to_be_wrong(name: str, wrong: Any) -> None:
    point = {"x": wrong, "y": wrong, "confidence": wrong, "class": wrong, "class_id": wrong}
    for result in (
        read_objects({"image": SIZE, "predictions": [BOX, {**BOX, name: wrong}]}),
        read_instances({"image": SIZE, "predictions": [{**BOX, name: wrong, "points": [point] * 4}]}),
        read_keypoints({"image": SIZE, "predictions": [{**BOX, name: wrong, "keypoints": [point]}]}),
        read_objects({"image": {"width": wrong, "height": 5}, "predictions": [BOX]}),
    ):
        page_of(result)
        assert len(repr(result)) < 400


def test_a_box_without_a_place_is_not_sketched_but_listed() -> None:
    result = read_objects({"image": SIZE, "predictions": [{**BOX, "x": float("nan")}, BOX]})
    assert len(sketch(result).findall(f"{SVG}rect")) == 1
    assert [row[3] for row in page_of(result).table[1:]] == ["nan", "30"]


def test_large_results_are_shown_in_part_and_soon() -> None:
    points = [{"x": float(at % 64), "y": float(at % 48)} for at in range(1_000)]
    instance = {**BOX, "class": "long name " * 10_000, "points": points}
    result = read_instances({"image": SIZE, "predictions": [instance] * 400})
    result.predictions = result.predictions * 500
    began = time.monotonic()
    text = result._repr_html_()
    assert time.monotonic() - began < 60
    page = page_of(result)
    assert len(text) < 2_000_000
    assert len(page.table) == 21
    assert page.tags.count("polygon") == 300
    assert {"Only the first 20 are shown.", "Only the first 300 are sketched."} <= set(page.texts)


# -- the line


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (
            read_objects({"image": SIZE, "predictions": [{**BOX, "class": name} for name in ("car", "bus", "car")]}),
            "<ObjectDetectionResult: 3 predictions (2 car, 1 bus) in 64x48>",
        ),
        (read_objects({"image": SIZE, "predictions": []}), "<ObjectDetectionResult: 0 predictions in 64x48>"),
        (
            read_instances({"image": SIZE, "predictions": [{**BOX, "points": []}]}),
            "<InstanceSegmentationResult: 1 prediction (1 bolt) in 64x48>",
        ),
        (
            read_objects({"image": SIZE, "predictions": [{**BOX, "class": name} for name in "abcdefg"]}),
            "<ObjectDetectionResult: 7 predictions (1 a, 1 b, 1 c, 1 d, 1 e, …) in 64x48>",
        ),
        (
            read_classification(
                {
                    "image": SIZE,
                    "predictions": [{"class": "cat", "class_id": 0, "confidence": 0.75}],
                    "top": "cat",
                    "confidence": 0.75,
                }
            ),
            "<ClassificationResult: 1 class, the best cat 0.75 in 64x48>",
        ),
        (
            read_classification({"image": SIZE, "predictions": [], "top": "", "confidence": 0.0}),
            "<ClassificationResult: 0 classes in 64x48>",
        ),
        (
            read_classification({"image": SIZE, "predictions": {}, "predicted_classes": []}),
            "<MultiLabelClassificationResult: none of 0 classes in 64x48>",
        ),
        (
            read_semantic(
                {
                    "image": SIZE,
                    "predictions": {
                        "segmentation_mask": "",
                        "confidence_mask": "",
                        "class_map": {"0": "sky", "1": "sea"},
                    },
                }
            ),
            "<SemanticSegmentationResult: classes sky, sea in 64x48>",
        ),
        (
            read_classification({**SCORES, "image": SIZE, "predictions": [], "is_anomalous": False}),
            "<AnomalyDetectionResult: normal, score 3.25, threshold 2 in 64x48>",
        ),
    ],
)
def test_the_line(result: Any, line: str) -> None:
    assert repr(result) == str(result) == f"{result}" == line


def test_the_line_is_one_line_and_short_whatever_the_classes_are_called() -> None:
    long = {**BOX, "class": "a\nb\x1b[31m" + "x" * 1_000_000}
    line = repr(read_objects({"image": SIZE, "predictions": [long]}))
    assert line.isprintable()
    assert len(line) < 120
    assert r"a\nb\x1b[31mxxx" in line
