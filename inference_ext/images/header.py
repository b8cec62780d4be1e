"""What the header of an encoded image tells, read without an image library and without decoding pixels.

The formats are those the server reads, and a few that are decoded here. Markers and chunks are followed the way the
decoders do (libjpeg, libpng, libwebp, libtiff): a size that they would decode must not hide behind one they skip.
"""

from __future__ import annotations

import re
from collections.abc import Generator

from .downsizing import Size
from .tiff_directory import HEIGHT, ORIENTATION, WIDTH, exif_block_orientation, first_directory

__all__ = ["encoded_size", "exif_orientation", "stored_size"]

#: Parts of a file that are looked at before giving up; metadata of 600 MB fit, and a file made to be slow does not.
_MOST_PARTS = 10_000
#: Bytes that are skipped between two segments of a JPEG; sound files have none there.
_LONGEST_GAP = 100_000

#: A marker and its code. Before one, decoders skip any other byte and codes that stand alone (TEM, RST0 to RST7).
_JPEG_MARKER = re.compile(rb"\xff([\x02-\xcf\xd8-\xfe])")
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the others are tables
_JPEG_APP1, _JPEG_START_OF_SCAN = 0xE1, 0xDA

_RADIANCE_RESOLUTION = re.compile(rb"\n[-+]([XY]) +(\d{1,9}) +[-+][XY] +(\d{1,9})\n")


def stored_size(data: bytes, media_type: str) -> Size | None:
    """Read the size of the picture as the file stores it, before any turning.

    Args:
        data: The encoded image.
        media_type: Its format, as `sniff_format` tells it.

    Returns:
        The size; `None` when the header does not tell one, or the format is none of those read here.

    """
    if media_type == "image/jpeg":
        size = _jpeg_size(data)
    elif media_type == "image/png":
        size = _big_endian(data[16:20]), _big_endian(data[20:24])
    elif media_type == "image/webp":
        size = _webp_size(data)
    elif media_type == "image/bmp":
        size = _bmp_size(data)
    elif media_type in ("image/tiff", "image/x-bigtiff"):
        directory = first_directory(data)
        size = directory.get(WIDTH, 0), directory.get(HEIGHT, 0)
    elif media_type == "image/gif":
        size = _little_endian(data[6:8]), _little_endian(data[8:10])
    elif media_type == "image/vnd.radiance":
        size = _radiance_size(data)
    else:
        return None
    return Size(*size) if min(size) > 0 else None


def exif_orientation(data: bytes, media_type: str) -> int:
    """Read an image's EXIF orientation, 1 (upright) to 8; 1 when the header has none. XMP is not looked at."""
    if media_type == "image/jpeg":
        return next(
            (
                exif_block_orientation(data, start + 8)
                for code, start, _ in _jpeg_segments(data)
                if code == _JPEG_APP1 and data[start + 2 : start + 8] == b"Exif\0\0"
            ),
            1,
        )
    if media_type == "image/png" and b"eXIf" in data:
        return next((exif_block_orientation(data, start) for name, start in _png_chunks(data) if name == b"eXIf"), 1)
    if media_type == "image/webp" and data[12:16] == b"VP8X" and b"EXIF" in data:
        return next(
            (
                exif_block_orientation(data, start + 6 if data[start : start + 6] == b"Exif\0\0" else start)
                for name, start in _riff_chunks(data)
                if name == b"EXIF"
            ),
            1,
        )
    if media_type == "image/tiff":
        orientation = first_directory(data).get(ORIENTATION, 1)
        return orientation if 1 <= orientation <= 8 else 1
    return 1


def encoded_size(data: bytes, media_type: str, *, upright: bool) -> Size | None:
    """Read an image's size as it is seen after decoding; `None` when the header tells nothing.

    Args:
        data: The encoded image.
        media_type: Its format, as `sniff_format` tells it.
        upright: Whether it is turned by its EXIF orientation; TIFF files are turned by OpenCV in any case.

    """
    size = stored_size(data, media_type)
    if size is None or not (upright or media_type == "image/tiff") or exif_orientation(data, media_type) < 5:
        return size
    return Size(size.height, size.width)


def _big_endian(value: bytes) -> int:
    return int.from_bytes(value, "big")


def _little_endian(value: bytes) -> int:
    return int.from_bytes(value, "little")


def _jpeg_segments(data: bytes) -> Generator[tuple[int, int, int]]:
    """Give code, start (of the two bytes of length) and end of each segment before the picture's first scan."""
    position = 2
    for _ in range(_MOST_PARTS):
        marker = _JPEG_MARKER.search(data, position, position + _LONGEST_GAP)
        if marker is None:
            return
        start = marker.end()
        position = start + _big_endian(data[start : start + 2])
        if marker[1][0] == _JPEG_START_OF_SCAN or position < start + 2:
            return
        yield marker[1][0], start, position


def _jpeg_size(data: bytes) -> tuple[int, int]:
    for code, start, _ in _jpeg_segments(data):
        if code in _JPEG_FRAMES:
            return _big_endian(data[start + 5 : start + 7]), _big_endian(data[start + 3 : start + 5])
    return 0, 0


def _png_chunks(data: bytes) -> Generator[tuple[bytes, int]]:
    position = 8
    for _ in range(_MOST_PARTS):
        name = data[position + 4 : position + 8]
        if not name:
            return
        yield name, position + 8
        position += 12 + _big_endian(data[position : position + 4])


def _riff_chunks(data: bytes) -> Generator[tuple[bytes, int]]:
    position = 12
    for _ in range(_MOST_PARTS):
        name = data[position : position + 4]
        if not name:
            return
        yield name, position + 8
        length = _little_endian(data[position + 4 : position + 8])
        position += 8 + length + length % 2


def _webp_size(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        return _little_endian(data[24:27]) + 1, _little_endian(data[27:30]) + 1
    if kind == b"VP8L":
        bits = _little_endian(data[21:25])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 ":
        # The two highest bits of each side ask for scaling, which decoders leave out.
        return _little_endian(data[26:28]) & 0x3FFF, _little_endian(data[28:30]) & 0x3FFF
    return 0, 0


def _bmp_size(data: bytes) -> tuple[int, int]:
    if _little_endian(data[14:18]) == 12:  # the header of OS/2
        return _little_endian(data[18:20]), _little_endian(data[20:22])
    # A negative height means rows from top to bottom.
    return _little_endian(data[18:22]), abs(int.from_bytes(data[22:26], "little", signed=True))


def _radiance_size(data: bytes) -> tuple[int, int]:
    resolution = _RADIANCE_RESOLUTION.search(data)
    if resolution is None:
        return 0, 0
    first, second = int(resolution[2]), int(resolution[3])
    return (first, second) if resolution[1] == b"X" else (second, first)
