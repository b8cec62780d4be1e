"""The first directory of a TIFF structure: that of a TIFF file, or the EXIF block within another format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

__all__ = [
    "BITS_PER_SAMPLE",
    "COMPRESSION",
    "EXTRA_SAMPLES",
    "HEIGHT",
    "ORIENTATION",
    "PHOTOMETRIC",
    "SAMPLES_PER_PIXEL",
    "SAMPLE_FORMAT",
    "WIDTH",
    "exif_block_orientation",
    "first_directory",
]

WIDTH, HEIGHT, BITS_PER_SAMPLE, COMPRESSION, PHOTOMETRIC = 0x0100, 0x0101, 0x0102, 0x0103, 0x0106
ORIENTATION, SAMPLES_PER_PIXEL, EXTRA_SAMPLES, SAMPLE_FORMAT = 0x0112, 0x0115, 0x0152, 0x0153
_READ = frozenset(
    {WIDTH, HEIGHT, BITS_PER_SAMPLE, COMPRESSION, PHOTOMETRIC}
    | {ORIENTATION, SAMPLES_PER_PIXEL, EXTRA_SAMPLES, SAMPLE_FORMAT}
)

#: Bytes of one value, by the number that the format gives its type; whole numbers only.
_BYTES_OF_TYPE = {1: 1, 6: 1, 3: 2, 8: 2, 4: 4, 9: 4, 16: 8, 17: 8}


def first_directory(data: bytes, start: int = 0) -> Mapping[int, int]:
    """Read the whole numbers that describe the picture; of several values of a tag the first.

    Args:
        data: Bytes of a file.
        start: Where the TIFF structure begins.

    Returns:
        Value by tag (the names of this module); empty where there is no TIFF structure, and without the tags that lie
        outside the bytes.

    """
    order = _byte_order(data, start)
    if order is None:
        return {}
    is_big = data[start + 2 : start + 4] in (b"+\0", b"\0+")
    pointer, of_count, of_entry = (8, 8, 20) if is_big else (4, 2, 12)
    position = start + int.from_bytes(data[start + pointer : start + 2 * pointer], order)
    entries = int.from_bytes(data[position : position + of_count], order)
    position += of_count
    # Real directories have some ten entries; 65,535 are as many as the format's first version can have.
    end = min(position + min(entries, 65535) * of_entry, len(data) - of_entry + 1)
    values: dict[int, int] = {}
    for entry in range(position, end, of_entry):
        tag = int.from_bytes(data[entry : entry + 2], order)
        if tag not in _READ or tag in values:  # decoders take the first of a tag that is there twice
            continue
        size = _BYTES_OF_TYPE.get(int.from_bytes(data[entry + 2 : entry + 4], order))
        if size is None:
            continue
        count = int.from_bytes(data[entry + 4 : entry + 4 + pointer], order)
        place = entry + 4 + pointer
        if size * count > pointer:
            place = start + int.from_bytes(data[place : place + pointer], order)
        if place + size <= len(data):
            values[tag] = int.from_bytes(data[place : place + size], order)
    return values


def exif_block_orientation(data: bytes, start: int) -> int:
    """Read the orientation in an EXIF block as OpenCV does: always as 16 bits; 1 when there is none."""
    order = _byte_order(data, start)
    if order is None:
        return 1
    position = start + int.from_bytes(data[start + 4 : start + 8], order)
    entries = int.from_bytes(data[position : position + 2], order)
    for entry in range(position + 2, min(position + 2 + entries * 12, len(data) - 11), 12):
        if int.from_bytes(data[entry : entry + 2], order) == ORIENTATION:
            value = int.from_bytes(data[entry + 8 : entry + 10], order)
            return value if 1 <= value <= 8 else 1
    return 1


def _byte_order(data: bytes, start: int) -> Literal["little", "big"] | None:
    mark = data[start : start + 4]
    if mark in (b"II*\0", b"II+\0"):
        return "little"
    return "big" if mark in (b"MM\0*", b"MM\0+") else None
