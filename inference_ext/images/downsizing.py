"""Shrinking images before they are sent, never enlarging them."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from .pixels import BGRPixels

__all__ = ["Size", "fit_within", "reduction_for", "shrink"]


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
