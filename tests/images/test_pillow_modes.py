"""Pictures of Pillow in every mode become the documented pixels."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from inference_ext.errors import InvalidInputFormatError
from tests.images.pictures import Pixels, encoded, sent_pixels, small_photograph, to_bgr

RGB = (200, 100, 50)
GRAY = 120


def _rgb() -> Image.Image:
    return Image.fromarray(small_photograph())


def _gray() -> Image.Image:
    return _rgb().convert("L")


def _gray_bgr() -> Pixels:
    return np.dstack([np.asarray(_gray())] * 3)


def _with_alpha(picture: Image.Image) -> Image.Image:
    """Half of it transparent: the colours underneath must come through all the same."""
    alpha = Image.new("L", picture.size, 255)
    alpha.paste(0, (0, 0, picture.width // 2, picture.height))
    picture.putalpha(alpha)
    return picture


LOSSLESS: dict[str, Callable[[], Image.Image]] = {
    "RGB": _rgb,
    "RGBA": lambda: _with_alpha(_rgb()),
    "RGBX": lambda: _rgb().convert("RGBX"),
    "L": _gray,
    "LA": lambda: _with_alpha(_gray()),
    "I": lambda: _gray().convert("I"),
    "F": lambda: _gray().convert("F"),
    "I;16": lambda: Image.fromarray(np.asarray(_gray()).astype("<u2") * 257),
    "I;16B": lambda: Image.fromarray((np.asarray(_gray()).astype(np.uint16) * 257).astype(">u2")),
}


@pytest.mark.parametrize("mode", LOSSLESS)
def test_modes_that_hold_the_picture_exactly(mode: str) -> None:
    picture = LOSSLESS[mode]()
    assert picture.mode == mode
    expected = to_bgr(small_photograph()) if mode.startswith("RGB") else _gray_bgr()
    assert np.array_equal(sent_pixels(picture), expected)


def test_mode_1_is_black_and_white() -> None:
    bits = np.asarray(_gray()) > 100
    picture = Image.fromarray(bits)
    assert picture.mode == "1"
    assert np.array_equal(sent_pixels(picture), np.dstack([bits * np.uint8(255)] * 3))


@pytest.mark.parametrize("transparency", [None, 0, bytes(range(256))])
def test_a_palette_is_looked_up_with_and_without_transparency(transparency: int | bytes | None) -> None:
    picture = _rgb().quantize(64)
    expected = to_bgr(np.asarray(picture.convert("RGB")))
    if transparency is not None:
        picture.info["transparency"] = transparency
    assert picture.mode == "P"
    assert np.array_equal(sent_pixels(picture), expected)


@pytest.mark.parametrize("transparency", [3, bytes(range(0, 160, 10))])
def test_a_palette_with_transparency_that_was_read_from_a_file(transparency: int | bytes) -> None:
    quantized = _rgb().quantize(16)
    data = encoded(quantized, "PNG", transparency=transparency)
    expected = to_bgr(np.asarray(quantized.convert("RGB")))
    assert np.array_equal(sent_pixels(data), expected)
    with Image.open(BytesIO(data)) as picture:
        assert np.array_equal(sent_pixels(picture), expected)


@pytest.mark.parametrize(("mode", "transparency"), [("L", 120), ("RGB", RGB), ("1", 0)])
def test_a_transparent_colour_is_sent_as_that_colour(mode: str, transparency: int | tuple[int, ...]) -> None:
    picture = _rgb().convert(mode)
    expected = sent_pixels(picture)
    with Image.open(BytesIO(encoded(picture, "PNG", transparency=transparency))) as read:
        assert "transparency" in read.info
        assert np.array_equal(sent_pixels(read), expected)


def test_a_palette_with_alpha() -> None:
    palette = _rgb().quantize(64)
    picture = palette.convert("PA")
    assert picture.mode == "PA"
    assert np.array_equal(sent_pixels(picture), to_bgr(np.asarray(palette.convert("RGB"))))


@pytest.mark.parametrize("mode", ["RGBa", "La"])
def test_premultiplied_alpha_is_divided_out(mode: str) -> None:
    straight = {"RGBa": "RGBA", "La": "LA"}[mode]
    colour = (*RGB, 255) if mode == "RGBa" else (GRAY, 255)
    picture = Image.new(straight, (6, 4), colour).convert(mode)
    assert picture.mode == mode
    assert sent_pixels(picture)[1, 1].tolist() == (list(RGB[::-1]) if mode == "RGBa" else [GRAY] * 3)


def test_premultiplied_alpha_under_half_transparency() -> None:
    picture = Image.new("RGBA", (6, 4), (*RGB, 128)).convert("RGBa")
    assert np.abs(sent_pixels(picture)[1, 1].astype(int) - RGB[::-1]).max() <= 2


# White, black and primary colours as each colour model writes them; how exact it is by definition.
COLOUR_MODELS = [
    ("CMYK", (0, 0, 0, 0), (255, 255, 255), 0),
    ("CMYK", (0, 255, 255, 0), (255, 0, 0), 0),
    ("CMYK", (0, 0, 0, 255), (0, 0, 0), 0),
    ("YCbCr", (255, 128, 128), (255, 255, 255), 0),
    ("YCbCr", (76, 85, 255), (255, 0, 0), 2),
    ("YCbCr", (29, 255, 107), (0, 0, 255), 2),
    ("HSV", (0, 255, 255), (255, 0, 0), 0),
    ("HSV", (85, 255, 255), (0, 255, 0), 2),
    ("HSV", (170, 0, 90), (90, 90, 90), 0),
    ("LAB", (255, 128, 128), (255, 255, 255), 2),
    ("LAB", (0, 128, 128), (0, 0, 0), 2),
    ("LAB", (136, 208, 195), (255, 0, 0), 12),  # another white point
]


@pytest.mark.parametrize(("mode", "value", "rgb", "tolerance"), COLOUR_MODELS)
def test_colour_models(mode: str, value: tuple[int, ...], rgb: tuple[int, ...], tolerance: int) -> None:
    bands = [Image.new("L", (6, 4), band) for band in value]
    pixel = sent_pixels(Image.merge(mode, bands))[2, 3]
    assert np.abs(pixel.astype(int) - rgb[::-1]).max() <= tolerance


# -- more than eight bits


@pytest.mark.parametrize("mode", ["I;16", "I;16L", "I;16B", "I;16N"])
@pytest.mark.parametrize(("value", "expected"), [(0, 0), (257, 1), (32896, 128), (65535, 255), (200, 1)])
def test_sixteen_bits_are_divided_by_257(mode: str, value: int, expected: int) -> None:
    assert (sent_pixels(Image.new(mode, (5, 4), value)) == expected).all()


def test_32_bits_that_hold_16_bit_values_are_divided_too() -> None:
    values = np.array([[0, 257, 32896, 65535]], np.int32)
    assert sent_pixels(Image.fromarray(values))[0, :, 0].tolist() == [0, 1, 128, 255]


@pytest.mark.parametrize("value", [-1, 65536])
def test_32_bits_out_of_every_range_are_refused(value: int) -> None:
    with pytest.raises(InvalidInputFormatError, match=str(value)):
        sent_pixels(Image.fromarray(np.array([[0, value]], np.int32)))


def test_floats_follow_the_rule_of_arrays() -> None:
    fractions = np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16)
    assert sent_pixels(Image.fromarray(fractions))[:, :, 0].ravel().tolist() == list(range(256))
    with pytest.raises(InvalidInputFormatError, match="NaN"):
        sent_pixels(Image.fromarray(np.array([[0.5, np.nan]], np.float32)))


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_a_file_of_16_bits_looks_like_the_same_picture_in_pillow(file_format: str) -> None:
    picture = Image.fromarray(np.asarray(_gray()).astype(np.uint16) * 257)
    through_file = sent_pixels(encoded(picture, file_format))
    assert np.abs(through_file.astype(int) - sent_pixels(picture)).max() <= 1


# -- what cannot be sent


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (0, 0)])
def test_a_picture_without_pixels_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(InvalidInputFormatError, match="no pixels"):
        sent_pixels(Image.new("RGB", size))


def test_the_callers_picture_is_left_alone() -> None:
    picture = _with_alpha(_rgb())
    before = picture.tobytes()
    sent_pixels(picture)
    assert (picture.mode, picture.tobytes()) == ("RGBA", before)
