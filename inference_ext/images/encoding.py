"""Pixels to file bytes, and file bytes to pixels."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from ..errors import EncodingError, InvalidInputFormatError
from .formats import is_cut_short, sniff_format
from .jpeg_strips import encode_in_strips
from .pixels import BGRPixels, pillow_to_bgr

if TYPE_CHECKING:
    import numpy as np
else:
    from ..deferred_numpy import np

__all__ = ["LARGEST_JPEG_SIDE", "cut_short_error", "decode_pixels", "encode_pixels"]

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


def decode_pixels(data: bytes, origin: str, *, upright: bool, reduction: Literal[1, 2, 4, 8] = 1) -> BGRPixels:
    """Decode the bytes of an image file.

    Args:
        data: The encoded image, in any format OpenCV or Pillow reads.
        origin: Words for error messages that tell which input this is.
        upright: Turn the image by its EXIF orientation.
        reduction: Decode at 1/2, 1/4 or 1/8 of the size (cheap for JPEG, where whole blocks are skipped).

    Raises:
        InvalidInputFormatError: Neither library can decode it, or it is cut short.

    """
    import cv2

    media_type = sniff_format(data)
    if media_type is not None and is_cut_short(data, media_type):
        raise cut_short_error(data, origin)
    if media_type == "image/webp":
        return _decode_with_pillow(data, origin, upright=upright)  # OpenCV 4 ignores its EXIF orientation
    flags = {
        1: cv2.IMREAD_COLOR,
        2: cv2.IMREAD_REDUCED_COLOR_2,
        4: cv2.IMREAD_REDUCED_COLOR_4,
        8: cv2.IMREAD_REDUCED_COLOR_8,
    }[reduction]
    if not upright:
        flags |= cv2.IMREAD_IGNORE_ORIENTATION
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        pixels = None
    if pixels is not None:
        return np.asarray(pixels, dtype=np.uint8)
    return _decode_with_pillow(data, origin, upright=upright)


def cut_short_error(data: bytes, origin: str) -> InvalidInputFormatError:
    """Make the error for a file whose end is missing."""
    return InvalidInputFormatError(
        f"image {origin} cannot be decoded: the file is cut short after {len(data)} bytes; read or download it again"
    )


def _decode_with_pillow(data: bytes, origin: str, *, upright: bool) -> BGRPixels:
    from PIL import Image, UnidentifiedImageError

    try:
        image = Image.open(BytesIO(data))
    except UnidentifiedImageError as error:
        raise InvalidInputFormatError(
            f"image {origin} cannot be decoded: no decoder on this machine reads it; convert it to JPEG or PNG"
        ) from error
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise InvalidInputFormatError(f"image {origin} cannot be decoded: {error}") from error
    return pillow_to_bgr(image, upright=upright, origin=f"image {origin}")
