"""Arrays of every dtype and shape become the documented picture, or are refused."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from inference_ext.errors import InvalidInputFormatError
from inference_ext.images import load_pixels
from tests.images.pictures import noise, sent_pixels

Array = NDArray[Any]
WIDE_INTEGERS = ["int8", "int16", "int32", "int64", "uint32", "uint64"]
FLOATS = ["float16", "float32", "float64", "longdouble"]

IMAGE_SHAPES = hnp.array_shapes(min_dims=3, max_dims=3, min_side=1, max_side=9).map(lambda shape: (*shape[:2], 3))


# -- dtypes


@settings(max_examples=50, deadline=None)
@given(array=hnp.arrays(np.uint8, IMAGE_SHAPES))
def test_uint8_is_sent_as_it_is(array: Array) -> None:
    assert np.array_equal(sent_pixels(array), array)


@settings(max_examples=25, deadline=None)
@given(array=hnp.arrays(np.bool_, IMAGE_SHAPES))
def test_bool_is_black_and_white(array: Array) -> None:
    assert np.array_equal(sent_pixels(array), array * np.uint8(255))


def test_every_uint16_value_is_divided_by_257() -> None:
    every_value = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    expected = [round(Fraction(value, 257)) for value in range(65536)]
    pixels = load_pixels(every_value)
    assert pixels[:, :, 0].ravel().tolist() == expected
    assert pixels[255, 255, 0] == 255


@pytest.mark.parametrize("byte_order", ["<u2", ">u2"])
def test_uint16_of_both_byte_orders(byte_order: str) -> None:
    array = (noise(5, 7).astype(np.uint16) * 257).astype(byte_order)
    assert np.array_equal(sent_pixels(array), noise(5, 7))


@pytest.mark.parametrize("dtype", WIDE_INTEGERS)
def test_other_integers_are_taken_when_they_fit(dtype: str) -> None:
    array = noise(5, 7) // 2  # int8 ends at 127
    assert np.array_equal(sent_pixels(array.astype(dtype)), array)


@pytest.mark.parametrize(
    ("dtype", "value"),
    [
        ("int8", -1),
        ("int16", -1),
        ("int16", 256),
        ("int32", 65535),
        ("int64", -(2**40)),
        ("uint32", 256),
        ("uint64", 2**63),
    ],
)
def test_an_integer_out_of_range_is_refused(dtype: str, value: int) -> None:
    array = np.zeros((4, 4, 3), dtype)
    array[2, 1, 0] = value
    with pytest.raises(InvalidInputFormatError, match=rf"{dtype}.*{value}.*expected 0\.\.255$"):
        sent_pixels(array)


@pytest.mark.parametrize("dtype", FLOATS)
def test_a_float_image_in_0_to_1_is_multiplied(dtype: str) -> None:
    array = noise(12, 15)
    assert np.array_equal(sent_pixels(array.astype(dtype) / np.array(255, dtype)), array)


@pytest.mark.parametrize("dtype", FLOATS)
def test_a_float_image_in_0_to_255_is_rounded(dtype: str) -> None:
    array = noise(12, 15)
    array[0, 0, 0] = 255
    assert np.array_equal(sent_pixels(array.astype(dtype)), array)
    shifted = np.where(array < 255, array + 0.375, array).astype(dtype)
    assert np.array_equal(sent_pixels(shifted), array)


@settings(max_examples=50, deadline=None)
@given(array=hnp.arrays(np.float32, IMAGE_SHAPES, elements=st.floats(0, 1, width=32)))
def test_a_float_image_in_0_to_1_is_off_by_half_a_step_at_most(array: Array) -> None:
    assert np.abs(sent_pixels(array) - array.astype(np.float64) * 255).max() <= 0.5001


@settings(max_examples=50, deadline=None)
@given(array=hnp.arrays(np.float32, IMAGE_SHAPES, elements=st.floats(0, 255, width=32)))
def test_a_float_image_in_0_to_255_is_off_by_half_a_step_at_most(array: Array) -> None:
    array[0, 0, 0] = 200
    assert np.abs(sent_pixels(array) - array.astype(np.float64)).max() <= 0.5001


def test_the_documented_ambiguity_of_floats() -> None:
    assert (sent_pixels(np.ones((3, 3))) == 255).all()
    assert (sent_pixels(np.zeros((3, 3))) == 0).all()


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_refused(dtype: str, value: float) -> None:
    array = np.full((4, 4, 3), 0.5, dtype)
    array[1, 2, 0] = value
    with pytest.raises(InvalidInputFormatError, match="NaN or infinite"):
        sent_pixels(array)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("value", [-0.25, 256, 1000])
def test_a_float_out_of_range_is_refused(dtype: str, value: float) -> None:
    array = np.full((4, 4, 3), 0.5, dtype)
    array[1, 2, 0] = value
    with pytest.raises(InvalidInputFormatError, match=r"expected 0\.\.255 or 0\.\.1"):
        sent_pixels(array)


@pytest.mark.parametrize("dtype", ["complex64", "object", "S3", "U3", "datetime64[s]"])
def test_dtypes_that_are_no_image_are_refused(dtype: str) -> None:
    with pytest.raises(InvalidInputFormatError, match="expected an integer, float or bool image"):
        sent_pixels(np.zeros((2, 2), dtype=dtype))


# -- channels


@pytest.mark.parametrize("shape", [(6, 9), (6, 9, 1)])
def test_gray_becomes_three_equal_channels(shape: tuple[int, ...]) -> None:
    gray = noise(6, 9)[:, :, 0]
    assert np.array_equal(sent_pixels(gray.reshape(shape)), np.dstack([gray] * 3))


def test_the_alpha_of_gray_is_dropped() -> None:
    gray, alpha = noise(6, 9)[:, :, 0], noise(6, 9)[:, :, 1]
    assert np.array_equal(sent_pixels(np.dstack([gray, alpha])), np.dstack([gray] * 3))


def test_the_alpha_of_colour_is_dropped() -> None:
    bgr = noise(6, 9)
    assert np.array_equal(sent_pixels(np.dstack([bgr, np.zeros((6, 9), np.uint8)])), bgr)


def test_three_channels_are_blue_green_red() -> None:
    array = np.zeros((4, 4, 3), np.uint8)
    array[:, :, 2] = 200
    assert sent_pixels(array)[0, 0].tolist() == [0, 0, 200]


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((3, 48, 64), r"channels first.*transpose\(1, 2, 0\)"),
        ((1, 48, 64), "channels first"),
        ((4, 48, 64), "channels first"),
        ((2, 48, 64, 3), "is a batch: pass its images as a list"),
        ((1, 48, 64, 3), "is a batch"),
        ((48, 64, 5), r"\(48, 64, 5\): expected"),
        ((48,), r"\(48,\): expected"),
        ((), r"\(\): expected"),
        ((1, 1, 48, 64, 3), "expected"),
        ((0, 64, 3), "no pixels"),
        ((48, 0, 3), "no pixels"),
        ((0, 0), "no pixels"),
    ],
)
def test_shapes_that_are_no_image_are_refused(shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(InvalidInputFormatError, match=words):
        sent_pixels(np.zeros(shape, np.uint8))


def test_one_pixel_is_an_image() -> None:
    assert sent_pixels(np.array([[[1, 2, 3]]], np.uint8)).tolist() == [[[1, 2, 3]]]


# -- memory layouts

LAYOUTS: dict[str, Callable[[Array], Array]] = {
    "Fortran order": np.asfortranarray,
    "upside down": lambda array: array[::-1],
    "mirrored": lambda array: array[:, ::-1],
    "channels reversed": lambda array: array[:, :, ::-1],
    "every second pixel": lambda array: array[::2, ::2],
    "a crop": lambda array: array[2:7, 3:9],
    "axes swapped": lambda array: array.transpose(1, 0, 2),
    "read only": lambda array: np.frombuffer(array.tobytes(), array.dtype).reshape(array.shape),
    "one row repeated": lambda array: np.broadcast_to(array[:1], array.shape),
}


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_in_memory_does_not_matter(layout: str, dtype: str) -> None:
    array = LAYOUTS[layout](noise(10, 14))
    in_dtype = LAYOUTS[layout](noise(10, 14).astype(dtype) * (257 if dtype == "uint16" else 1))
    assert np.array_equal(sent_pixels(in_dtype), array)


def test_subclasses_of_arrays_are_read_as_arrays() -> None:
    gray = noise(4, 5)[:, :, 0]
    expected = np.dstack([gray] * 3)
    assert np.array_equal(sent_pixels(np.ma.MaskedArray(gray, mask=gray > 100)), expected)
    assert np.array_equal(sent_pixels(gray.view(np.recarray)), expected)
    assert np.array_equal(sent_pixels(np.ascontiguousarray(gray).view(np.matrix)), expected)
