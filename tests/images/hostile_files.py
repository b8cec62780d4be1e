"""Files of a few bytes whose headers claim a picture that fills the memory of whoever decodes it."""

from __future__ import annotations

import struct
import zlib

__all__ = ["BOMBS"]


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _png(side: int) -> bytes:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def _jpeg(side: int) -> bytes:
    frame = struct.pack(">HBHHB", 17, 8, side, side, 3) + b"\1\x22\0\2\x11\0\3\x11\0"
    scan = b"\0\x0c\3\1\0\2\0\3\0\0\x3f\0"
    return b"\xff\xd8\xff\xc0" + frame + b"\xff\xda" + scan + bytes(50) + b"\xff\xd9"


def _webp(side: int) -> bytes:
    content = b"\x2f" + struct.pack("<I", (side - 1) | (side - 1) << 14) + bytes(41)
    return b"RIFF" + struct.pack("<I", len(content) + 12) + b"WEBPVP8L" + struct.pack("<I", len(content)) + content


def _bmp(width: int, height: int) -> bytes:
    header = struct.pack("<IHHIIiiHHIIiiII", 154, 0, 0, 54, 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0)
    return b"BM" + header + bytes(99)


def _tiff(side: int) -> bytes:
    tags = [(256, side), (257, side), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, side), (279, 4)]
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + entries + bytes(4)


def _gif(side: int) -> bytes:
    frame = b"," + struct.pack("<HHHHB", 0, 0, side, side, 0) + b"\2\2\x44\1\0;"
    return b"GIF89a" + struct.pack("<HHBBB", side, side, 0x80, 0, 0) + bytes(6) + frame


BOMBS = {
    "PNG": _png(65_500),
    "JPEG": _jpeg(65_500),
    "WebP": _webp(16_384),
    "BMP": _bmp(60_000, -60_000),
    "TIFF": _tiff(100_000),
    "GIF": _gif(65_535),
    "PPM": b"P6 60000 60000 255\n" + bytes(100),
    "Radiance": b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 60000 +X 60000\n" + bytes(100),
}
"""Media by name; every picture has more than 178,956,970 pixels."""
