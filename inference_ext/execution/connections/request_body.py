"""A request's body in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx

__all__ = ["RequestBody"]

_PIECE = 256 * 1024


class RequestBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Hands bytes on in pieces: of what the socket does not take at once, httpx copies the whole rest every time."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        content = self._content
        if len(content) <= _PIECE:
            yield content
            return
        view = memoryview(content)
        for start in range(0, len(content), _PIECE):
            yield bytes(view[start : start + _PIECE])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece
