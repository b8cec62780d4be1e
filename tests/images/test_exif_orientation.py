"""However a rotated photograph is handed over, the server sees the same upright picture."""

from __future__ import annotations

import base64
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inference_ext.images import Size, load_pixels
from tests.images.pictures import ORIENTATION, decoded, decoded_unturned, encoded, sent, to_bgr
from tests.images.turned_pictures import (
    ORIENTATIONS,
    STORED,
    UPRIGHT_SIZE,
    looks_like,
    photograph_file,
    quarters,
    upright_picture,
)

HANDED_OVER: dict[str, Callable[[bytes, Path], Any]] = {
    "path": lambda _data, path: path,
    "bytes": lambda data, _path: data,
    "base64": lambda data, _path: base64.b64encode(data).decode("ascii"),
    "file object": lambda data, _path: BytesIO(data),
    "PIL": lambda data, _path: Image.open(BytesIO(data)),
}


@pytest.fixture(params=HANDED_OVER)
def hand_over(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[bytes], Any]:
    """Turns the bytes of a file into one kind of input."""
    kind: str = request.param

    def make(data: bytes) -> Any:
        path = tmp_path / "photograph"
        path.write_bytes(data)
        return HANDED_OVER[kind](data, path)

    return make


def test_the_reference_is_what_pillow_and_opencv_make_of_the_files() -> None:
    for orientation in ORIENTATIONS:
        assert looks_like(decoded(photograph_file(orientation)), to_bgr(upright_picture()))


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_at_full_size_the_server_sees_it_upright(orientation: int, hand_over: Callable[[bytes], Any]) -> None:
    image = sent(hand_over(photograph_file(orientation)))
    pixels = decoded(image.data)
    assert pixels.shape == (64, 128, 3)
    assert looks_like(pixels, to_bgr(upright_picture()))


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("image_format", ["png", "jpeg"])
def test_downsized_it_is_upright_and_the_file_says_nothing_else(
    orientation: int, image_format: str, hand_over: Callable[[bytes], Any]
) -> None:
    image = sent(hand_over(photograph_file(orientation)), limit=Size(32, 32), image_format=image_format)
    assert (image.original, image.sent) == (UPRIGHT_SIZE, Size(32, 16))
    pixels = decoded(image.data)
    assert pixels.shape == (16, 32, 3)
    assert looks_like(pixels, to_bgr(upright_picture()))
    with Image.open(BytesIO(image.data)) as file:
        assert ORIENTATION not in file.getexif()  # the server would turn it once more


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_downsized_and_not_turned_it_stays_as_stored(orientation: int, hand_over: Callable[[bytes], Any]) -> None:
    image = sent(hand_over(photograph_file(orientation)), limit=Size(32, 32), upright=False)
    stored = to_bgr(np.ascontiguousarray(STORED[orientation](upright_picture())))
    assert image.original == Size(stored.shape[1], stored.shape[0])
    assert looks_like(decoded(image.data), stored)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_at_full_size_and_not_turned_it_stays_as_stored(orientation: int, hand_over: Callable[[bytes], Any]) -> None:
    # The server is asked not to turn it either (disable_preproc_auto_orient), so the file is read without EXIF.
    image = sent(hand_over(photograph_file(orientation)), upright=False)
    stored = to_bgr(np.ascontiguousarray(STORED[orientation](upright_picture())))
    assert looks_like(decoded_unturned(image.data), stored)


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_load_pixels_agrees(orientation: int, hand_over: Callable[[bytes], Any]) -> None:
    data = photograph_file(orientation)
    assert looks_like(load_pixels(hand_over(data)), to_bgr(upright_picture()))
    stored = to_bgr(np.ascontiguousarray(STORED[orientation](upright_picture())))
    assert looks_like(load_pixels(hand_over(data), upright=False), stored)


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("limit", [None, Size(32, 32), Size(100, 40), Size(200, 100)])
def test_other_formats_with_exif_are_exactly_upright(
    file_format: str, orientation: int, limit: Size | None, hand_over: Callable[[bytes], Any]
) -> None:
    image = sent(hand_over(photograph_file(orientation, file_format)), limit=limit)
    shrunk = {Size(32, 32): Size(32, 16), Size(100, 40): Size(80, 40)}.get(limit or UPRIGHT_SIZE)
    assert image.sent == shrunk
    assert image.original == (UPRIGHT_SIZE if shrunk else None)
    pixels = decoded(image.data)
    assert pixels.shape[:2] == ((shrunk.height, shrunk.width) if shrunk else (64, 128))
    assert np.array_equal(quarters(pixels), quarters(to_bgr(upright_picture())))


@pytest.mark.parametrize("orientation", ORIENTATIONS)
@pytest.mark.parametrize("limit", [None, Size(32, 32), Size(100, 40)])
def test_tiff_is_always_turned_by_every_decoder(
    orientation: int, limit: Size | None, hand_over: Callable[[bytes], Any]
) -> None:
    image = sent(hand_over(photograph_file(orientation, "TIFF")), limit=limit, upright=False)
    assert image.original in (None, UPRIGHT_SIZE)
    assert np.array_equal(quarters(decoded(image.data)), quarters(to_bgr(upright_picture())))


@pytest.mark.parametrize("orientation", [0, 9, 200])
def test_an_orientation_that_does_not_exist_means_upright(orientation: int, hand_over: Callable[[bytes], Any]) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    data = encoded(upright_picture(), "JPEG", exif=exif, quality=95)
    image = sent(hand_over(data), limit=Size(32, 32))
    assert (image.original, image.sent) == (UPRIGHT_SIZE, Size(32, 16))
    assert looks_like(decoded(image.data), to_bgr(upright_picture()))
