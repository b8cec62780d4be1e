"""Undo a compression of an answer. None is asked for, and what it hides must not fill the memory."""

from __future__ import annotations

import zlib

from ...errors import InvalidResponseError

__all__ = ["decompressed"]

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_KNOWN = ("gzip", "x-gzip", "deflate")


def decompressed(content: bytes, encoding: str, most_bytes: int, name: object) -> bytes:
    """Decompress an answer's body.

    Args:
        content: The body as it came.
        encoding: Its `Content-Encoding`; empty for none.
        most_bytes: Refuse more than this.
        name: Words for the request.

    Raises:
        InvalidResponseError: It is of another encoding, is broken, or would become too large.

    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return content
    if encoding not in _KNOWN:
        raise InvalidResponseError(f"{name} answered with the Content-Encoding {encoding[:40]!r}, which is not known")
    parts: list[bytes] = []
    left = most_bytes
    try:
        while content:  # gzip may have several parts, one after another
            decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
            parts.append(decoder.decompress(content, left + 1))
            left -= len(parts[-1])
            if left < 0:
                raise InvalidResponseError(f"{name} answered with more than {most_bytes} bytes, compressed")
            if not decoder.eof:
                raise InvalidResponseError(f"{name} answered with a compressed body that is cut short")
            content = decoder.unused_data
    except zlib.error as error:
        raise InvalidResponseError(f"{name} answered with a body that cannot be decompressed: {error}") from None
    return b"".join(parts)
