"""Decompression bombs: small files that claim to hold a picture which fills the memory of whoever decodes it."""

from __future__ import annotations

from ..errors import InvalidInputFormatError

__all__ = ["MOST_PIXELS", "check_pixel_count"]

MOST_PIXELS = 178_956_970
"""Pixels of an image unless the caller allows more: twice Pillow's own `MAX_IMAGE_PIXELS`, where Pillow refuses too."""


def check_pixel_count(width: int, height: int, most: int, name: str) -> None:
    """Refuse an image of more pixels than are allowed.

    Args:
        width: Pixels, as are those of the height.
        height: See the width.
        most: Largest product of the two.
        name: Words that tell the user which input this is.

    Raises:
        InvalidInputFormatError: It has more pixels.

    """
    if width * height > most:
        raise InvalidInputFormatError(
            f"{name} has {width}x{height} pixels, which is more than max_image_pixels={most} allows (such a file may "
            "be made to fill the memory): when it is meant, set InferenceConfiguration.max_image_pixels to at least "
            f"{width * height}"
        )
