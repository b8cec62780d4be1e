"""Results of a shrunk image come back in the pixels of the image that was handed over."""

from __future__ import annotations

import base64
from copy import deepcopy
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference_ext.images import Size
from inference_ext.images.downsizing import fit_within
from inference_ext.results.rle import decode_rle, encode_rle
from inference_ext.results.scaling import scale_back

SIDES = st.integers(2, 6000)
ORIGINALS = st.builds(Size, SIDES, SIDES)
LIMITS = st.builds(Size, st.integers(2, 1200), st.integers(2, 1200))
FRACTIONS = st.floats(0, 1)
CLOSE = 1e-6
"""Pixels."""

UHD, SMALL = Size(3840, 2160), Size(640, 360)


def shrunk_size(original: Size, limit: Size) -> Size:
    return fit_within(original, limit)


def answer(sent: Size, *predictions: Any, **more: Any) -> dict[str, Any]:
    return {
        "time": 0.1,
        "image": {"width": sent.width, "height": sent.height},
        "predictions": list(predictions),
        **more,
    }


def box(x: float, y: float, width: float, height: float, **more: Any) -> dict[str, Any]:
    return {"x": x, "y": y, "width": width, "height": height, "class": "cat", "class_id": 1, "confidence": 0.9, **more}


# -- coordinates


@settings(max_examples=60, deadline=None)
@given(original=ORIGINALS, limit=LIMITS, places=st.lists(FRACTIONS, min_size=8, max_size=8))
def test_boxes_points_and_key_points_come_back_exactly(original: Size, limit: Size, places: list[float]) -> None:
    sent = shrunk_size(original, limit)

    def prediction(size: Size) -> dict[str, Any]:
        """What an exact model says about a scene that fills an image of this size."""
        x, y, width, height, a, b, c, d = places
        return box(
            x * size.width,
            y * size.height,
            width * size.width,
            height * size.height,
            points=[{"x": a * size.width, "y": b * size.height}, {"x": c * size.width, "y": d * size.height}],
            keypoints=[{"x": d * size.width, "y": a * size.height, "class": "nose", "confidence": 0.5}],
        )

    scaled = scale_back(answer(sent, prediction(sent)), original, sent)
    assert scaled["image"] == {"width": original.width, "height": original.height}
    got, expected = scaled["predictions"][0], prediction(original)
    for name in ("x", "y", "width", "height"):
        assert got[name] == pytest.approx(expected[name], abs=CLOSE)
    for shape in ("points", "keypoints"):
        for point, right in zip(got[shape], expected[shape], strict=True):
            assert point["x"] == pytest.approx(right["x"], abs=CLOSE)
            assert point["y"] == pytest.approx(right["y"], abs=CLOSE)
    assert got["keypoints"][0]["confidence"] == 0.5
    assert (got["class"], got["class_id"], got["confidence"]) == ("cat", 1, 0.9)


@settings(max_examples=60, deadline=None)
@given(original=ORIGINALS, limit=LIMITS)
def test_the_whole_image_stays_the_whole_image(original: Size, limit: Size) -> None:
    sent = shrunk_size(original, limit)
    whole = box(sent.width / 2, sent.height / 2, sent.width, sent.height)
    scaled = scale_back(answer(sent, whole), original, sent)["predictions"][0]
    assert scaled["width"] == pytest.approx(original.width, abs=CLOSE)
    assert scaled["height"] == pytest.approx(original.height, abs=CLOSE)
    assert scaled["x"] == pytest.approx(original.width / 2, abs=CLOSE)
    assert scaled["y"] == pytest.approx(original.height / 2, abs=CLOSE)


def test_each_axis_has_its_own_factor() -> None:
    original, sent = Size(1000, 333), Size(100, 33)
    scaled = scale_back(answer(sent, box(50, 33, 10, 33)), original, sent)["predictions"][0]
    assert (scaled["x"], scaled["width"]) == (500, 100)
    assert (scaled["y"], scaled["height"]) == (pytest.approx(333), pytest.approx(333))


def test_predictions_are_judged_one_by_one() -> None:
    plain = box(10, 20, 4, 6)
    with_polygon = box(10, 20, 4, 6, points=[{"x": 8, "y": 17}, {"x": 12, "y": 17}, {"x": 10, "y": 23}])
    with_keypoints = box(10, 20, 4, 6, keypoints=[{"x": 10, "y": 20, "class": "nose", "confidence": 1.0}])
    without = box(10, 20, 4, 6, points=None, keypoints=None, rle=None)
    empty = box(10, 20, 4, 6, points=[], keypoints=[])
    everything = [plain, with_polygon, with_keypoints, without, empty]
    for order in (everything, everything[::-1]):
        scaled = scale_back(answer(SMALL, *order), UHD, SMALL)["predictions"]
        assert [(p["x"], p["y"], p["width"], p["height"]) for p in scaled] == [(60, 120, 24, 36)] * 5
        by_keys = {tuple(sorted(p)): p for p in scaled if p.get("points") or p.get("keypoints")}
        for prediction in by_keys.values():
            if prediction.get("points"):
                assert prediction["points"] == [{"x": 48, "y": 102}, {"x": 72, "y": 102}, {"x": 60, "y": 138}]
            else:
                assert prediction["keypoints"] == [{"x": 60, "y": 120, "class": "nose", "confidence": 1.0}]


def test_no_predictions_are_no_problem() -> None:
    scaled = scale_back(answer(SMALL), UHD, SMALL)
    assert scaled["predictions"] == []
    assert scaled["image"] == {"width": 3840, "height": 2160}


def test_classification_keeps_everything_but_the_size() -> None:
    single = answer(SMALL, {"class": "cat", "class_id": 0, "confidence": 0.9}, top="cat", confidence=0.9)
    multi = {**answer(SMALL), "predictions": {"cat": {"confidence": 0.9, "class_id": 0}}, "predicted_classes": ["cat"]}
    for result in (single, multi):
        scaled = scale_back(result, UHD, SMALL)
        assert scaled == {**result, "image": {"width": 3840, "height": 2160}}


def test_an_answer_without_a_size_is_scaled_all_the_same() -> None:
    scaled = scale_back({"predictions": [box(1, 1, 2, 2)]}, UHD, SMALL)
    assert scaled["predictions"][0]["width"] == 12
    assert "image" not in scaled


@pytest.mark.parametrize("result", [{"is_stub": True, "model_id": "a/1"}, {}, {"predictions": None}, {"image": None}])
def test_what_holds_no_coordinates_is_handed_on(result: dict[str, Any]) -> None:
    assert scale_back(result, UHD, SMALL) == result


def test_pictures_are_handed_on() -> None:
    scaled = scale_back(answer(SMALL, visualization="aGVsbG8="), UHD, SMALL)
    assert scaled["visualization"] == "aGVsbG8="


# -- masks


@settings(max_examples=40, deadline=None)
@given(
    original=st.builds(Size, st.integers(2, 400), st.integers(2, 400)),
    limit=st.builds(Size, st.integers(2, 90), st.integers(2, 90)),
    places=st.lists(FRACTIONS, min_size=4, max_size=4),
)
def test_the_edges_of_run_length_masks_come_back_within_a_pixel(
    original: Size, limit: Size, places: list[float]
) -> None:
    sent = shrunk_size(original, limit)
    left, right = sorted((int(places[0] * (sent.width - 1)), int(places[1] * (sent.width - 1))))
    top, bottom = sorted((int(places[2] * (sent.height - 1)), int(places[3] * (sent.height - 1))))
    small = np.zeros((sent.height, sent.width), bool)
    small[top : bottom + 1, left : right + 1] = True
    result = answer(sent, box(1, 1, 1, 1, rle=encode_rle(small)))
    mask = decode_rle(scale_back(result, original, sent)["predictions"][0]["rle"])
    assert mask.shape == (original.height, original.width)
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    assert mask.sum() == len(columns) * len(rows)  # still a rectangle
    across, down = original.width / sent.width, original.height / sent.height
    # The nearest whole pixel to where the edge belongs, so half a pixel at most; ties may go either way.
    assert abs(columns[0] - left * across) <= 0.5 + 1e-3
    assert abs(columns[-1] + 1 - (right + 1) * across) <= 0.5 + 1e-3
    assert abs(rows[0] - top * down) <= 0.5 + 1e-3
    assert abs(rows[-1] + 1 - (bottom + 1) * down) <= 0.5 + 1e-3


def test_a_run_length_mask_enlarged_by_a_whole_factor_is_exact() -> None:
    small = np.random.default_rng(5).random((36, 64)) < 0.5
    result = answer(Size(64, 36), box(1, 1, 1, 1, rle=encode_rle(small)))
    scaled = scale_back(result, Size(384, 216), Size(64, 36))["predictions"][0]["rle"]
    assert scaled["size"] == [216, 384]
    assert np.array_equal(decode_rle(scaled), np.kron(small, np.ones((6, 6), bool)))


@pytest.mark.parametrize("filled", [True, False])
def test_a_full_and_an_empty_run_length_mask_stay_so(filled: bool) -> None:
    result = answer(SMALL, box(1, 1, 1, 1, rle=encode_rle(np.full((360, 640), filled))))
    mask = decode_rle(scale_back(result, UHD, SMALL)["predictions"][0]["rle"])
    assert mask.shape == (2160, 3840)
    assert (mask == filled).all()


def png_text(array: NDArray[Any]) -> str:
    done, data = cv2.imencode(".png", array)
    assert done
    return base64.b64encode(data.tobytes()).decode("ascii")


def of_png_text(text: str) -> NDArray[Any]:
    array = cv2.imdecode(np.frombuffer(base64.b64decode(text), np.uint8), cv2.IMREAD_UNCHANGED)
    assert array is not None
    return np.asarray(array)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_semantic_masks_come_back_in_the_original_size_with_the_same_classes(dtype: str) -> None:
    ids = np.zeros((33, 100), dtype)
    ids[5:20, 10:40] = 3
    ids[20:30, 60:90] = 250 if dtype == "uint8" else 900
    confidences = np.full((33, 100), 200, np.uint8)
    predictions = {
        "segmentation_mask": png_text(ids),
        "confidence_mask": png_text(confidences),
        "class_map": {"0": "background", "3": "road"},
        "present_class_ids": [0, 3],
    }
    result = {"image": {"width": 100, "height": 33}, "predictions": predictions}
    scaled = scale_back(result, Size(1000, 333), Size(100, 33))
    assert scaled["image"] == {"width": 1000, "height": 333}
    mask = of_png_text(scaled["predictions"]["segmentation_mask"])
    assert (mask.shape, mask.dtype) == ((333, 1000), np.dtype(dtype))
    assert set(np.unique(mask)) == set(np.unique(ids))  # no id in between was invented
    rows, columns = np.nonzero(mask == 3)
    assert (columns.min(), columns.max()) == (100, 399)
    assert abs(rows.min() - 5 * 333 / 33) <= 0.5
    assert abs(rows.max() + 1 - 20 * 333 / 33) <= 0.5
    confidence = of_png_text(scaled["predictions"]["confidence_mask"])
    assert confidence.shape == (333, 1000)
    assert (confidence == 200).all()
    assert scaled["predictions"]["class_map"] == predictions["class_map"]
    assert scaled["predictions"]["present_class_ids"] == [0, 3]


def test_confidences_are_interpolated() -> None:
    confidences = np.tile(np.linspace(0, 250, 26).astype(np.uint8), (20, 1))
    predictions = {
        "segmentation_mask": png_text(np.zeros((20, 26), np.uint8)),
        "confidence_mask": png_text(confidences),
    }
    result: dict[str, Any] = {"image": {"width": 26, "height": 20}, "predictions": {**predictions, "class_map": {}}}
    scaled = scale_back(result, Size(104, 80), Size(26, 20))
    row = of_png_text(scaled["predictions"]["confidence_mask"])[40].astype(int)
    assert (np.diff(row) >= 0).all()
    assert np.diff(row).max() <= 3  # 10 with the nearest neighbour


# -- mask grids


def test_a_mask_grid_keeps_its_coordinates_and_maps_to_the_original() -> None:
    prediction = box(10, 20, 4, 6, rle=encode_rle(np.zeros((90, 160), bool)))
    result = answer(
        Size(160, 90),
        prediction,
        original_image={"width": 640, "height": 360},
        mask_metadata={"coordinate_system": "mask_grid", "width": 160, "height": 90, "scale_x": 4.0, "scale_y": 4.0},
    )
    before = deepcopy(result)
    scaled = scale_back(result, Size(3840, 2164), SMALL)
    assert scaled["predictions"] == [prediction]
    assert scaled["image"] == {"width": 160, "height": 90}
    assert scaled["original_image"] == {"width": 3840, "height": 2164}
    assert scaled["mask_metadata"] == {
        "coordinate_system": "mask_grid",
        "width": 160,
        "height": 90,
        "scale_x": 24.0,
        "scale_y": 2164 / 90,
    }
    assert result == before


def test_other_mask_metadata_means_image_coordinates() -> None:
    result = answer(SMALL, box(10, 20, 4, 6), mask_metadata=None)
    assert scale_back(result, UHD, SMALL)["predictions"][0]["x"] == 60


# -- what was handed in


def test_the_answer_is_not_changed() -> None:
    semantic = {
        "segmentation_mask": png_text(np.ones((360, 640), np.uint8)),
        "confidence_mask": png_text(np.ones((360, 640), np.uint8)),
        "class_map": {"1": "road"},
    }
    results: list[dict[str, Any]] = [
        answer(
            SMALL,
            box(
                10,
                20,
                4,
                6,
                points=[{"x": 1, "y": 2}],
                keypoints=[{"x": 1, "y": 2, "class": "nose"}],
                rle=encode_rle(np.eye(360, 640, dtype=bool)),
            ),
        ),
        {"image": {"width": 640, "height": 360}, "predictions": semantic},
    ]
    for result in results:
        before = deepcopy(result)
        scaled = scale_back(result, UHD, SMALL)
        assert scaled != before
        assert result == before


def test_unknown_fields_are_kept() -> None:
    result = answer(SMALL, box(10, 20, 4, 6, tracker_id=7, attributes={"x": "left"}), new_field=[1])
    scaled = scale_back(result, UHD, SMALL)
    assert scaled["new_field"] == [1]
    assert scaled["predictions"][0]["tracker_id"] == 7
    assert scaled["predictions"][0]["attributes"] == {"x": "left"}
