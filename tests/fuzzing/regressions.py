"""Inputs that something once went wrong with, by target.

Of targets that take decisions out of their bytes the meaning of an input changes with their tables: what those found is
tested where it was mended, in tests/results and tests/operations.
"""

from __future__ import annotations

from .targets.error_answers import unspoiled_error

__all__ = ["REGRESSIONS"]

_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x08\0\0\0\x06\x01\0\0\0\0\xd6~\xe2V"
_PNG_END = b"\0\0\0\0IEND\xaeB`\x82"

#: 3 GB for a chunk, says its length; there are 20 bytes.
_LONG_CHUNK = _PNG + b"\xbc\0\0\x14IDAT" + bytes(20) + _PNG_END

REGRESSIONS: dict[str, tuple[bytes, ...]] = {
    "http_answers": (
        # Trailers counted as headers when they arrived together with the head.
        b"\0\0\1\0HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nContent-Type: text/html\r\n\r\n",
        # A protocol switch behind a complete answer spoiled it when they arrived together.
        b"\0\0\1\0HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        # The body of an answer with a status below 100 was put in front of the next one's.
        b"\0\0\1\0HTTP/1.1 099 X\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        # So was that of an interim answer, which must have none.
        b"\0\0\1\0HTTP/1.1 141 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    ),
    "connections": (),
    "error_answers": (
        unspoiled_error(b'{"detail":[{"loc":5,"msg":"x"}]}'),
        unspoiled_error(b'{"detail":[{"loc":[' + b"[" * 1000 + b"]" * 1000 + b'],"msg":"x"}]}'),
        unspoiled_error(b'{"detail":[{"msg":' + b"[" * 1000 + b"]" * 1000 + b"}]}"),
    ),
    "success_answers": (),
    "results": (),
    "picture_results": (b"\0" + _LONG_CHUNK, b"\2" + _LONG_CHUNK, b"\3" + _LONG_CHUNK, b"\4" + _LONG_CHUNK),
    "image_bytes": (b"\0" + _LONG_CHUNK, b"\1" + _LONG_CHUNK, b"\2" + _LONG_CHUNK, b"\3" + _LONG_CHUNK),
    "image_texts": (),
}
