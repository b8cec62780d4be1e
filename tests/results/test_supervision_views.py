"""What `to_supervision` gives equals what supervision itself reads from the same answer."""

from __future__ import annotations

import base64
from copy import deepcopy
from typing import Any

import cv2
import numpy as np
import pytest
import supervision as sv
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_ext import InvalidResponseError
from inference_ext.results.rle import decode_rle, encode_rle
from inference_ext.results.typed import (
    read_classification,
    read_instances,
    read_keypoints,
    read_objects,
    read_semantic,
)
from tests.results.samples import (
    ANSWERS,
    HEIGHT,
    MODES,
    READERS,
    SIZE,
    WIDTH,
    instance_answers,
    key_point_answers,
    object_answers,
    real_answers,
)

BOX = {"x": 30.0, "y": 20.0, "width": 12.0, "height": 8.0, "confidence": 0.5, "class": "bolt", "class_id": 1}
TRIANGLE = [{"x": 25.4, "y": 16.6}, {"x": 36.5, "y": 16.4}, {"x": 30.0, "y": 24.0}]
DETECTIONS = ("boxes", "no boxes", "polygons", "run lengths")
modes = pytest.mark.parametrize("mode", MODES)


def assert_same(ours: sv.Detections, theirs: sv.Detections) -> None:
    assert ours == theirs
    for name in ("xyxy", "confidence", "class_id", "mask", "tracker_id"):
        one, other = getattr(ours, name), getattr(theirs, name)
        assert (one is None) == (other is None), name
        if one is not None:
            assert one.shape == other.shape, name
            assert one.dtype == other.dtype, name
            assert np.array_equal(one, other), name
    assert ours.data.keys() == theirs.data.keys() == {"class_name"}
    assert np.array_equal(np.asarray(ours.data["class_name"]), np.asarray(theirs.data["class_name"]))


@modes
@pytest.mark.parametrize("kind", DETECTIONS)
def test_real_detections_are_those_of_supervision(kind: str, mode: str) -> None:
    answer = real_answers()[kind, mode]
    result = READERS[kind](answer)
    ours = result.to_supervision()
    assert_same(ours, sv.Detections.from_inference(answer))
    assert_same(ours, sv.Detections.from_inference(result))
    assert len(ours) == len(result)
    assert ours.xyxy.shape == (len(result), 4)
    if kind in ("polygons", "run lengths"):
        assert ours.mask is not None
        assert ours.mask.shape == (24, answer["image"]["height"], answer["image"]["width"])
        assert all(mask.any() for mask in ours.mask)


@modes
def test_polygons_and_run_lengths_of_one_photograph_show_the_same(mode: str) -> None:
    polygons = read_instances(real_answers()["polygons", mode]).to_supervision()
    run_lengths = read_instances(real_answers()["run lengths", mode]).to_supervision()
    assert polygons.mask is not None
    assert run_lengths.mask is not None
    for one, other in zip(np.asarray(polygons.mask), np.asarray(run_lengths.mask), strict=True):
        assert np.count_nonzero(one & other) / np.count_nonzero(one | other) > 0.9


@modes
@pytest.mark.parametrize("kind", ["key points", "no key points"])
def test_real_key_points_are_those_of_supervision(kind: str, mode: str) -> None:
    answer = real_answers()[kind, mode]
    result = read_keypoints(answer)
    ours = result.to_supervision()
    assert ours == sv.KeyPoints.from_inference(answer)
    assert ours == sv.KeyPoints.from_inference(result)
    assert len(ours) == len(result)
    # Their boxes can be had as well.
    assert_same(sv.Detections.from_inference(result), sv.Detections.from_inference(answer))


@settings(max_examples=40, deadline=None)
@given(answer=object_answers)
def test_any_boxes_are_those_of_supervision(answer: dict[str, Any]) -> None:
    assert_same(read_objects(answer).to_supervision(), sv.Detections.from_inference(answer))


@settings(max_examples=40, deadline=None)
@given(answer=instance_answers)
def test_any_instances_are_those_of_supervision(answer: dict[str, Any]) -> None:
    before = deepcopy(answer)
    assert_same(read_instances(answer).to_supervision(), sv.Detections.from_inference(answer))
    assert answer == before


@settings(max_examples=40, deadline=None)
@given(answer=key_point_answers)
def test_any_key_points_are_those_of_supervision(answer: dict[str, Any]) -> None:
    assert read_keypoints(answer).to_supervision() == sv.KeyPoints.from_inference(answer)


def test_key_points_the_server_left_out_have_their_places() -> None:
    point = {"x": 5.0, "y": 6.0, "confidence": 0.5, "class": "tail", "class_id": 2}
    answer = {"image": SIZE, "predictions": [{**BOX, "keypoints": [point]}, {**BOX, "keypoints": []}]}
    points = read_keypoints(answer).to_supervision()
    assert points.xy.tolist() == [[[0, 0], [0, 0], [5, 6]], [[0, 0], [0, 0], [0, 0]]]


@pytest.mark.parametrize("place", [-1, 10**9, "1", 1.5, None, True])
def test_a_key_point_that_has_no_place_is_an_error(place: Any) -> None:
    point = {"x": 5.0, "y": 6.0, "confidence": 0.5, "class": "tail", "class_id": place}
    result = read_keypoints({"image": SIZE, "predictions": [{**BOX, "keypoints": [point]}]})
    with pytest.raises(InvalidResponseError, match="key point"):
        result.to_supervision()


# -- masks


def test_a_mask_of_another_size_has_the_images_size() -> None:
    small = np.zeros((HEIGHT // 2, WIDTH // 2), bool)
    small[4:9, 5:20] = True
    answer = {"image": SIZE, "predictions": [{**BOX, "rle": encode_rle(small), "mask_format": "rle"}]}
    ours = read_instances(answer).to_supervision()
    assert_same(ours, sv.Detections.from_inference(answer))
    assert ours.mask is not None
    assert np.array_equal(ours.mask[0], np.kron(small, np.ones((2, 2), bool)))


def test_run_lengths_as_numbers_are_read_too() -> None:
    counts = [10, 30, WIDTH * HEIGHT - 40]
    rle = {"size": [HEIGHT, WIDTH], "counts": counts}
    detections = read_instances({"image": SIZE, "predictions": [{**BOX, "rle": rle}]}).to_supervision()
    assert detections.mask is not None
    assert np.array_equal(detections.mask[0], decode_rle(rle))
    assert np.count_nonzero(detections.mask[0]) == 30


def test_one_instance_without_an_outline_does_not_cost_the_others_their_masks() -> None:
    line = TRIANGLE[:2]
    answer = {
        "image": SIZE,
        "predictions": [{**BOX, "points": TRIANGLE}, {**BOX, "points": line}, {**BOX, "points": []}],
    }
    detections = read_instances(answer).to_supervision()
    assert detections.mask is not None
    assert [bool(mask.any()) for mask in detections.mask] == [True, False, False]
    alone = sv.Detections.from_inference({**answer, "predictions": answer["predictions"][:1]})
    assert alone.mask is not None
    assert np.array_equal(detections.mask[0], np.asarray(alone.mask)[0])


def test_without_any_outline_there_are_no_masks() -> None:
    answer = {"image": SIZE, "predictions": [{**BOX, "points": []}, {**BOX, "points": TRIANGLE[:2]}]}
    assert_same(read_instances(answer).to_supervision(), sv.Detections.from_inference(answer))
    assert read_instances(answer).to_supervision().mask is None


@pytest.mark.parametrize(
    "rle",
    [
        {"size": [HEIGHT, WIDTH], "counts": [5]},
        {"size": [0, 0], "counts": []},
        {"size": [HEIGHT, WIDTH]},
        {"size": [10**6, 10**6], "counts": [10**12]},
    ],
)
def test_a_mask_that_cannot_be_read_is_an_error(rle: dict[str, Any]) -> None:
    result = read_instances({"image": SIZE, "predictions": [{**BOX, "rle": rle, "mask_format": "rle"}]})
    with pytest.raises(InvalidResponseError, match="mask"):
        result.to_supervision()


@pytest.mark.parametrize("far", [1e9, -1e9, 1e300, 2**31])
def test_a_point_far_outside_is_no_problem(far: float) -> None:
    points = [{"x": 20.0, "y": 10.0}, {"x": far, "y": 10.0}, {"x": 20.0, "y": 30.0}]
    detections = read_instances({"image": SIZE, "predictions": [{**BOX, "points": points}]}).to_supervision()
    assert detections.mask is not None
    assert detections.mask[0][12, 20]
    assert detections.mask[0][12, 50] == (far > 0)


@pytest.mark.parametrize("side", [0, -4, 10**6])
def test_masks_of_an_impossible_image_are_not_made(side: int) -> None:
    result = read_instances({"image": {"width": side, "height": side}, "predictions": [{**BOX, "points": TRIANGLE}]})
    with pytest.raises(InvalidResponseError, match="none that masks can have"):
        result.to_supervision()


SPOILED: list[dict[str, Any]] = [{"x": "4"}, {"class_id": None}, {"confidence": []}, {"class": 5}, {"tracker_id": "a"}]


@pytest.mark.parametrize("spoiled", SPOILED)
def test_a_value_of_a_wrong_kind_is_an_error(spoiled: dict[str, Any]) -> None:
    result = read_objects(
        {"image": SIZE, "predictions": [{**BOX, "tracker_id": 1}, {**BOX, "tracker_id": 2, **spoiled}]}
    )
    with pytest.raises(InvalidResponseError, match="cannot be read for supervision"):
        result.to_supervision()


# -- semantic masks and classes


def decoded(text: str) -> Any:
    return cv2.imdecode(np.frombuffer(base64.b64decode(text), np.uint8), cv2.IMREAD_UNCHANGED)


@settings(max_examples=25, deadline=None)
@given(answer=ANSWERS["semantic"][0])
def test_every_class_of_a_semantic_mask_is_one_detection(answer: dict[str, Any]) -> None:
    detections = read_semantic(answer).to_supervision()
    ids = decoded(answer["predictions"]["segmentation_mask"])
    levels = decoded(answer["predictions"]["confidence_mask"])
    present = [value for value in np.unique(ids).tolist() if value]
    assert len(detections) == len(present)
    assert detections.xyxy.shape == (len(present), 4)
    if not present:
        assert detections.is_empty()
        return
    assert detections.mask is not None
    masks = np.asarray(detections.mask)
    assert np.array_equal(masks, [ids == value for value in present])
    assert np.array_equal(detections.xyxy, sv.mask_to_xyxy(masks))
    assert detections.class_id is not None
    assert detections.class_id.tolist() == present
    names = answer["predictions"]["class_map"]
    assert np.asarray(detections.data["class_name"]).tolist() == [names.get(str(one), str(one)) for one in present]
    assert detections.confidence == pytest.approx([levels[ids == value].mean() / 255 for value in present])


def test_a_photograph_is_annotated_by_supervision() -> None:
    answer = real_answers()["semantic", "v0"]
    detections = read_semantic(answer).to_supervision()
    scene = np.zeros((answer["image"]["height"], answer["image"]["width"], 3), np.uint8)
    drawn = np.asarray(sv.MaskAnnotator().annotate(scene.copy(), detections))
    assert np.array_equal(drawn.any(axis=2), read_semantic(answer).class_ids() == 1)


@pytest.mark.parametrize("kind", ["classes", "labels", "anomalies"])
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_scores_of_classes(kind: str, data: Any) -> None:
    strategy, read = ANSWERS[kind]
    result = read(data.draw(strategy))
    given_scores = result.to_supervision()
    assert isinstance(given_scores, sv.Classifications)
    assert given_scores.class_id.tolist() == [one.class_id for one in result]
    assert given_scores.confidence is not None
    assert given_scores.confidence.tolist() == [one.confidence for one in result]


def test_the_best_class_of_a_photograph() -> None:
    result = read_classification(real_answers()["classes", "v1"])
    ids, confidences = result.to_supervision().get_top_k(1)
    assert ids.tolist() == [result[0].class_id]
    assert confidences.tolist() == [result[0].confidence]
