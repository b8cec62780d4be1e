"""HTTP/1.1 without a socket: a request's head as bytes, and an answer out of whatever pieces of it arrive.

The grammar is llhttp's, the parser of Node.js, through httptools. What stands here is what a client must know around
it: which answer is the last one, where it ends, and whether another request may follow on the same connection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import httpx
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

__all__ = ["AnswerReader", "request_head"]

_LARGEST_HEAD = 256 * 1024
_NO_CONTENT = (204, 304)

#: What must not stand in a name or a value: it would end the line and begin another.
_FORBIDDEN = re.compile(rb"[\r\n\0]")


def request_head(method: bytes, target: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Give the bytes in front of a request's body.

    Raises:
        httpx.LocalProtocolError: A header's name or value holds a line break.

    """
    lines = [b"%b %b HTTP/1.1" % (method, target)]
    for name, value in headers:
        if _FORBIDDEN.search(name) or _FORBIDDEN.search(value):
            # Not the value: it may be the key.
            raise httpx.LocalProtocolError(f"the header {name[:40]!r} holds a line break")
        lines.append(b"%b: %b" % (name, value))
    return b"\r\n".join([*lines, b"", b""])


class AnswerReader:
    """Reads one answer; the connection feeds it and asks how far it is.

    Args:
        method: Method of the request: what answers HEAD ends with its head.

    """

    def __init__(self, method: bytes) -> None:
        self.status: int = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.has_head: bool = False
        self.is_complete: bool = False
        self._is_head_only = method == b"HEAD"
        self._is_framed = False
        self._keeps_alive = False
        self._has_extra = False
        self._has_impossible_status = False
        self._head_size = 0
        self._fed = 0
        self._content: list[bytes] = []
        self._parser = HttpResponseParser(self)

    # -- for the connection

    @property
    def allows_another(self) -> bool:
        """Whether the connection can be used again once the answer is complete."""
        return self._keeps_alive and self._is_framed and not self._has_extra

    def feed(self, data: bytes) -> None:
        """Take what arrived.

        Raises:
            httpx.RemoteProtocolError: It is not an answer in HTTP/1.1.

        """
        self._fed += len(data)
        try:
            self._parser.feed_data(data)
        except (HttpParserUpgrade, HttpParserError) as error:
            if not self.is_complete:
                raise httpx.RemoteProtocolError(_what_is_wrong(error)) from None
            self._has_extra = True
        if self._has_impossible_status:
            raise httpx.RemoteProtocolError("the answer is not HTTP/1.1: its status is below 100")
        # A head that has not come to its end may be a header longer, so that nothing depends on how it is cut.
        if self._head_size > _LARGEST_HEAD or (not self.has_head and self._fed > 2 * _LARGEST_HEAD):
            raise httpx.RemoteProtocolError(f"the answer's head is longer than {_LARGEST_HEAD} bytes")

    def feed_end(self) -> None:
        """Take that the server closed the connection.

        Raises:
            httpx.RemoteProtocolError: The answer is not complete.

        """
        if not self._fed:
            raise httpx.RemoteProtocolError("the server closed the connection without an answer")
        if not self.has_head:
            raise httpx.RemoteProtocolError("the server closed the connection within the answer's head")
        if not self.is_complete and self._is_framed:
            raise httpx.RemoteProtocolError("the server closed the connection within the answer's body")
        self.is_complete = True  # with no length given, the end of the connection is the end of the body
        self._keeps_alive = False

    def take_content(self) -> Sequence[bytes]:
        """Give the pieces of the body that arrived since the last time."""
        content, self._content = self._content, []
        return content

    # -- for the parser

    def on_message_begin(self) -> None:
        """Called at the first byte of an answer."""
        if self.is_complete:
            self._has_extra = True
        else:
            self.headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called for each header."""
        if self.has_head:  # a trailer, or what follows an answer
            return
        self._head_size += len(name) + len(value) + 4
        self.headers.append((name, value))
        if name.lower() in (b"content-length", b"transfer-encoding"):
            self._is_framed = True

    def on_headers_complete(self) -> None:
        """Called at the end of a head."""
        status = self._parser.get_status_code()
        self._has_impossible_status = self._has_impossible_status or (status < 100 and not self.is_complete)
        if self.is_complete or status < 200:  # 1xx: the answer proper follows
            self._is_framed = False
            return
        self.status = status
        self.has_head = True
        self._keeps_alive = self._parser.should_keep_alive()
        if self._is_head_only or status in _NO_CONTENT:
            self._is_framed = True
            self.is_complete = True

    def on_body(self, content: bytes) -> None:
        """Called for each piece of the body."""
        # Without a head it belongs to an interim answer, which has no body; a server may send one all the same.
        if self.has_head and not self._is_head_only and not self._has_extra:
            self._content.append(content)

    def on_message_complete(self) -> None:
        """Called at the end of an answer."""
        if self.has_head:
            self.is_complete = True


def _what_is_wrong(error: Exception) -> str:
    if isinstance(error, HttpParserUpgrade):
        return "the server answered in another protocol"
    return f"the answer is not HTTP/1.1: {error}"
