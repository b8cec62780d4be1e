from __future__ import annotations

import base64
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from inference_ext import InvalidResponseError
from inference_ext.results.depth_map import decode_depth_map


def png(levels: np.ndarray[Any, Any]) -> bytes:
    return cv2.imencode(".png", levels)[1].tobytes()


def text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@given(arrays(np.uint16, st.tuples(st.integers(1, 20), st.integers(1, 20))))
def test_16_bits_are_fractions_of_65535(levels: np.ndarray[Any, Any]) -> None:
    depth = decode_depth_map(text(png(levels)))
    assert depth.dtype == np.float32
    assert depth.shape == levels.shape
    np.testing.assert_array_equal(np.rint(depth.astype(np.float64) * 65535), levels)


@given(arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20))))
def test_8_bits_are_fractions_of_255(levels: np.ndarray[Any, Any]) -> None:
    depth = decode_depth_map(text(png(levels)))
    assert depth.dtype == np.float32
    assert depth.shape == levels.shape
    np.testing.assert_array_equal(np.rint(depth.astype(np.float64) * 255), levels)


@given(arrays(np.float32, (7, 5), elements=st.floats(0, 1, width=32)), st.sampled_from([np.uint8, np.uint16]))
def test_depth_comes_back_within_half_a_level(depth: np.ndarray[Any, Any], levels: type[np.uint8 | np.uint16]) -> None:
    highest = np.iinfo(levels).max
    sent = np.rint(depth.astype(np.float64) * highest).astype(levels)
    assert np.abs(decode_depth_map(text(png(sent))).astype(np.float64) - depth).max() <= 0.5 / highest + 1e-6


def test_nearest_and_farthest_are_exactly_one_and_zero() -> None:
    for levels in (np.array([[0, 255]], np.uint8), np.array([[0, 65535]], np.uint16)):
        np.testing.assert_array_equal(decode_depth_map(text(png(levels))), np.array([[0.0, 1.0]], np.float32))


def test_nested_lists_stay_what_they_are() -> None:
    lists = [[0.25, 1.0], [0.5, 0.0]]
    assert decode_depth_map(lists) is lists


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("not base64!", "not base64 text"),
        ("", "not a complete PNG"),
        (text(b"<html>"), "not a complete PNG"),
        (text(cv2.imencode(".jpg", np.zeros((4, 4), np.uint8))[1].tobytes()), "not a complete PNG"),
        (text(png(np.zeros((40, 40), np.uint16))[:-30]), "not a complete PNG"),
        (text(b"\x89PNG\r\n\x1a\n" + bytes(20) + b"IEND\xaeB`\x82"), "not a complete PNG"),
        (text(png(np.zeros((4, 4, 3), np.uint8))), "3 channels"),
    ],
)
def test_what_is_no_grey_png_is_an_error(value: str, message: str) -> None:
    with pytest.raises(InvalidResponseError, match=message):
        decode_depth_map(value)
