"""HTTP/1.1 answers are read the same however their bytes arrive, and what is no answer is told."""

from __future__ import annotations

from collections.abc import Sequence

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference_ext.execution.connections.http11 import AnswerReader, request_head

names = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12).filter(
    lambda name: name not in ("content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer")
)
values = st.text("abcdefghijklmnopqrstuvwxyz0123456789 ;=/", max_size=20).map(str.strip)
bodies = st.lists(st.binary(min_size=1, max_size=200), max_size=6)


def head(status: int, lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in [f"HTTP/1.1 {status} Some Words", *lines, ""]).encode()


def chunked(pieces: Sequence[bytes]) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def cut(data: bytes, places: Sequence[float]) -> list[bytes]:
    ends = sorted({round(place * len(data)) for place in places} | {len(data)})
    return [piece for start, end in zip([0, *ends], ends, strict=False) if (piece := data[start:end])]


def read(pieces: Sequence[bytes], *, method: bytes = b"POST", ended: bool = False) -> tuple[AnswerReader, bytes]:
    reader = AnswerReader(method)
    body = b""
    for piece in pieces:
        reader.feed(piece)
        body += b"".join(reader.take_content())
    if ended:
        reader.feed_end()
    return reader, body + b"".join(reader.take_content())


@given(
    status=st.integers(200, 599).filter(lambda status: status not in (204, 304)),
    headers=st.lists(st.tuples(names, values), max_size=5),
    body=bodies,
    framing=st.sampled_from(["length", "chunks", "end"]),
    interim=st.lists(st.sampled_from([100, 102, 103]), max_size=2),
    places=st.lists(st.floats(0, 1), max_size=12),
)
def test_an_answer_is_the_same_in_whatever_pieces_it_arrives(
    status: int,
    headers: list[tuple[str, str]],
    body: list[bytes],
    framing: str,
    interim: list[int],
    places: list[float],
) -> None:
    content = b"".join(body)
    lines = [f"{name}: {value}" for name, value in headers]
    lines += {"length": [f"Content-Length: {len(content)}"], "chunks": ["Transfer-Encoding: chunked"], "end": []}[
        framing
    ]
    before = b"".join(head(number, ["Link: x"]) for number in interim)
    data = before + head(status, lines) + (chunked(body) if framing == "chunks" else content)
    reader, read_body = read(cut(data, places), ended=framing == "end")
    assert (reader.status, read_body, reader.is_complete) == (status, content, True)
    assert [(name.decode(), value.decode()) for name, value in reader.headers][: len(headers)] == headers
    assert reader.allows_another == (framing != "end")


@given(body=bodies.filter(bool), is_chunked=st.booleans(), places=st.lists(st.floats(0, 1), max_size=4), data=st.data())
def test_an_answer_that_ends_early_is_never_taken_for_a_whole_one(
    body: list[bytes], is_chunked: bool, places: list[float], data: st.DataObject
) -> None:
    content = chunked(body) if is_chunked else b"".join(body)
    framing = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {len(content)}"
    whole = head(200, [framing]) + content
    kept = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(httpx.RemoteProtocolError, match="closed the connection"):
        read(cut(whole[:kept], places), ended=True)


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_are_an_answer_or_an_error_of_ours(data: bytes) -> None:
    try:
        reader, _ = read([data], ended=True)
    except httpx.RemoteProtocolError:
        return
    assert reader.status >= 200


@pytest.mark.parametrize(
    ("method", "status", "lines"),
    [
        (b"HEAD", 200, ["Content-Length: 500"]),
        (b"HEAD", 200, []),
        (b"POST", 204, []),
        (b"GET", 304, ["Content-Length: 500"]),
    ],
)
def test_answers_without_a_body_end_with_their_head(method: bytes, status: int, lines: list[str]) -> None:
    reader, body = read([head(status, lines)], method=method)
    assert reader.is_complete
    assert body == b""


@pytest.mark.parametrize(
    "data",
    [
        head(200, ["Connection: close", "Content-Length: 0"]),
        b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
        head(200, ["Content-Length: 0"]) + b"HTTP/1.1 200 OK\r\n",
        head(200, ["Content-Length: 0"]) + b"noise",
    ],
    ids=["told", "old version", "a second answer", "noise"],
)
def test_a_connection_is_not_used_again_when_it_cannot_be(data: bytes) -> None:
    reader, _ = read([data])
    assert reader.is_complete
    assert not reader.allows_another


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"<html>portal</html>",
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 600_000,
    ],
    ids=["ssh", "html", "length", "two lengths", "length and chunks", "chunk", "websocket", "endless head"],
)
def test_what_is_no_answer_is_told(data: bytes) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        read(cut(data, [0.2, 0.7]))


@pytest.mark.parametrize(
    ("name", "value"), [(b"authorization", b"Bearer KEY-1\r\nx: y"), (b"a\nb", b"KEY-1"), (b"a", b"KEY-1\0")]
)
def test_a_line_break_never_gets_into_a_head(name: bytes, value: bytes) -> None:
    with pytest.raises(httpx.LocalProtocolError) as caught:
        request_head(b"GET", b"/", [(name, value)])
    assert "KEY-1" not in str(caught.value)


def test_a_head_is_written_in_order() -> None:
    assert request_head(b"POST", b"/a?b=c", [(b"host", b"x"), (b"x", b"1"), (b"x", b"2")]) == (
        b"POST /a?b=c HTTP/1.1\r\nhost: x\r\nx: 1\r\nx: 2\r\n\r\n"
    )
