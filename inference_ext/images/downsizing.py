"""Shrinking images before they are sent, never enlarging them."""

from __future__ import annotations

from io import BytesIO
from typing import Literal

from attrs import frozen

from .pixels import BGRPixels

__all__ = ["Size", "encoded_size", "fit_within", "reduction_for", "shrink"]

_WIDTH, _HEIGHT, _ORIENTATION = 0x0100, 0x0101, 0x0112  # EXIF, as in TIFF


@frozen
class Size:
    """Width and height in pixels, of the image as it is seen (upright)."""

    width: int
    height: int


def fit_within(size: Size, limit: Size) -> Size:
    """Give the size an image has after shrinking into `limit` with its aspect kept; never larger than it is.

    Both sides are scaled by the smaller of the two ratios and rounded; a side never falls below one pixel.
    """
    ratio = min(limit.width / size.width, limit.height / size.height)
    if ratio >= 1:
        return size
    return Size(max(1, round(size.width * ratio)), max(1, round(size.height * ratio)))


def reduction_for(size: Size, target: Size) -> Literal[1, 2, 4, 8]:
    """Give the largest reduced-scale decode (1/2, 1/4, 1/8) that still is at least as large as the target."""
    for factor in (8, 4, 2):
        if size.width // factor >= target.width and size.height // factor >= target.height:
            return factor
    return 1


def shrink(pixels: BGRPixels, target: Size) -> BGRPixels:
    """Resize to the target by averaging areas, which does not alias."""
    import cv2
    import numpy as np

    if (pixels.shape[1], pixels.shape[0]) == (target.width, target.height):
        return pixels
    return np.asarray(cv2.resize(pixels, (target.width, target.height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def encoded_size(data: bytes, *, upright: bool) -> Size | None:
    """Read an image's size from its header without decoding it; `None` when the header tells nothing."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data)) as image:
            width, height = image.size
            exif = image.getexif()
            turned = exif.get(_ORIENTATION) in (5, 6, 7, 8)
            if image.format == "TIFF":
                # OpenCV and Pillow turn TIFF files whatever they are asked; some versions of Pillow report the
                # turned size, so the sides are read as the file has them.
                width, height = exif[_WIDTH], exif[_HEIGHT]
            else:
                turned = turned and upright
    except (OSError, ValueError, KeyError, SyntaxError, Image.DecompressionBombError, Warning):
        # Decoding will tell, and say what is wrong. Pillow's warnings are exceptions where the caller made them so.
        return None
    return Size(height, width) if turned else Size(width, height)
