"""What the bytes of a picture in an answer tell before they are decoded: whether they are one, and how large."""

from __future__ import annotations

from ..errors import HTTPClientError
from ..images.formats import is_cut_short, sniff_format
from ..images.header import stored_size
from ..images.pixel_limit import MOST_PIXELS

__all__ = ["check_size", "is_complete_picture"]


def is_complete_picture(data: bytes, media_type: str | None = None) -> bool:
    """Whether bytes are a picture, of a certain format when one is given, and not cut short."""
    found = sniff_format(data)
    return found is not None and media_type in (None, found) and not is_cut_short(data, found)


def check_size(data: bytes, name: str, error: type[HTTPClientError]) -> None:
    """Refuse a picture that would fill the memory: a file of some kilobytes can claim to hold gigabytes.

    Args:
        data: The encoded picture.
        name: Words for the picture.
        error: What to raise.

    Raises:
        HTTPClientError: Its header says that it has too many pixels.

    """
    media_type = sniff_format(data)
    size = None if media_type is None else stored_size(data, media_type)
    if size is not None and size.width * size.height > MOST_PIXELS:
        raise error(f"{name} has {size.width}x{size.height} pixels; more than {MOST_PIXELS} are not decoded")
