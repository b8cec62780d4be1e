"""The reader of HTTP/1.1 answers, given any bytes in any pieces."""

from __future__ import annotations

import httpx

from inference_ext.execution.connections.http11 import AnswerReader

from ..choices import Choices

__all__ = ["SEEDS", "DifferentOutcomes", "WrongLengthError", "http_answers"]

ANSWERS = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\nContent-Type: text/html\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n\r\nuntil the end",
    b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 204 No Content\r\n\r\n",
    b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
    b'HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nX-Request-Id: a\r\nContent-Length: 15\r\n\r\n{"message":"a"}',
    b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 307 Elsewhere\r\nLocation: http://a/\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\nContent-Type: a\r\nContent-Type: b\xff\r\nX-Request-Id: \xc3\xa9\r\n\r\n{}",
)

SEEDS = [bytes([method, 0, *plan]) + answer for answer in ANSWERS for method, plan in ((0, (1, 0)), (1, (7, 3)))]

Outcome = tuple[object, ...]


class WrongLengthError(AssertionError):
    """The body is longer or shorter than the answer says."""


class DifferentOutcomes(AssertionError):  # noqa: N818 - it is about the reader, which raises none
    """The same bytes gave something else in pieces."""

    def __init__(self, at_once: Outcome, cut: Outcome) -> None:
        super().__init__(f"{at_once} at once, {cut} in pieces")
        self.at_once = at_once
        self.are_but_for_headers = [*at_once[:2], *at_once[3:]] == [*cut[:2], *cut[3:]] and len(at_once) > 1


def http_answers(data: bytes) -> None:
    """Read bytes at once and in pieces: the same comes of them, and it is an answer or the one documented error."""
    choices = Choices(data)
    method = choices.pick((b"POST", b"HEAD"))
    ends = choices.below(4) != 3
    first, following = 1 + choices.below(64), 1 + choices.below(256)
    received = choices.rest()
    pieces = [received[:first]]
    pieces += [received[start : start + following] for start in range(first, len(received), following)]
    at_once, cut = _outcome(method, [received], ends=ends), _outcome(method, pieces, ends=ends)
    if at_once != cut:
        raise DifferentOutcomes(at_once, cut)


def _outcome(method: bytes, pieces: list[bytes], *, ends: bool) -> Outcome:
    """Read as a connection does: the head as soon as it is there, nothing more when the answer is complete."""
    reader = AnswerReader(method)
    headers: list[tuple[bytes, bytes]] | None = None
    content = b""
    try:
        for piece in pieces:
            if reader.is_complete:
                break
            if piece:
                reader.feed(piece)
            if reader.has_head and headers is None:
                headers = list(reader.headers)
            content += b"".join(reader.take_content())
        if ends and not reader.is_complete:
            reader.feed_end()
    except httpx.RemoteProtocolError:
        return ("error",)
    if reader.is_complete:
        assert reader.has_head
        assert 200 <= reader.status <= 999
        assert method != b"HEAD" or not content
        lengths = [value for name, value in headers or () if name.lower() == b"content-length"]
        if lengths and content and len(content) != int(lengths[0]):
            raise WrongLengthError(f"{len(content)} bytes for {lengths}")
    return reader.is_complete, reader.status, headers, content
