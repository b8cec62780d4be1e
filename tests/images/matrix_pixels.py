"""Decoded pictures of the matrix: arrays of each kind, and PIL images of each mode."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from tests.images.pictures import ORIENTATION, Pixels, small_photograph, to_bgr
from tests.images.turned_pictures import STORED

__all__ = ["ARRAYS", "MODES"]

Row = tuple[Callable[[], Any], "Pixels | str"]
"""Makes the input; and the BGR pixels that are meant, or words of the refusal."""


def _rgb() -> Image.Image:
    return Image.fromarray(small_photograph())


def _bgr() -> Pixels:
    return to_bgr(small_photograph())


def _gray() -> Pixels:
    return np.asarray(_rgb().convert("L"))


def _gray_bgr() -> Pixels:
    return np.dstack([_gray()] * 3)


def _alpha() -> Pixels:
    return np.broadcast_to(np.arange(90, dtype=np.uint8), (60, 90))


def _with(place: tuple[int, ...], value: float, dtype: str) -> np.ndarray[Any, Any]:
    array = (_bgr() // 2).astype(dtype)
    array[place] = value
    return array


def _bits() -> Pixels:
    return np.dstack([(_gray() > 100) * np.uint8(255)] * 3)


ARRAYS: dict[str, Row] = {
    "uint8": (_bgr, _bgr()),
    "uint16": (lambda: _bgr().astype(np.uint16) * 257, _bgr()),
    "bool": (lambda: _gray() > 100, _bits()),
    "int8 of 0..127": (lambda: (_bgr() // 2).astype(np.int8), _bgr() // 2),
    "int16 of 0..255": (lambda: _bgr().astype(np.int16), _bgr()),
    "int32 of 0..255": (lambda: _bgr().astype(np.int32), _bgr()),
    "int64 of 0..255": (lambda: _bgr().astype(np.int64), _bgr()),
    "float32 of 0..1": (lambda: _bgr().astype(np.float32) / 255, _bgr()),
    "float64 of 0..1": (lambda: _bgr() / 255, _bgr()),
    "float32 of 0..255": (lambda: _bgr().astype(np.float32), _bgr()),
    "gray (height, width)": (_gray, _gray_bgr()),
    "gray (height, width, 1)": (lambda: _gray()[:, :, np.newaxis], _gray_bgr()),
    "gray with alpha": (lambda: np.dstack([_gray(), _alpha()]), _gray_bgr()),
    "BGRA": (lambda: np.dstack([_bgr(), _alpha()]), _bgr()),
    "every second pixel of a larger array": (
        lambda: np.repeat(np.repeat(_bgr(), 2, axis=0), 2, axis=1)[::2, ::2],
        _bgr(),
    ),
    "upside down view": (lambda: np.ascontiguousarray(_bgr()[::-1])[::-1], _bgr()),
    "Fortran order": (lambda: np.asfortranarray(_bgr()), _bgr()),
    "read only": (lambda: np.frombuffer(_bgr().tobytes(), np.uint8).reshape(60, 90, 3), _bgr()),
    "int8 below 0": (lambda: _with((1, 2, 0), -1, "int8"), "expected 0..255"),
    "int16 above 255": (lambda: _with((1, 2, 0), 256, "int16"), "expected 0..255"),
    "int32 of 16 bits": (lambda: _bgr().astype(np.int32) * 257, "expected 0..255"),
    "int64 below 0": (lambda: _with((1, 2, 0), -(2**40), "int64"), "expected 0..255"),
    "float with NaN": (lambda: _with((1, 2, 0), np.nan, "float32"), "NaN or infinite values: expected"),
    "float with infinity": (lambda: _with((1, 2, 0), np.inf, "float32"), "NaN or infinite values: expected"),
    "float below 0": (lambda: _with((1, 2, 0), -0.5, "float32"), "expected 0..255 or 0..1"),
    "float above 255": (lambda: _with((1, 2, 0), 256, "float32"), "expected 0..255 or 0..1"),
    "complex": (lambda: _bgr().astype(np.complex64), "expected an integer, float or bool image"),
    "no rows": (lambda: np.zeros((0, 90, 3), np.uint8), "pass an image with at least one"),
    "no columns": (lambda: np.zeros((60, 0, 3), np.uint8), "pass an image with at least one"),
    "channels first": (lambda: _bgr().transpose(2, 0, 1), "use array.transpose(1, 2, 0)"),
    "four dimensions": (lambda: _bgr()[np.newaxis], "pass its images as a list"),
    "one dimension": (lambda: _bgr().ravel(), "expected (height, width)"),
    "five channels": (lambda: np.dstack([_bgr(), _bgr()[:, :, :2]]), "1 to 4 channels"),
    "too many pixels": (lambda: np.broadcast_to(np.uint8(7), (20_000, 20_000, 3)), "max_image_pixels"),
}


def _with_alpha(picture: Image.Image) -> Image.Image:
    picture.putalpha(Image.fromarray(np.ascontiguousarray(_alpha())))
    return picture


def _converted(mode: str) -> Row:
    """A mode that holds the colours in another way; Pillow's own way back is what is meant."""
    picture = _rgb().convert(mode)
    return lambda: _rgb().convert(mode), to_bgr(np.asarray(picture.convert("RGB")))


def _opaque(mode: str) -> Row:
    straight = {"RGBa": "RGBA", "La": "LA"}[mode]
    return lambda: _rgb().convert(straight).convert(mode), _bgr() if mode == "RGBa" else _gray_bgr()


def _palette(mode: str = "P", **info: Any) -> Row:
    palette = _rgb().quantize(16)

    def make() -> Image.Image:
        picture = _rgb().quantize(16).convert(mode)
        picture.info.update(info)
        return picture

    return make, to_bgr(np.asarray(palette.convert("RGB")))


def _lab() -> Image.Image:
    return Image.merge("LAB", [_rgb().convert("L"), Image.new("L", (90, 60), 150), Image.new("L", (90, 60), 100)])


def _sixteen_bits(mode: str) -> Image.Image:
    return Image.frombytes(mode, (90, 60), (_gray().astype(np.uint16) * 257).astype("<u2").tobytes())


def _turned(orientation: int) -> Row:
    def make() -> Image.Image:
        picture = Image.fromarray(np.ascontiguousarray(STORED[orientation](small_photograph())))
        picture.getexif()[ORIENTATION] = orientation
        return picture

    return make, _bgr()


MODES: dict[str, Row] = {
    "1": (lambda: Image.fromarray(_gray() > 100), _bits()),
    "L": (lambda: _rgb().convert("L"), _gray_bgr()),
    "LA": (lambda: _with_alpha(_rgb().convert("L")), _gray_bgr()),
    "La": _opaque("La"),
    "P": _palette(),
    "P, one colour transparent": _palette(transparency=3),
    "P, transparencies": _palette(transparency=bytes(range(0, 160, 10))),
    "PA": _palette("PA"),
    "RGB": (_rgb, _bgr()),
    "RGBA": (lambda: _with_alpha(_rgb()), _bgr()),
    "RGBa": _opaque("RGBa"),
    "RGBX": (lambda: _rgb().convert("RGBX"), _bgr()),
    "CMYK": _converted("CMYK"),
    "YCbCr": _converted("YCbCr"),
    "HSV": _converted("HSV"),
    "LAB": (_lab, to_bgr(np.asarray(_lab().convert("RGB")))),
    "I of 0..255": (lambda: Image.fromarray(_gray().astype(np.int32)), _gray_bgr()),
    "I of 16 bits": (lambda: Image.fromarray(_gray().astype(np.int32) * 257), _gray_bgr()),
    "I;16": (lambda: _sixteen_bits("I;16"), _gray_bgr()),
    "I;16L": (lambda: _sixteen_bits("I;16L"), _gray_bgr()),
    "I;16B": (
        lambda: Image.frombytes("I;16B", (90, 60), (_gray().astype(np.uint16) * 257).astype(">u2").tobytes()),
        _gray_bgr(),
    ),
    "F of 0..1": (lambda: Image.fromarray(_gray().astype(np.float32) / 255), _gray_bgr()),
    "F of 0..255": (lambda: Image.fromarray(_gray().astype(np.float32)), _gray_bgr()),
    **{f"RGB, orientation {orientation}": _turned(orientation) for orientation in sorted(STORED)},
    "I below 0": (lambda: Image.fromarray(_gray().astype(np.int32) - 300), "expected 0..255"),
    "I above 16 bits": (lambda: Image.fromarray(_gray().astype(np.int32) * 1000), "expected 0..255"),
    "F with NaN": (lambda: Image.fromarray(_with((1, 2), np.nan, "float32")[:, :, 0]), "expected 0..1 or 0..255"),
    "no pixels": (lambda: Image.new("RGB", (0, 5)), "has no pixels"),
}
