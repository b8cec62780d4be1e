"""Which files the server's decoder shows as they were meant; every other is decoded and encoded anew here.

The server reads images by OpenCV's `imdecode` with `IMREAD_COLOR`, in versions from 4.8 on.
"""

from __future__ import annotations

from collections.abc import Mapping

from .formats import SERVER_FORMATS
from .header import exif_orientation
from .tiff_directory import (
    BITS_PER_SAMPLE,
    COMPRESSION,
    EXTRA_SAMPLES,
    PHOTOMETRIC,
    SAMPLE_FORMAT,
    SAMPLES_PER_PIXEL,
    first_directory,
)

__all__ = ["has_plain_samples", "is_shown_as_meant", "is_usual_tiff"]

_WEBP_ANIMATION_FLAG = 0x02
_UNSIGNED = (1, 4)  # 4 is "not told"
#: None, the three of fax machines, LZW, JPEG, Deflate under both its numbers, PackBits.
_USUAL_COMPRESSIONS = frozenset({1, 2, 3, 4, 5, 7, 8, 32773, 32946})
#: Gray from white, gray from black, RGB, palette, CMYK, YCbCr.
_USUAL_COLOURS = frozenset({0, 1, 2, 3, 5, 6})


def is_shown_as_meant(data: bytes, media_type: str, *, upright: bool) -> bool:
    """Whether the server sees the picture of this file that its format defines, with alpha dropped.

    Args:
        data: The encoded image.
        media_type: Its format, as `sniff_format` tells it.
        upright: Whether it is to be turned by its EXIF orientation.

    """
    if media_type not in SERVER_FORMATS:
        return False
    if media_type == "image/webp" and data[12:16] == b"VP8X":
        # OpenCV 4 reads no animations, and ignores the orientation.
        return not data[20] & _WEBP_ANIMATION_FLAG and (not upright or exif_orientation(data, media_type) == 1)
    if media_type != "image/tiff":
        return True
    directory = first_directory(data)
    return has_plain_samples(directory) and is_usual_tiff(directory)


def has_plain_samples(directory: Mapping[int, int]) -> bool:
    """Whether a TIFF file holds unsigned numbers of up to 16 bits: others cannot be decoded or come out wrong."""
    return directory.get(SAMPLE_FORMAT, 1) in _UNSIGNED and directory.get(BITS_PER_SAMPLE, 1) <= 16


def is_usual_tiff(directory: Mapping[int, int]) -> bool:
    """Whether a TIFF file has colours and a compression that every OpenCV reads, and no alpha.

    OpenCV multiplies the colours of a TIFF file with its alpha instead of dropping it.
    """
    return (
        directory.get(BITS_PER_SAMPLE, 1) in (1, 4, 8, 16)
        and directory.get(COMPRESSION, 1) in _USUAL_COMPRESSIONS
        and directory.get(PHOTOMETRIC, 1) in _USUAL_COLOURS
        and directory.get(SAMPLES_PER_PIXEL, 1) <= 4
        and not directory.get(EXTRA_SAMPLES, 0)
    )
