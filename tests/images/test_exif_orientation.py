"""However a rotated photograph is handed over, the server sees the same upright picture.

The picture has one colour per quarter, so that each of the eight orientations looks different.
"""

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
from tests.images.pictures import ORIENTATION, Pixels, decoded, decoded_unturned, encoded, sent, to_bgr

UPRIGHT_SIZE = Size(128, 64)

# How the stored pixels are made from the upright ones, by the definition of the EXIF standard: orientation 6 means
# "row 0 is the right side of the scene, column 0 its top".
STORED: dict[int, Callable[[Pixels], Pixels]] = {
    1: lambda upright: upright,
    2: np.fliplr,
    3: lambda upright: np.rot90(upright, 2),
    4: np.flipud,
    5: lambda upright: upright.transpose(1, 0, 2),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: np.rot90(upright, 2).transpose(1, 0, 2),
    8: lambda upright: np.rot90(upright, -1),
}
ORIENTATIONS = sorted(STORED)
JPEG_ERROR = 6
"""A JPEG of flat colours comes back within this, away from the edges."""


def upright_picture() -> Pixels:
    """RGB (64, 128, 3): red, green / blue, white."""
    picture = np.zeros((64, 128, 3), np.uint8)
    picture[:32, :64] = (220, 20, 20)
    picture[:32, 64:] = (20, 220, 20)
    picture[32:, :64] = (20, 20, 220)
    picture[32:, 64:] = (230, 230, 230)
    return picture


def photograph_file(orientation: int, file_format: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    options: dict[str, Any] = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"lossless": True}}
    stored = np.ascontiguousarray(STORED[orientation](upright_picture()))
    return encoded(stored, file_format, exif=exif, **options.get(file_format, {}))


def quarters(bgr: Pixels) -> Pixels:
    """The colours in the middle of the four quarters; an upright picture is wide."""
    height, width = bgr.shape[:2]
    places = [(height // 4, width // 4), (height // 4, 3 * width // 4)]
    places += [(3 * height // 4, width // 4), (3 * height // 4, 3 * width // 4)]
    return np.array([bgr[place] for place in places])


def looks_like(bgr: Pixels, reference: Pixels) -> bool:
    """Whether two pictures have the same shape and the same colour in each quarter."""
    difference = np.abs(quarters(bgr).astype(int) - quarters(reference).astype(int)).max()
    return (bgr.shape[0] > bgr.shape[1]) == (reference.shape[0] > reference.shape[1]) and bool(difference <= JPEG_ERROR)


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
