"""What the header of an encoded image tells, without decoding its pixels."""

from __future__ import annotations

from io import BytesIO

from .downsizing import Size

__all__ = ["encoded_size", "exif_orientation"]

_WIDTH, _HEIGHT, _ORIENTATION = 0x0100, 0x0101, 0x0112  # EXIF, as in TIFF


def encoded_size(data: bytes, *, upright: bool) -> Size | None:
    """Read an image's size from its header without decoding it; `None` when the header tells nothing."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data)) as image:
            width, height = image.size
            exif = image.getexif()
            turned = exif.get(_ORIENTATION) in (5, 6, 7, 8)
            if image.format == "TIFF":
                # OpenCV and Pillow turn TIFF files whatever they are asked; some versions of Pillow report the
                # turned size, so the sides are read as the file has them.
                width, height = exif[_WIDTH], exif[_HEIGHT]
            else:
                turned = turned and upright
    except (OSError, ValueError, KeyError, SyntaxError, Image.DecompressionBombError, Warning):
        # Decoding will tell, and say what is wrong. Pillow's warnings are exceptions where the caller made them so.
        return None
    return Size(height, width) if turned else Size(width, height)


def exif_orientation(data: bytes) -> int:
    """Read an image's EXIF orientation, 1 (upright) to 8; 1 when the header has none."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data)) as image:
            return int(image.getexif().get(_ORIENTATION, 1))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning):
        return 1
