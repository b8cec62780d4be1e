"""Small pictures of every format, and pictures whose header promises a thousand times what is there."""

from __future__ import annotations

import base64
import struct
import zlib
from io import BytesIO

import numpy as np
from PIL import Image

__all__ = ["PICTURES", "PICTURE_TEXTS", "png_bomb"]

_FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "JPEG2000", "PPM", "ICO")


def _encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def png_bomb(width: int, height: int, *, depth: int = 8, colour: int = 0, rows: int = 0) -> bytes:
    """A PNG that says it is large; behind its header come only so many rows of zeros."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    pixels = zlib.compress(bytes(rows * (1 + width * channels * depth // 8)), 9)
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)),
        (b"IDAT", pixels),
        (b"IEND", b""),
    ]
    written = b"".join(
        struct.pack(">I", len(part)) + name + part + struct.pack(">I", zlib.crc32(name + part)) for name, part in parts
    )
    return b"\x89PNG\r\n\x1a\n" + written


def _small_pictures() -> list[bytes]:
    colours = np.random.default_rng(0).integers(0, 256, (6, 8, 3), np.uint8)
    picture = Image.fromarray(colours)
    exif = Image.Exif()
    exif[0x0112] = 6
    found = [_encoded(picture, kind) for kind in _FORMATS]
    found += [_encoded(picture, kind, exif=exif) for kind in ("JPEG", "PNG", "WEBP", "TIFF")]
    found += [_encoded(picture.convert(mode), "PNG") for mode in ("1", "L", "LA", "P", "RGBA", "I;16")]
    found.append(_encoded(picture.convert("CMYK"), "JPEG", progressive=True))
    found += [_encoded(picture.convert(mode), "TIFF", compression="tiff_lzw") for mode in ("L", "CMYK", "F")]
    found.append(_encoded(picture.convert("P"), "GIF", save_all=True, append_images=[picture.convert("P")]))
    return found


PICTURES = (
    *_small_pictures(),
    png_bomb(8, 6, rows=6),
    png_bomb(8, 6, depth=16, rows=6),
    png_bomb(30_000, 30_000),
    png_bomb(30_000, 30_000, depth=16, colour=6),
    png_bomb(2**31 - 1, 2**31 - 1),
    png_bomb(8, 6, rows=1),
)

PICTURE_TEXTS = tuple(base64.b64encode(data).decode() for data in PICTURES)
