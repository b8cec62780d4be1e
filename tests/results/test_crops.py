"""What is cut out of the image: the pixels inside each box, in order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import supervision as sv
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference_ext import InvalidInputFormatError, InvalidParameterError, InvalidResponseError
from inference_ext.results.crops import crop_boxes
from inference_ext.results.typed import read_instances, read_objects
from tests.results.samples import HEIGHT, MODES, READERS, SIZE, WIDTH, boxes, images, real_answers

BOX = {"x": 30.0, "y": 20.0, "width": 12.0, "height": 8.0, "confidence": 0.5, "class": "bolt", "class_id": 1}
NOTHING = (0, 0, 3)


@pytest.fixture(scope="module")
def image() -> NDArray[np.uint8]:
    """Every pixel differs from every other."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH]
    return np.stack([rows, columns, rows ^ columns], axis=2).astype(np.uint8)


def crop(image: NDArray[np.uint8], padding: int = 0, **box: float) -> NDArray[np.uint8]:
    ((_, pixels),) = read_objects({"image": SIZE, "predictions": [{**BOX, **box}]}).crops(image, padding=padding)
    return pixels


def test_the_pixels_inside_the_box(image: NDArray[np.uint8]) -> None:
    assert np.array_equal(crop(image), image[16:24, 24:36])
    assert np.array_equal(crop(image, padding=3), image[13:27, 21:39])
    assert np.array_equal(crop(image, x=30.4, width=12.0), image[16:24, 24:36])


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ({"x": 0.0, "y": 0.0}, (4, 6, 3)),
        ({"x": WIDTH + 5.0, "y": HEIGHT + 3.0}, (1, 1, 3)),
        ({"x": WIDTH / 2, "y": HEIGHT / 2, "width": 1000.0, "height": 1000.0}, (HEIGHT, WIDTH, 3)),
        ({"x": 10.3, "y": 10.3, "width": 0.0, "height": 0.0}, (1, 1, 3)),
        ({"x": 10.2, "width": 0.2}, (8, 1, 3)),
        ({"x": 0.1, "width": 0.2}, (8, 1, 3)),
        ({"x": 1.5, "width": 0.0}, (8, 1, 3)),
        ({"x": WIDTH - 0.1, "width": 0.4}, (8, 1, 3)),
        ({"x": -6.0}, NOTHING),
        ({"x": -6.001}, NOTHING),
        ({"x": WIDTH + 6.0}, NOTHING),
        ({"y": -1e9}, NOTHING),
        ({"y": HEIGHT + 4.0}, NOTHING),
    ],
)
def test_boxes_are_cut_at_the_edges(image: NDArray[np.uint8], box: dict[str, float], expected: Any) -> None:
    assert crop(image, **box).shape == expected
    assert crop(image, padding=0, **box).dtype == np.uint8


def test_a_box_thinner_than_a_pixel_is_the_pixel_it_is_in(image: NDArray[np.uint8]) -> None:
    for place in (1.0, 1.2, 1.5, 1.9):
        assert np.array_equal(crop(image, x=place, width=0.0), image[16:24, 1:2])


def test_padding_does_not_bring_in_a_box_that_is_outside(image: NDArray[np.uint8]) -> None:
    assert crop(image, padding=50, x=-6.0).shape == NOTHING
    assert crop(image, padding=10**9).shape == image.shape


@settings(max_examples=60, deadline=None)
@given(predictions=st.lists(boxes(), max_size=6), padding=st.integers(0, 70))
def test_there_is_one_crop_for_each_prediction_and_it_holds_the_pixels_of_the_box(
    image: NDArray[np.uint8], predictions: list[dict[str, Any]], padding: int
) -> None:
    result = read_objects({"image": SIZE, "predictions": predictions})
    crops = result.crops(image, padding=padding)
    assert [prediction for prediction, _ in crops] == result.predictions
    for prediction, pixels in crops:
        left, top = prediction.x - prediction.width / 2, prediction.y - prediction.height / 2
        right, bottom = left + prediction.width, top + prediction.height
        if right <= 0 or bottom <= 0 or left >= WIDTH or top >= HEIGHT:
            assert pixels.shape == NOTHING
            continue
        height, width = pixels.shape[:2]
        first_row, first_column = int(pixels[0, 0, 0]), int(pixels[0, 0, 1])
        assert np.array_equal(pixels, image[first_row : first_row + height, first_column : first_column + width])
        assert abs(first_column - max(0, left - padding)) <= 1
        assert abs(first_row - max(0, top - padding)) <= 1
        assert abs(first_column + width - min(WIDTH, right + padding)) <= 1
        assert abs(first_row + height - min(HEIGHT, bottom + padding)) <= 1


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["boxes", "polygons", "run lengths", "key points", "no boxes"])
def test_crops_of_photographs_are_those_of_supervision(kind: str, mode: str) -> None:
    answer = real_answers()[kind, mode]
    crops = READERS[kind](answer).crops(images()[kind])
    expected = [np.asarray(sv.crop_image(images()[kind], xyxy)) for xyxy in sv.Detections.from_inference(answer).xyxy]
    assert len(crops) == len(expected)
    for (_, pixels), other in zip(crops, expected, strict=True):
        assert np.array_equal(pixels, other)


def test_crops_are_copies(image: NDArray[np.uint8]) -> None:
    before = image.copy()
    crop(image)[:] = 0
    assert np.array_equal(image, before)


def test_boxes_in_a_mask_grid_are_cut_out_of_the_original(image: NDArray[np.uint8]) -> None:
    box = {**BOX, "x": 15.0, "y": 5.0, "width": 6.0, "height": 2.0, "points": []}
    grid = {"width": WIDTH // 2, "height": HEIGHT // 4}
    answer = {
        "image": grid,
        "predictions": [box],
        "original_image": SIZE,
        "mask_metadata": {**grid, "scale_x": 2.0, "scale_y": 4.0},
    }
    ((_, pixels),) = read_instances(answer).crops(image)
    assert np.array_equal(pixels, image[16:24, 24:36])
    with pytest.raises(InvalidParameterError, match=f"{WIDTH}x{HEIGHT} pixels"):
        read_instances(answer).crops(image[:-1])
    answer["mask_metadata"] = {"width": 0, "height": 0}
    with pytest.raises(InvalidResponseError, match="mask grid"):
        crop_boxes(answer, image)


def test_a_dictionary_can_be_cropped_too(image: NDArray[np.uint8]) -> None:
    (pixels,) = crop_boxes({"predictions": [BOX]}, image)
    assert np.array_equal(pixels, image[16:24, 24:36])


def test_another_image_is_refused(image: NDArray[np.uint8]) -> None:
    result = read_objects({"image": SIZE, "predictions": []})
    with pytest.raises(InvalidParameterError, match=f"{WIDTH}x{HEIGHT} pixels.*{WIDTH}x{HEIGHT - 1}"):
        result.crops(image[:-1])
    with pytest.raises(InvalidParameterError, match="URL"):
        result.crops("https://example.com/a.jpg")
    with pytest.raises(InvalidInputFormatError, match=r"holiday\.jpg"):
        result.crops("holiday.jpg")


@pytest.mark.parametrize("padding", [-1, 1.5, "3", None, True])
def test_padding_is_a_number_of_pixels(image: NDArray[np.uint8], padding: Any) -> None:
    with pytest.raises(InvalidParameterError, match="padding: expected a whole number of pixels"):
        read_objects({"image": SIZE, "predictions": []}).crops(image, padding=padding)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), "4", None, True, 10**400, []])
@pytest.mark.parametrize("name", ["x", "y", "width", "height"])
def test_a_side_that_is_no_finite_number_is_an_error(image: NDArray[np.uint8], name: str, value: Any) -> None:
    result = read_objects({"image": SIZE, "predictions": [BOX, {**BOX, name: value}]})
    with pytest.raises(InvalidResponseError, match=rf"predictions\[1\]\.{name}: expected a finite number"):
        result.crops(image)


@pytest.mark.parametrize("result", [{}, {"predictions": {"a": {}}}, {"predictions": 5}])
def test_a_result_without_boxes_is_refused(image: NDArray[np.uint8], result: dict[str, Any]) -> None:
    with pytest.raises(InvalidParameterError, match="no list of predictions"):
        crop_boxes(result, image)
    with pytest.raises(InvalidResponseError, match="no object"):
        crop_boxes({"predictions": [5]}, image)
