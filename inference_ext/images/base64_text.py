"""Images as base64 text, with or without a data-URI prefix."""

from __future__ import annotations

import binascii

import pybase64

__all__ = ["decode_image_base64"]

_WHITE_SPACE = str.maketrans("", "", " \t\r\n")


def decode_image_base64(text: str) -> bytes | None:
    """Decode base64 text strictly; `None` when it is not base64.

    A `data:image/...;base64,` prefix is dropped. Line breaks are allowed, any other foreign character is not:
    a lenient decoder would turn a mistyped path into bytes.
    """
    if text.startswith("data:"):
        header, comma, text = text.partition(",")
        if not comma or not header.endswith(";base64"):
            return None
    if any(character in text for character in " \t\r\n"):
        text = text.translate(_WHITE_SPACE)
    if not text:
        return None
    try:
        return pybase64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
