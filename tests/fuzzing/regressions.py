"""Inputs that something once went wrong with, by target.

Of targets that take decisions out of their bytes the meaning of an input changes with their tables: what those found is
tested where it was mended, in tests/results and tests/operations.
"""

from __future__ import annotations

__all__ = ["REGRESSIONS"]

_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x06\x01\0\0\0\0\xd6~\xe2V"
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"

#: 3 GB for a chunk, says its length; there are 20 bytes.
_LONG_CHUNK = _PNG + b"\xbc\0\0\x14IDAT" + bytes(20) + _PNG_END

REGRESSIONS: dict[str, tuple[bytes, ...]] = {
    "http_answers": (),
    "connections": (),
    "error_answers": (),
    "success_answers": (),
    "results": (),
    "picture_results": (b"\0" + _LONG_CHUNK, b"\2" + _LONG_CHUNK, b"\3" + _LONG_CHUNK, b"\4" + _LONG_CHUNK),
    "image_bytes": (),
    "image_texts": (),
}
