"""Pixels to file bytes."""

from __future__ import annotations

from functools import partial
from typing import Literal

from ..errors import EncodingError
from .jpeg_strips import encode_in_strips
from .pixels import BGRPixels

__all__ = ["LARGEST_JPEG_SIDE", "encode_pixels"]

LARGEST_JPEG_SIDE = 65500
"""Pixels. The format has 16 bits for each side, but libjpeg stops at this."""


def encode_pixels(
    pixels: BGRPixels, image_format: Literal["jpeg", "png"], jpeg_quality: int, *, uses_idle_cores: bool
) -> bytes:
    """Encode BGR pixels as a JPEG (4:2:0 colour) or a PNG (lossless).

    Args:
        pixels: The image.
        image_format: JPEG or PNG.
        jpeg_quality: 1 to 100.
        uses_idle_cores: Encode a large JPEG on several cores at a time; it has the same pixels then.

    Raises:
        EncodingError: The encoder refused, for instance because a side exceeds JPEG's 65,500 pixels.

    """
    height, width = pixels.shape[:2]
    if image_format == "jpeg" and max(height, width) > LARGEST_JPEG_SIDE:
        raise EncodingError(
            f"an image of {width}x{height} pixels is too large for JPEG ({LARGEST_JPEG_SIDE} a side): "
            "set image_format='png', or shrink it (client_downsizing_disabled=False)"
        )
    if image_format == "jpeg":
        encode = partial(_encode_jpeg, quality=jpeg_quality)
        return encode_in_strips(pixels, encode) if uses_idle_cores else encode(pixels, 0)
    return _encode(pixels, ".png", [])


def _encode_jpeg(pixels: BGRPixels, restart_interval: int, quality: int) -> bytes:
    import cv2

    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    if restart_interval:
        options += [cv2.IMWRITE_JPEG_RST_INTERVAL, restart_interval]
    return _encode(pixels, ".jpg", options)


def _encode(pixels: BGRPixels, extension: str, options: list[int]) -> bytes:
    import cv2

    size = f"{pixels.shape[1]}x{pixels.shape[0]}"
    try:
        done, encoded = cv2.imencode(extension, pixels, options)
    except cv2.error as error:
        raise EncodingError(f"an image of {size} pixels could not be encoded: {error}") from error
    if not done:
        raise EncodingError(f"an image of {size} pixels could not be encoded as {extension[1:]}")
    return encoded.tobytes()
