"""One connection to the server, for blocking calls."""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, cast

import httpx

from .address import Address, ssl_context
from .http11 import AnswerReader, request_head
from .name_lookup import NameLookup
from .request_body import body_pieces, outgoing
from .socket_errors import for_httpx
from .time_limits import TimeLimits

if TYPE_CHECKING:
    import httpcore

__all__ = ["BlockingConnection"]

_AT_ONCE = 64 * 1024
#: Of the system's limit on pieces in one call, which is 1,024 nearly everywhere.
_MOST_PIECES = 64


class BlockingConnection:
    """A connection that the first request opens, and whose waiting thread can be interrupted from another."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._socket: socket.socket | None = None
        self._lookup: NameLookup | None = None
        self._is_interrupted = False
        self._is_kept = False
        self.has_whole_answer: bool = False
        """Whether the body of the last answer came with its head, so that nothing is left to be read."""

        self.idle_since: float = 0.0

    def can_be_used_again(self) -> bool:
        """Whether the last answer came to its end and the server keeps the connection."""
        # Between two requests nothing arrives but the end of the connection.
        return self._is_kept and self._socket is not None and not _is_readable(self._socket)

    def handle_request(self, request: httpcore.Request, limits: TimeLimits) -> httpcore.Response:
        """Send a request and read the answer's head; the body is read with the response's stream."""
        connected = self._socket or self._connect(limits)
        self._is_kept = False
        reader = AnswerReader(request.method)
        pieces = outgoing(request_head(request.method, request.url.target, request.headers), *body_pieces(request))
        # A server that refuses a request may answer and close before it has read it all.
        with suppress(httpx.WriteError):
            self._send(connected, pieces, limits)
        while not reader.has_head:
            self._receive(connected, reader, limits)
        import httpcore  # not before there is a request: importing it takes a fifth of this package's time

        content = self._content(connected, reader, limits)
        self.has_whole_answer = reader.is_complete
        return httpcore.Response(
            reader.status,
            headers=reader.headers,
            content=b"".join(content) if reader.is_complete else content,
            extensions={"http_version": b"HTTP/1.1"},
        )

    def interrupt(self) -> None:
        """End what is under way; the thread that waits for it gets a network error."""
        self._is_interrupted = True
        lookup = self._lookup
        if lookup is not None:
            lookup.give_up()
        connected = self._socket
        if connected is not None:
            # Of the base class: the one of a TLS socket would take its state away from under the thread that reads.
            # OSError: the server has closed it in the meantime.
            with suppress(OSError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        connected, self._socket = self._socket, None
        self._is_kept = False
        if connected is not None:
            connected.close()

    # -- connecting

    def _connect(self, limits: TimeLimits) -> socket.socket:
        end = time.monotonic() + limits.connect
        try:
            found = self._looked_up(end)
            for family, kind, protocol, _, place in found[:-1]:
                with suppress(OSError):
                    return self._connect_to(socket.socket(family, kind, protocol), place, end)
                self.close()
            family, kind, protocol, _, place = found[-1]
            return self._connect_to(socket.socket(family, kind, protocol), place, end)
        except (OSError, UnicodeError) as error:
            raise for_httpx(error, httpx.ConnectTimeout, httpx.ConnectError) from None

    def _looked_up(self, end: float) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
        self._lookup = NameLookup(self._address.host, self._address.port)
        if not self._is_interrupted:  # asked after the look-up is known to who interrupts
            self._lookup.wait(end - time.monotonic())
        found, self._lookup = self._lookup, None
        if self._is_interrupted:
            raise ConnectionAbortedError("interrupted")
        return found.addresses()

    def _connect_to(self, connecting: socket.socket, place: object, end: float) -> socket.socket:
        # Known from the start, so that waiting for the connection can be interrupted too.
        self._socket = connecting
        self._prepare_to_wait(connecting, end)
        connecting.connect(cast("tuple[str, int]", place))
        connecting.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._address.tls_name is not None:
            connecting = ssl_context().wrap_socket(
                connecting, server_hostname=self._address.tls_name, do_handshake_on_connect=False
            )
            self._socket = connecting
            self._prepare_to_wait(connecting, end)
            connecting.do_handshake()
        return connecting

    def _prepare_to_wait(self, connecting: socket.socket, end: float) -> None:
        # After the socket is known: an interruption in between is noticed here or ends the waiting.
        left = end - time.monotonic()
        if self._is_interrupted:
            raise ConnectionAbortedError("interrupted")
        if left <= 0:
            raise TimeoutError("timed out")
        connecting.settimeout(left)

    # -- one exchange

    def _send(self, connected: socket.socket, pieces: Sequence[memoryview], limits: TimeLimits) -> None:
        try:
            if isinstance(connected, ssl.SSLSocket) or not hasattr(connected, "sendmsg"):
                for piece in pieces:
                    _send_all(connected, piece, limits)
                return
            # Together and uncopied: a megabyte of image text need not be joined with what stands around it.
            unsent = deque(pieces)
            while unsent:
                connected.settimeout(limits.for_write())
                count = connected.sendmsg([unsent[index] for index in range(min(len(unsent), _MOST_PIECES))])
                while unsent and count >= len(unsent[0]):
                    count -= len(unsent.popleft())
                if count:
                    unsent[0] = unsent[0][count:]
        except OSError as error:
            raise for_httpx(error, httpx.WriteTimeout, httpx.WriteError) from None

    def _receive(self, connected: socket.socket, reader: AnswerReader, limits: TimeLimits) -> None:
        try:
            connected.settimeout(limits.for_read())
            arrived = connected.recv(_AT_ONCE)
        except OSError as error:
            raise for_httpx(error, httpx.ReadTimeout, httpx.ReadError) from None
        if arrived:
            reader.feed(arrived)
        else:
            reader.feed_end()

    def _content(self, connected: socket.socket, reader: AnswerReader, limits: TimeLimits) -> Iterator[bytes]:
        while True:
            yield from reader.take_content()
            if reader.is_complete:
                self._is_kept = reader.allows_another and not self._is_interrupted
                return
            self._receive(connected, reader, limits)


def _send_all(connected: socket.socket, piece: memoryview, limits: TimeLimits) -> None:
    while piece:
        connected.settimeout(limits.for_write())
        piece = piece[connected.send(piece) :]


def _is_readable(connected: socket.socket) -> bool:
    if hasattr(select, "poll"):
        poll = select.poll()  # select() cannot watch descriptors beyond 1,023
        poll.register(connected, select.POLLIN)
        return bool(poll.poll(0))
    return bool(select.select([connected], [], [], 0)[0])
