"""Results drawn onto an image: colour where the answer says something is, nothing elsewhere."""

from __future__ import annotations

import base64
from copy import deepcopy
from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from inference_ext.errors import InvalidInputFormatError, InvalidParameterError, InvalidResponseError
from inference_ext.results.drawing import draw_result
from inference_ext.results.rle import encode_rle
from inference_ext.results.typed import read_classification, read_instances, read_keypoints, read_objects

Pixels = NDArray[np.uint8]
WIDTH, HEIGHT = 320, 240
SIZE = {"width": WIDTH, "height": HEIGHT}

# A box in the middle; its label stands above it.
LEFT, TOP, RIGHT, BOTTOM = 120, 100, 220, 180
LABEL_HEIGHT = 20


@pytest.fixture
def image() -> Pixels:
    return np.full((HEIGHT, WIDTH, 3), 90, np.uint8)


def found(name: str = "cat", **more: Any) -> dict[str, Any]:
    return {
        "x": (LEFT + RIGHT) / 2,
        "y": (TOP + BOTTOM) / 2,
        "width": RIGHT - LEFT,
        "height": BOTTOM - TOP,
        "confidence": 0.87,
        "class": name,
        "class_id": 0,
        "detection_id": "d",
        **more,
    }


def answer(*predictions: Any, **more: Any) -> dict[str, Any]:
    return {"image": dict(SIZE), "predictions": list(predictions), **more}


def changed(drawn: Pixels, image: Pixels) -> NDArray[np.bool_]:
    return np.asarray((drawn != image).any(axis=2))


def around_the_box(margin: int) -> NDArray[np.bool_]:
    """True within `margin` pixels of the box or its label."""
    area = np.zeros((HEIGHT, WIDTH), bool)
    area[TOP - LABEL_HEIGHT - margin : BOTTOM + margin + 1, LEFT - margin : RIGHT + margin + 1] = True
    return area


INSIDE = (slice(TOP + 5, BOTTOM - 4), slice(LEFT + 5, RIGHT - 4))


def test_a_box_is_drawn_around_the_object_and_nowhere_else(image: Pixels) -> None:
    drawn = draw_result(answer(found()), image)
    assert drawn.dtype == np.uint8
    assert drawn.shape == (HEIGHT, WIDTH, 3)
    touched = changed(drawn, image)
    assert touched[TOP : BOTTOM + 1, LEFT].all()
    assert touched[TOP : BOTTOM + 1, RIGHT].all()
    assert touched[TOP, LEFT : RIGHT + 1].all()
    assert touched[BOTTOM, LEFT : RIGHT + 1].all()
    assert not touched[INSIDE].any()
    assert touched[TOP - LABEL_HEIGHT : TOP, LEFT : RIGHT + 1].any()
    assert not touched[~around_the_box(3)].any()


def test_a_box_has_one_colour_per_class(image: Pixels) -> None:
    cat, again = draw_result(answer(found("cat")), image), draw_result(answer(found("cat")), image)
    assert np.array_equal(cat, again)
    colours = {tuple(draw_result(answer(found(name)), image)[BOTTOM, LEFT + 30].tolist()) for name in "abcdefgh"}
    assert len(colours) >= 4
    for blue, green, red in colours:
        assert max(blue, green, red) - min(blue, green, red) > 40  # a colour, not a gray


def test_every_object_is_drawn(image: Pixels) -> None:
    other = {**found("dog"), "x": 50.0, "y": 200.0, "width": 60.0, "height": 40.0}
    touched = changed(draw_result(answer(found(), other), image), image)
    assert touched[BOTTOM, LEFT : RIGHT + 1].all()
    assert touched[220, 20:81].all()


def test_nothing_found_changes_nothing(image: Pixels) -> None:
    assert np.array_equal(draw_result(answer(), image), image)


@pytest.mark.parametrize(("x", "y"), [(0, 0), (WIDTH, HEIGHT), (-500, 100), (160, 5000)])
def test_a_box_over_the_edge_is_no_problem(image: Pixels, x: float, y: float) -> None:
    drawn = draw_result(answer({**found(), "x": x, "y": y}), image)
    assert drawn.shape == image.shape


def test_a_tiny_image_is_no_problem() -> None:
    image = np.full((4, 3, 3), 90, np.uint8)
    result = {"image": {"width": 3, "height": 4}, "predictions": [{**found(), "x": 1, "y": 2, "width": 2, "height": 2}]}
    assert draw_result(result, image).shape == (4, 3, 3)


# -- masks


def test_a_polygon_is_tinted_inside_and_only_there(image: Pixels) -> None:
    corners = [(LEFT, TOP), (RIGHT, TOP), (LEFT, BOTTOM)]
    drawn = draw_result(answer(found(points=[{"x": x, "y": y} for x, y in corners])), image)
    touched = changed(drawn, image)
    assert touched[TOP + 10 : TOP + 35, LEFT + 10 : LEFT + 45].all()  # in the triangle
    assert not touched[BOTTOM - 25 : BOTTOM - 5, RIGHT - 30 : RIGHT - 5].any()  # in the box, outside the triangle
    assert not touched[~around_the_box(3)].any()


@settings(max_examples=60, deadline=None)
@given(corners=st.lists(st.tuples(st.floats(-300, 600), st.floats(-300, 600)), min_size=3, max_size=9))
def test_any_polygon_is_tinted_where_opencv_fills_it(corners: list[tuple[float, float]]) -> None:
    image = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)
    filled = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillPoly(filled, [np.array(corners).round().astype(np.int32)], 1)
    outside = {"x": -500.0, "y": -500.0, "width": 1.0, "height": 1.0}
    drawn = draw_result(answer({**found(points=[{"x": x, "y": y} for x, y in corners]), **outside}), image)
    assert np.array_equal(changed(drawn, image), filled.astype(bool))


def test_a_run_length_mask_is_tinted_pixel_by_pixel(image: Pixels) -> None:
    mask = np.zeros((HEIGHT, WIDTH), bool)
    mask[120:150, 140:180] = True
    mask[130:140, 150:160] = False  # a hole
    drawn = draw_result(answer(found(rle=encode_rle(mask), mask_format="rle")), image)
    assert np.array_equal(changed(drawn, image)[INSIDE], mask[INSIDE])
    assert (drawn[125, 145] != drawn[BOTTOM, LEFT + 30]).any()  # a tint, not the full colour


def test_without_a_mask_nothing_is_tinted(image: Pixels) -> None:
    line = [{"x": 1, "y": 1}, {"x": 2, "y": 2}]
    without: list[dict[str, Any]] = [{"points": []}, {"points": None}, {"rle": None}, {"points": line}]
    for nothing in without:
        assert not changed(draw_result(answer(found(**nothing)), image), image)[INSIDE].any()


def test_a_mask_of_another_size_is_an_error(image: Pixels) -> None:
    result = answer(found(rle=encode_rle(np.ones((10, 10), bool))))
    with pytest.raises(InvalidParameterError, match=r"mask of shape \(10, 10\)"):
        draw_result(result, image)


def test_a_mask_that_cannot_be_read_is_an_error(image: Pixels) -> None:
    with pytest.raises(InvalidResponseError, match="run-length"):
        draw_result(answer(found(rle={"size": [HEIGHT, WIDTH], "counts": "1"})), image)


def test_a_result_in_a_mask_grid_is_drawn_on_the_original(image: Pixels) -> None:
    mask = np.zeros((HEIGHT // 4, WIDTH // 4), bool)
    mask[30:37, 35:45] = True
    in_grid = {**found(rle=encode_rle(mask))}
    for name in ("x", "y", "width", "height"):
        in_grid[name] /= 4
    grid = {"width": WIDTH // 4, "height": HEIGHT // 4}
    metadata = {"coordinate_system": "mask_grid", **grid, "scale_x": 4.0, "scale_y": 4.0}
    result = {"image": grid, "predictions": [in_grid], "original_image": dict(SIZE), "mask_metadata": metadata}
    before = deepcopy(result)
    enlarged = np.kron(mask, np.ones((4, 4), bool))
    expected = draw_result(answer(found(rle=encode_rle(enlarged))), image)
    assert np.array_equal(draw_result(result, image), expected)
    assert result == before
    with pytest.raises(InvalidParameterError, match=f"{WIDTH}x{HEIGHT}"):
        draw_result(result, image[:-4])


# -- key points


def test_key_points_are_dots_where_they_are(image: Pixels) -> None:
    places = [(150, 130), (190, 160)]
    keypoints = [
        {"x": x, "y": y, "confidence": 0.9, "class": name, "class_id": index}
        for index, ((x, y), name) in enumerate(zip(places, ("nose", "tail"), strict=True))
    ]
    touched = changed(draw_result(answer(found(keypoints=keypoints)), image), image)[INSIDE]
    expected = np.zeros((HEIGHT, WIDTH), bool)
    for x, y in places:
        assert touched[y - INSIDE[0].start, x - INSIDE[1].start]
        expected[y - 5 : y + 6, x - 5 : x + 6] = True
    assert not touched[~expected[INSIDE]].any()


# -- semantic masks


def semantic_answer(ids: Pixels, class_map: dict[str, str]) -> dict[str, Any]:
    def png(array: Pixels) -> str:
        done, data = cv2.imencode(".png", array)
        assert done
        return base64.b64encode(data.tobytes()).decode("ascii")

    confidence = np.full(ids.shape, 200, np.uint8)
    predictions = {"segmentation_mask": png(ids), "confidence_mask": png(confidence), "class_map": class_map}
    return {"image": dict(SIZE), "predictions": predictions}


def test_every_class_of_a_semantic_mask_is_tinted_but_the_background(image: Pixels) -> None:
    ids = np.zeros((HEIGHT, WIDTH), np.uint8)
    ids[20:80, 30:90] = 1
    ids[100:200, 150:300] = 3
    drawn = draw_result(semantic_answer(ids, {"0": "background", "1": "road", "3": "tree"}), image)
    assert np.array_equal(changed(drawn, image), ids > 0)
    assert len(np.unique(drawn[ids == 1], axis=0)) == 1
    assert (drawn[50, 50] != drawn[150, 200]).any()


def test_a_semantic_mask_of_another_size_is_an_error(image: Pixels) -> None:
    with pytest.raises(InvalidParameterError, match=r"\(10, 10\)"):
        draw_result(semantic_answer(np.zeros((10, 10), np.uint8), {"0": "background"}), image)


# -- classification


CLASSIFICATIONS: dict[str, dict[str, Any]] = {
    "single": answer(
        {"class": "cat", "class_id": 0, "confidence": 0.9},
        {"class": "dog", "class_id": 1, "confidence": 0.1},
        top="cat",
        confidence=0.9,
    ),
    "multi": {
        "image": dict(SIZE),
        "predictions": {"cat": {"confidence": 0.9, "class_id": 0}, "dog": {"confidence": 0.2, "class_id": 1}},
        "predicted_classes": ["cat"],
    },
    "anomaly": answer(
        {"class": "anomalous", "class_id": 1, "confidence": 0.8},
        {"class": "normal", "class_id": 0, "confidence": 0.2},
        anomaly_score=3.0,
        anomaly_threshold=2.0,
        anomaly_scale=1.0,
        is_anomalous=True,
    ),
}


@pytest.mark.parametrize("kind", CLASSIFICATIONS)
def test_classes_are_written_in_the_top_left_corner(image: Pixels, kind: str) -> None:
    touched = changed(draw_result(CLASSIFICATIONS[kind], image), image)
    assert touched[:40, :100].any()
    assert not touched[60:].any()
    assert not touched[:, 200:].any()


def test_at_most_three_classes_are_written_best_first(image: Pixels) -> None:
    entries = [{"class": f"class {index}", "class_id": index, "confidence": index / 20} for index in range(12)]
    many = draw_result(answer(*entries, top="class 11", confidence=0.55), image)
    best_three = draw_result(answer(*entries[:-4:-1], top="class 11", confidence=0.55), image)
    assert np.array_equal(many, best_three)
    assert not changed(many, image)[60:].any()


# -- the image


def test_the_image_handed_over_is_not_changed(image: Pixels) -> None:
    mask = np.ones((HEIGHT, WIDTH), bool)
    before = image.copy()
    picture = Image.fromarray(image)
    for result in (answer(found(rle=encode_rle(mask))), *CLASSIFICATIONS.values()):
        result_before = deepcopy(result)
        draw_result(result, image)
        draw_result(result, picture)
        assert result == result_before
    assert np.array_equal(image, before)
    assert np.array_equal(np.asarray(picture), before)


def test_every_form_of_the_image_gives_the_same_drawing(image: Pixels) -> None:
    image[:, :, 0] = 20  # blue, in BGR
    buffer = BytesIO()
    Image.fromarray(image[:, :, ::-1]).save(buffer, "PNG")
    expected = draw_result(answer(found()), image)
    for form in (buffer.getvalue(), Image.open(buffer), base64.b64encode(buffer.getvalue()).decode("ascii")):
        assert np.array_equal(draw_result(answer(found()), form), expected)


@pytest.mark.parametrize("shape", [(HEIGHT, WIDTH + 1, 3), (WIDTH, HEIGHT, 3), (HEIGHT // 2, WIDTH // 2, 3)])
@pytest.mark.parametrize("result", [answer(found()), answer(), *CLASSIFICATIONS.values()])
def test_an_image_of_another_size_is_an_error(shape: tuple[int, ...], result: dict[str, Any]) -> None:
    with pytest.raises(InvalidParameterError, match=f"{WIDTH}x{HEIGHT} pixels.*{shape[1]}x{shape[0]}"):
        draw_result(result, np.zeros(shape, np.uint8))


def test_what_is_no_image_is_an_error() -> None:
    with pytest.raises(InvalidInputFormatError, match=r"holiday\.jpg"):
        draw_result(answer(found()), "holiday.jpg")
    with pytest.raises(InvalidParameterError, match="URL"):
        draw_result(answer(found()), "https://example.com/a.jpg")


# -- typed results


def test_typed_results_draw_themselves(image: Pixels) -> None:
    polygon = [{"x": LEFT, "y": TOP}, {"x": RIGHT, "y": TOP}, {"x": LEFT, "y": BOTTOM}]
    nose = {"x": 150, "y": 130, "confidence": 0.9, "class": "nose", "class_id": 0}
    results: list[tuple[Any, dict[str, Any]]] = [
        (read_objects, answer(found())),
        (read_instances, answer(found(points=polygon))),
        (read_keypoints, answer(found(keypoints=[nose]))),
        (read_classification, CLASSIFICATIONS["single"]),
        (read_classification, CLASSIFICATIONS["multi"]),
        (read_classification, CLASSIFICATIONS["anomaly"]),
    ]
    for read, result in results:
        drawn = read(result).annotate(image)
        assert np.array_equal(drawn, draw_result(result, image))
        assert changed(drawn, image).any()
