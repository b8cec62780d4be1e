"""File bytes to pixels.

The server's formats go through OpenCV, as on the server; everything else through Pillow, which turns more formats by
their EXIF orientation and treats transparency and fewer than eight bits as it does when a PIL image is handed over.
"""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING, Literal

from ..errors import InvalidInputFormatError
from .formats import SERVER_FORMATS, is_cut_short
from .header import exif_orientation, stored_size
from .pillow_failures import pillow_failures
from .pixel_limit import check_pixel_count
from .pixels import BGRPixels, array_to_bgr, pillow_to_bgr
from .server_decoder import has_plain_samples, is_usual_tiff
from .tiff_directory import first_directory

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image as PillowImage
else:
    from ..deferred_numpy import np

__all__ = ["check_encoded", "decode_pixels"]

_TIFF = frozenset({"image/tiff", "image/x-bigtiff"})


def check_encoded(data: bytes, media_type: str, origin: str, *, most_pixels: int) -> None:
    """Check what the bytes of an image tell before a pixel is decoded; takes microseconds.

    Args:
        data: The encoded image.
        media_type: Its format, as `sniff_format` tells it.
        origin: Words for error messages that tell which input this is.
        most_pixels: Refuse larger images. The size of a format that only Pillow knows is checked when it is decoded.

    Raises:
        InvalidInputFormatError: It is too large, cut short, or of a format the server reads and without a size.

    """
    size = stored_size(data, media_type)
    if size is not None:
        check_pixel_count(size.width, size.height, most_pixels, f"image {origin}")
    if is_cut_short(data, media_type):
        raise InvalidInputFormatError(
            f"image {origin} cannot be decoded: the file is cut short after {len(data)} bytes; read or download it "
            "again"
        )
    if size is None and media_type in SERVER_FORMATS:
        raise InvalidInputFormatError(
            f"image {origin} cannot be decoded: its header tells no size; write it anew as JPEG or PNG"
        )


def decode_pixels(
    data: bytes,
    media_type: str | None,
    origin: str,
    *,
    upright: bool,
    most_pixels: int,
    reduction: Literal[1, 2, 4, 8] = 1,
) -> BGRPixels:
    """Decode the bytes of an image file, which were checked before (`check_encoded`).

    Args:
        data: The encoded image, in any format OpenCV or Pillow reads.
        media_type: Its format, as `sniff_format` tells it.
        origin: Words for error messages that tell which input this is.
        upright: Turn the image by its EXIF orientation.
        most_pixels: Refuse larger images.
        reduction: Decode at 1/2, 1/4 or 1/8 of the size (cheap for JPEG, where whole blocks are skipped).

    Raises:
        InvalidInputFormatError: Neither library can decode it.

    """
    import cv2

    pixels: BGRPixels | None = None
    if media_type == "image/webp":
        # OpenCV 4 ignores the orientation, so it is left alone and followed here.
        pixels = _through_opencv(data, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
        if pixels is not None and upright:
            pixels = _turned(pixels, exif_orientation(data, media_type))
    elif media_type in _TIFF and not has_plain_samples(first_directory(data)):
        pixels = _values_through_opencv(data, origin, most_pixels)
    elif (media_type in SERVER_FORMATS or media_type in _TIFF) and (
        media_type not in _TIFF or is_usual_tiff(first_directory(data))
    ):
        flags = {
            1: cv2.IMREAD_COLOR,
            2: cv2.IMREAD_REDUCED_COLOR_2,
            4: cv2.IMREAD_REDUCED_COLOR_4,
            8: cv2.IMREAD_REDUCED_COLOR_8,
        }[reduction]
        pixels = _through_opencv(data, flags if upright else flags | cv2.IMREAD_IGNORE_ORIENTATION)
    if pixels is None:
        image = _open_with_pillow(data, origin)
        if image is not None:
            return pillow_to_bgr(image, upright=upright, most_pixels=most_pixels, origin=f"image {origin}")
        pixels = _through_opencv(data, cv2.IMREAD_COLOR)
    if pixels is None:
        pixels = _values_through_opencv(data, origin, most_pixels)
    if pixels is None:
        raise InvalidInputFormatError(
            f"image {origin} cannot be decoded: no decoder on this machine reads it; convert it to JPEG or PNG"
        )
    check_pixel_count(pixels.shape[1], pixels.shape[0], most_pixels, f"image {origin}")
    return pixels


def _through_opencv(data: bytes, flags: int) -> BGRPixels | None:
    import cv2

    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error:
        return None
    return None if pixels is None else np.asarray(pixels, dtype=np.uint8)


def _values_through_opencv(data: bytes, origin: str, most_pixels: int) -> BGRPixels | None:
    """Decode numbers as the file has them (floats, signed, 32 bits) and take them for what an array's are taken for."""
    import cv2

    try:
        values = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    return None if values is None else array_to_bgr(values, most_pixels=most_pixels, origin=f"image {origin}")


def _turned(pixels: BGRPixels, orientation: int) -> BGRPixels:
    """Turn stored pixels upright, as EXIF defines the eight orientations."""
    if orientation >= 5:
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def _open_with_pillow(data: bytes, origin: str) -> PillowImage | None:
    """Open an image as `Image.open` does, but without the limit on its size; `None` when no reader takes it.

    That limit holds for the whole process, and below it there is a warning: the readers are asked one by one instead,
    and the size is checked by the caller's own limit.
    """
    from PIL import Image

    Image.init()
    for name in Image.ID:
        reader, accepts = Image.OPEN[name]
        # A reader may answer with the reason why it does not.
        if accepts is not None and accepts(data[:16]) is not True:
            continue
        with pillow_failures(f"image {origin}"):
            try:
                return reader(BytesIO(data), "")
            except (SyntaxError, IndexError, TypeError, struct.error):
                continue  # not this reader's after all
    return None
