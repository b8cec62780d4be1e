"""One connection to the server, for the calls of one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING, cast

import httpx

from .address import Address, ssl_context
from .http11 import AnswerReader, request_head
from .name_lookup import NameLookup
from .request_body import async_body_pieces, outgoing
from .socket_errors import reason
from .time_limits import TimeLimits

if TYPE_CHECKING:
    import httpcore

__all__ = ["AsyncConnection"]

_PIECE = 256 * 1024
#: Bytes of an answer that may lie unread before the server is held back.
_MOST_UNREAD = 4 * 1024 * 1024


class AsyncConnection(asyncio.Protocol):
    """A connection that the first request opens."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._transport: asyncio.Transport | None = None
        self._reader: AnswerReader | None = None
        self._failure: Exception | None = None
        self._unread = 0
        self._progress: asyncio.Future[None] | None = None
        self._writable: asyncio.Future[None] | None = None
        self._lost: asyncio.Future[None] | None = None
        self._is_kept = False
        self.has_whole_answer: bool = False
        """Whether the body of the last answer came with its head, so that nothing is left to be read."""

        self.idle_since: float = 0.0

    def can_be_used_again(self) -> bool:
        """Whether the last answer came to its end and the server keeps the connection."""
        return self._is_kept and self._transport is not None and not self._transport.is_closing()

    async def handle_request(self, request: httpcore.Request, limits: TimeLimits) -> httpcore.Response:
        """Send a request and read the answer's head; the body is read with the response's stream."""
        pieces = outgoing(
            request_head(request.method, request.url.target, request.headers), *await async_body_pieces(request)
        )
        transport = self._transport or await self._connect(limits)
        self._is_kept = False
        reader = self._reader = AnswerReader(request.method)
        # A server that refuses a request may answer and close before it has read it all.
        with suppress(httpx.WriteError):
            if len(pieces) > 1 and len(pieces[1]) < _PIECE:
                pieces[:2] = outgoing(b"".join(pieces[:2]))  # in one packet
            for piece in pieces:
                await self._write(transport, piece, limits)
        while not reader.has_head:
            await self._wait_for_progress(limits)
        import httpcore  # not before there is a request: importing it takes a fifth of this package's time

        self.has_whole_answer = reader.is_complete
        if reader.is_complete:
            self._end_answer(reader)
        return httpcore.Response(
            reader.status,
            headers=reader.headers,
            content=b"".join(reader.take_content()) if reader.is_complete else self._content(reader, limits),
            extensions={"http_version": b"HTTP/1.1"},
        )

    async def aclose(self) -> None:
        """Close the connection at once; a task that waits for it gets a network error."""
        self._abort()
        if self._lost is not None:
            await asyncio.wait([self._lost])  # the socket is closed by then

    def _abort(self) -> None:
        self._is_kept = False
        if self._transport is not None:
            self._transport.abort()

    # -- connecting

    async def _connect(self, limits: TimeLimits) -> asyncio.Transport:
        address = self._address
        try:
            async with asyncio.timeout(limits.connect):
                found = await _looked_up(address)
                for *_, place in found[:-1]:
                    with suppress(OSError):
                        return await self._connect_to(str(place[0]))
                return await self._connect_to(str(found[-1][-1][0]))
        except TimeoutError as error:
            raise httpx.ConnectTimeout(str(error)) from None
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError(reason(error)) from None

    async def _connect_to(self, host: str) -> asyncio.Transport:
        is_tls = self._address.tls_name is not None
        transport, _ = await asyncio.get_running_loop().create_connection(
            lambda: self,
            host,
            self._address.port,
            ssl=ssl_context() if is_tls else None,
            server_hostname=self._address.tls_name,
        )
        self._transport = transport
        return transport

    # -- one exchange

    async def _write(self, transport: asyncio.Transport, piece: memoryview, limits: TimeLimits) -> None:
        for start in range(0, len(piece), _PIECE):
            if self._failure is not None or transport.is_closing():
                raise httpx.WriteError("the server closed the connection")
            transport.write(piece[start : start + _PIECE])
            if self._writable is not None:
                try:
                    async with asyncio.timeout(limits.for_write()):
                        await self._writable
                except TimeoutError as error:
                    raise httpx.WriteTimeout(str(error)) from None

    async def _wait_for_progress(self, limits: TimeLimits) -> None:
        if self._failure is not None:
            raise self._failure
        self._progress = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(limits.for_read()):
                await self._progress
        except TimeoutError as error:
            raise httpx.ReadTimeout(str(error)) from None

    async def _content(self, reader: AnswerReader, limits: TimeLimits) -> AsyncIterator[bytes]:
        while True:
            self._unread = 0
            for piece in reader.take_content():
                yield piece
            if reader.is_complete:
                self._end_answer(reader)
                return
            if self._transport is not None:
                self._transport.resume_reading()
            await self._wait_for_progress(limits)

    def _end_answer(self, reader: AnswerReader) -> None:
        self._is_kept = reader.allows_another and self._failure is None

    # -- for the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called when the connection is open."""
        self._transport = cast("asyncio.Transport", transport)
        self._lost = asyncio.get_running_loop().create_future()

    def data_received(self, data: bytes) -> None:
        """Called for what arrives."""
        reader = self._reader
        if reader is None or self._is_kept:
            self._abort()  # nobody has asked for anything
            return
        try:
            reader.feed(data)
        except httpx.RemoteProtocolError as error:
            self._fail(error)
            return
        self._unread += len(data)
        if self._unread > _MOST_UNREAD and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Called when the server closes its side."""
        if self._reader is not None and not self._is_kept:
            try:
                self._reader.feed_end()
            except httpx.RemoteProtocolError as error:
                self._fail(error)
            else:
                self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called when the connection is gone."""
        self._is_kept = False
        self._transport = None
        words = reason(exc) if isinstance(exc, OSError) else "the connection was closed"
        if self._reader is None or not self._reader.is_complete:
            self._fail(httpx.ReadError(words))
        self.resume_writing()
        if self._lost is not None and not self._lost.done():
            self._lost.set_result(None)

    def pause_writing(self) -> None:
        """Called when the system takes no more for now."""
        self._writable = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """Called when it takes more again."""
        writable, self._writable = self._writable, None
        if writable is not None and not writable.done():
            writable.set_result(None)

    def _fail(self, error: Exception) -> None:
        if self._failure is None:
            self._failure = error
        progress = self._progress
        if progress is not None and not progress.done():
            progress.set_exception(self._failure)

    def _wake(self) -> None:
        progress = self._progress
        if progress is not None and not progress.done():
            progress.set_result(None)


async def _looked_up(address: Address) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    """Ask the resolver in a thread that the event loop does not wait for when it ends."""
    loop = asyncio.get_running_loop()
    is_done = asyncio.Event()

    def wake() -> None:
        with suppress(RuntimeError):  # the loop has ended in the meantime
            loop.call_soon_threadsafe(is_done.set)

    lookup = NameLookup(address.host, address.port, wake)
    await is_done.wait()
    return lookup.addresses()
