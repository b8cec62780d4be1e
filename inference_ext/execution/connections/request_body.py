"""A request's body in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    import httpcore

__all__ = ["RequestBody", "async_body_pieces", "body_pieces", "outgoing"]

_PIECE = 256 * 1024


class RequestBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Bytes that lie in pieces already: text around images, images."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        # For the connections of a proxy: of what the socket does not take at once, httpcore copies the whole rest.
        for piece in self.pieces:
            view = memoryview(piece)
            for start in range(0, len(piece), _PIECE):
                yield bytes(view[start : start + _PIECE])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def outgoing(*pieces: bytes) -> list[memoryview]:
    """Give what is to be sent in a form whose `repr` does not show it: it holds the API key."""
    return [memoryview(piece) for piece in pieces]


def body_pieces(request: httpcore.Request) -> Sequence[bytes]:
    """Give the bytes of a request's body as they go out."""
    stream = request.stream
    if isinstance(stream, RequestBody):
        return stream.pieces
    if not isinstance(stream, httpx.SyncByteStream):
        raise TypeError("a blocking request has a body that only asyncio can read")
    return _framed(request, [piece for piece in stream if piece])


async def async_body_pieces(request: httpcore.Request) -> Sequence[bytes]:
    """Give the bytes of a request's body as they go out, under asyncio."""
    stream = request.stream
    if isinstance(stream, RequestBody):
        return stream.pieces
    if not isinstance(stream, httpx.AsyncByteStream):
        raise TypeError("a request under asyncio has a body that only blocking calls can read")
    return _framed(request, [piece async for piece in stream if piece])


def _framed(request: httpcore.Request, pieces: Sequence[bytes]) -> Sequence[bytes]:
    """Put each piece into a chunk of its own, where the request's head says so."""
    if not any(name.lower() == b"transfer-encoding" for name, _ in request.headers):
        return pieces
    return [b"".join((b"%x\r\n" % len(piece), piece, b"\r\n")) for piece in pieces] + [b"0\r\n\r\n"]
