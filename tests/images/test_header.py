"""The size and orientation that are read from headers are those the decoders find."""

from __future__ import annotations

import time
from collections.abc import Callable
from io import BytesIO

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from inference_ext.images import Size
from inference_ext.images.formats import sniff_format
from inference_ext.images.header import encoded_size, exif_orientation, stored_size
from tests.images.pictures import ORIENTATION, decoded, encoded, noise, photograph

FORMATS = ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF"]


def size_of(data: bytes) -> Size | None:
    media_type = sniff_format(data)
    assert media_type is not None
    return stored_size(data, media_type)


@settings(max_examples=60, deadline=None)
@given(file_format=st.sampled_from(FORMATS), width=st.integers(1, 700), height=st.integers(1, 700))
def test_the_size_of_whole_files(file_format: str, width: int, height: int) -> None:
    assert size_of(encoded(Image.new("RGB", (width, height)), file_format)) == Size(width, height)


@pytest.mark.parametrize(
    ("extension", "expected"), [(".hdr", "image/vnd.radiance"), (".tiff", "image/tiff"), (".bmp", "image/bmp")]
)
def test_the_size_of_files_of_opencv(extension: str, expected: str) -> None:
    data = cv2.imencode(extension, noise(7, 19))[1].tobytes()
    assert sniff_format(data) == expected
    assert size_of(data) == Size(19, 7)


def test_the_size_of_a_large_tiff() -> None:
    data = encoded(Image.new("L", (300, 20)), "TIFF", big_tiff=True)
    assert sniff_format(data) == "image/x-bigtiff"
    assert size_of(data) == Size(300, 20)


@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}])
def test_each_kind_of_webp(options: dict[str, object]) -> None:
    data = encoded(Image.new("RGB", (16383, 3)), "WEBP", **options)
    assert data[12:16] == (b"VP8X" if "exif" in options else b"VP8L" if options else b"VP8 ")
    assert size_of(data) == Size(16383, 3)


def test_the_scaling_bits_of_webp_are_no_part_of_its_size() -> None:
    data = bytearray(encoded(Image.new("RGB", (200, 100)), "WEBP"))
    data[27] |= 0x40
    data[29] |= 0x80
    assert size_of(bytes(data)) == Size(200, 100)
    assert decoded(bytes(data)).shape == (100, 200, 3)


def test_a_bitmap_of_os2_and_one_from_top_to_bottom() -> None:
    data = bytearray(encoded(Image.new("RGB", (200, 100)), "BMP"))
    data[22:26] = (-100).to_bytes(4, "little", signed=True)
    assert size_of(bytes(data)) == Size(200, 100)
    assert decoded(bytes(data)).shape == (100, 200, 3)
    with Image.open(BytesIO(_os2_bitmap(40, 30))) as picture:
        assert picture.size == (40, 30)
    assert size_of(_os2_bitmap(40, 30)) == Size(40, 30)
    assert size_of(_os2_bitmap(40_000, 50_000)) == Size(40_000, 50_000)


def _os2_bitmap(width: int, height: int) -> bytes:
    sides = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    return b"BM" + bytes(8) + b"\x1a\0\0\0" + b"\x0c\0\0\0" + sides + b"\1\0\x18\0" + bytes(120 * 30)


def test_sides_of_sixteen_bits_are_not_negative() -> None:
    assert size_of(b"GIF89a\xff\xff\xfe\xff" + bytes(60)) == Size(65535, 65534)


JPEG_PIECES = {
    "fill bytes": b"\xff\xff\xff",
    "bytes between segments": b"\0\1\2garbage",
    "a stuffed byte": b"\xff\0",
    "a mark that stands alone": b"\xff\x01",
    "a restart mark": b"\xff\xd3",
    "a comment": b"\xff\xfe\0\x06abcd",
    "a comment with a frame in it": b"\xff\xfe\0\x14\xff\xc0\0\x11\x08\xff\xff\xff\xff" + bytes(9),
    "an empty segment": b"\xff\xe5\0\2",
}


@settings(max_examples=40, deadline=None)
@given(pieces=st.lists(st.sampled_from(sorted(JPEG_PIECES)), max_size=6), progressive=st.booleans())
@example(pieces=sorted(JPEG_PIECES), progressive=False)
def test_what_may_stand_before_the_frame_of_a_jpeg(pieces: list[str], *, progressive: bool) -> None:
    data = encoded(np.ascontiguousarray(photograph()[:30, :50]), "JPEG", progressive=progressive)
    data = data[:2] + b"".join(JPEG_PIECES[piece] for piece in pieces) + data[2:]
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if read is not None:  # the decoder may give up; it must not find another size
        assert stored_size(data, "image/jpeg") == Size(read.shape[1], read.shape[0])


@pytest.mark.parametrize("piece", JPEG_PIECES)
def test_each_piece_before_the_frame_of_a_jpeg_is_skipped(piece: str) -> None:
    data = encoded(np.ascontiguousarray(photograph()[:30, :50]), "JPEG")
    assert stored_size(data[:2] + JPEG_PIECES[piece] + data[2:], "image/jpeg") == Size(50, 30)


# -- broken and hostile headers


@settings(max_examples=300, deadline=None)
@given(
    file_format=st.sampled_from(FORMATS),
    changes=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=4),
)
def test_no_decoder_finds_another_size_than_the_header_tells(file_format: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(encoded(np.ascontiguousarray(photograph()[200:224, 200:231]), file_format))
    for place, value in changes:
        data[place % len(data)] = value
    media_type = sniff_format(bytes(data))
    size = stored_size(bytes(data), media_type) if media_type else None
    if media_type is None or (size is not None and size.width * size.height > 4_000_000):
        return
    try:
        read = cv2.imdecode(np.frombuffer(bytes(data), np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error:
        return
    if read is not None:
        assert size is not None
        assert {read.shape[1], read.shape[0]} == {size.width, size.height}


@settings(max_examples=150, deadline=None)
@given(start=st.sampled_from(FORMATS), tail=st.binary(max_size=300), kept=st.integers(0, 60))
def test_reading_never_fails(start: str, tail: bytes, kept: int) -> None:
    data = encoded(Image.new("RGB", (20, 10)), start)[:kept] + tail
    for file_format in [*FORMATS, "VND.RADIANCE", "X-BIGTIFF", "X-ICON"]:
        media_type = f"image/{file_format.lower()}"
        size = stored_size(data, media_type)
        assert size is None or (size.width > 0 and size.height > 0)
        assert 1 <= exif_orientation(data, media_type) <= 8
        assert (encoded_size(data, media_type, upright=True) is None) == (size is None)


@pytest.mark.parametrize(
    ("name", "piece", "media_type"),
    [
        ("fill bytes", b"\xff\xff\xff\xff", "image/jpeg"),
        ("marks that stand alone", b"\xff\x01\xff\xd0", "image/jpeg"),
        ("stuffed bytes", b"\xff\0\xff\0", "image/jpeg"),
        ("empty segments", b"\xff\xfe\0\2", "image/jpeg"),
        ("empty chunks", b"\0\0\0\0eXIg\0\0\0\0", "image/png"),
        ("empty pieces", b"EXIG\0\0\0\0", "image/webp"),
        ("tags", b"\1\0\1\0" * 3, "image/tiff"),
        ("lines", b"\n-Y 1", "image/vnd.radiance"),
    ],
)
def test_a_file_that_was_made_to_be_slow_is_not(name: str, piece: bytes, media_type: str) -> None:
    start = {
        "image/jpeg": b"\xff\xd8",
        "image/png": b"\x89PNG\r\n\x1a\n",
        "image/webp": b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(10) + b"EXIF",
        "image/tiff": b"II*\0\x08\0\0\0\xff\xff",
        "image/vnd.radiance": b"#?RADIANCE",
    }[media_type]
    data = start + piece * (20_000_000 // len(piece))
    began = time.perf_counter()
    stored_size(data, media_type)
    exif_orientation(data, media_type)
    assert time.perf_counter() - began < 1, name


# -- orientation


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_orientation(file_format: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    data = encoded(Image.new("RGB", (30, 20)), file_format, exif=exif)
    media_type = f"image/{file_format.lower()}"
    assert exif_orientation(data, media_type) == orientation
    turned = orientation > 4
    assert encoded_size(data, media_type, upright=True) == (Size(20, 30) if turned else Size(30, 20))


def _exif(order: str, kind: int, value: bytes) -> bytes:
    little = order == "little"

    def number(of: int, length: int) -> bytes:
        return of.to_bytes(length, "little" if little else "big")

    entry = number(ORIENTATION, 2) + number(kind, 2) + number(1, 4) + value
    return (b"II*\0" if little else b"MM\0*") + number(8, 4) + number(1, 2) + entry + bytes(4)


XMP = b"http://ns.adobe.com/xap/1.0/\0<x/>"
Blocks = list[bytes]
EXIF_BLOCKS: dict[str, Callable[[], Blocks]] = {
    "XMP first": lambda: [XMP, b"Exif\0\0" + _exif("big", 3, b"\0\6\0\0")],
    "two": lambda: [b"Exif\0\0" + _exif("big", 3, b"\0\3\0\0"), b"Exif\0\0" + _exif("big", 3, b"\0\6\0\0")],
    "little endian": lambda: [b"Exif\0\0" + _exif("little", 3, b"\6\0\0\0")],
    "a byte": lambda: [b"Exif\0\0" + _exif("big", 1, b"\6\0\0\0")],
    "a long": lambda: [b"Exif\0\0" + _exif("big", 4, b"\0\0\0\6")],
    "a little long": lambda: [b"Exif\0\0" + _exif("little", 4, b"\6\0\0\0")],
    "out of range": lambda: [b"Exif\0\0" + _exif("big", 3, b"\0\x09\0\0")],
    "not EXIF": lambda: [b"Exif\0\0nothing of the kind"],
    "XMP alone": lambda: [XMP.replace(b"<x/>", b"<x tiff:Orientation='6'/>")],
}


@pytest.mark.parametrize("blocks", EXIF_BLOCKS)
def test_a_jpeg_is_taken_to_be_turned_where_the_servers_decoder_turns_it(blocks: str) -> None:
    """Otherwise it would be shrunk into the wrong shape."""
    data = encoded(Image.new("RGB", (60, 20)), "JPEG")
    for block in reversed(EXIF_BLOCKS[blocks]()):
        data = data[:2] + b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block + data[2:]
    height, width = decoded(data).shape[:2]
    assert encoded_size(data, "image/jpeg", upright=True) == Size(width, height)
