"""Photographs as cameras write them that were held in one of eight ways; the EXIF orientation says in which.

The picture has one colour per quarter, so that each of the eight orientations looks different.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image

from inference_ext.images import Size
from tests.images.pictures import ORIENTATION, Pixels, encoded

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
