"""A JPEG that was encoded in strips shows the very pixels of one that was encoded in one piece."""

from __future__ import annotations

import threading
from functools import partial
from io import BytesIO

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from inference_ext.images.encoding import encode_pixels
from inference_ext.images.jpeg_strips import encode_as_strips
from tests.images.pictures import Pixels, decoded


def encode(pixels: Pixels, restart_interval: int, quality: int = 95) -> bytes:
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_RST_INTERVAL, restart_interval]
    return cv2.imencode(".jpg", pixels, options)[1].tobytes()


def textured(height: int, width: int, seed: int) -> Pixels:
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (max(1, height // 9), max(1, width // 7), 3), np.uint8)
    picture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    noise = random.integers(-20, 21, picture.shape)
    return np.clip(picture.reshape(height, width, 3) + noise.reshape(height, width, 3), 0, 255).astype(np.uint8)


@settings(max_examples=150, deadline=None)
@given(
    height=st.integers(1, 260),
    width=st.integers(1, 260),
    strips=st.integers(1, 20),
    quality=st.integers(1, 100),
    seed=st.integers(0, 5),
)
def test_every_size_in_any_number_of_strips(height: int, width: int, strips: int, quality: int, seed: int) -> None:
    pixels = textured(height, width, seed)
    whole = encode(pixels, 0, quality)
    data = encode_as_strips(pixels, partial(encode, quality=quality), strips)
    assert np.array_equal(decoded(data), decoded(whole))
    with Image.open(BytesIO(data)) as picture, Image.open(BytesIO(whole)) as expected:
        assert picture.size == (width, height)
        assert picture.tobytes() == expected.tobytes()  # by another decoder


def test_an_interval_too_long_for_the_format_is_not_used() -> None:
    """65,500 pixels in a row make 4,094 blocks, so that 17 rows of blocks are beyond 16 bits."""
    pixels = np.zeros((16 * 36, 65_500, 3), np.uint8)
    assert np.array_equal(decoded(encode_as_strips(pixels, encode, 2)), decoded(encode(pixels, 0)))


def test_large_arrays_from_many_threads_at_a_time_come_out_right() -> None:
    pictures = [textured(900, 1200, seed) for seed in range(6)]
    encoded: dict[int, bytes] = {}
    threads = [
        threading.Thread(
            target=lambda seed=seed: encoded.update(
                {seed: encode_pixels(pictures[seed], "jpeg", 90, uses_idle_cores=True)}
            )
        )
        for seed in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for seed, picture in enumerate(pictures):
        assert np.array_equal(decoded(encoded[seed]), decoded(encode(picture, 0, 90)))


def test_a_failure_in_a_strip_is_the_failure_of_the_image() -> None:
    def failing(pixels: Pixels, restart_interval: int) -> bytes:
        if pixels[0, 0, 0] == 7:
            raise MemoryError("no room")
        return encode(pixels, restart_interval)

    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[32:] = 7
    with pytest.raises(MemoryError, match="no room"):
        encode_as_strips(pixels, failing, 2)
