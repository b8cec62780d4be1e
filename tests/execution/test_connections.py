"""What connections do when servers behave in every way they may: kept, closed, chunked, early, slow, cut off."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from raw_server import LIMIT, RawServer, raw_server, read_request, reply, reset

from inference_ext import (
    HTTPCallErrorError,
    HTTPServerConnectionError,
    InferenceConfiguration,
    InferenceHTTPClient,
    RequestTimeoutError,
)

INFO = json.dumps({"name": "raw", "version": "1.8.3", "uuid": "u"}).encode()
RESULT = json.dumps({"predictions": [], "image": {"width": 8, "height": 8}}).encode()
PIXELS = np.zeros((8, 8, 3), np.uint8)
ONCE = InferenceConfiguration(max_retries=0)


def answering(*pieces: bytes, pause: float = 0.0) -> Callable[[socket.socket, int, RawServer], None]:
    """Answer every request on every connection with these pieces."""

    def handle(connected: socket.socket, number: int, server: RawServer) -> None:
        del number
        while read_request(connected, server) is not None:
            for piece in pieces:
                connected.sendall(piece)
                time.sleep(pause)

    return handle


def info(invoke: Invoke, server: RawServer, *, times: int = 1, **settings: Any) -> list[str]:
    """Ask the server for its name, several times with one client."""
    with InferenceHTTPClient(server.url) as client:
        client.configure(InferenceConfiguration(**settings))
        if invoke.__name__ == "_asyncio":

            async def ask() -> list[str]:
                names = [(await client.get_server_info_async()).name for _ in range(times)]
                await client.aclose()
                return names

            return asyncio.run(ask())
        return [client.get_server_info().name for _ in range(times)]


CHUNKED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (INFO[:5], INFO[5:20], INFO[20:]))
    + b"0\r\nX-Trailer: 1\r\n\r\n"
)


@both_shells
@pytest.mark.parametrize(
    "pieces",
    [
        (reply(INFO),),
        tuple(bytes([byte]) for byte in reply(INFO)),
        (CHUNKED[:90], CHUNKED[90:100], CHUNKED[100:]),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + reply(INFO)),
        (reply(INFO).replace(b"\r\n\r\n", b"\r\nX-Long: " + b"x" * 100_000 + b"\r\n\r\n", 1),),
    ],
    ids=["at once", "byte by byte", "chunked", "interim answers", "long header"],
)
def test_answers_in_every_form_keep_the_connection(invoke: Invoke, pieces: tuple[bytes, ...]) -> None:
    with raw_server(answering(*pieces)) as server:
        assert info(invoke, server, times=3) == ["raw"] * 3
        assert server.connections == 1


@both_shells
@pytest.mark.parametrize(
    "answer",
    [
        reply(INFO, "Connection: close"),
        reply(INFO).replace(b"HTTP/1.1", b"HTTP/1.0"),
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + INFO,
    ],
    ids=["told", "HTTP/1.0", "no length"],
)
def test_a_connection_that_ends_with_its_answer_is_not_used_again(invoke: Invoke, answer: bytes) -> None:
    def handle(connected: socket.socket, _: int, server: RawServer) -> None:
        if read_request(connected, server) is not None:
            connected.sendall(answer)

    with raw_server(handle) as server:
        assert info(invoke, server, times=3, max_retries=0) == ["raw"] * 3
        assert server.connections == 3


@both_shells
def test_a_connection_the_server_closed_meanwhile_is_replaced(invoke: Invoke) -> None:
    """The server closes without a word after each answer, as one does whose patience with idle connections ended."""

    def handle(connected: socket.socket, _: int, server: RawServer) -> None:
        if read_request(connected, server) is not None:
            connected.sendall(reply(INFO))

    with raw_server(handle) as server, InferenceHTTPClient(server.url) as client:
        client.configure(ONCE)

        async def ask() -> None:
            for _ in range(4):
                assert (await client.get_server_info_async()).name == "raw"
                await asyncio.sleep(0.1)
            await client.aclose()

        if invoke.__name__ == "_asyncio":
            asyncio.run(ask())
        else:
            for _ in range(4):
                assert client.get_server_info().name == "raw"
                time.sleep(0.1)
        assert server.connections == 4


@both_shells
def test_a_refusal_that_comes_before_the_body_was_read_is_the_answer(invoke: Invoke) -> None:
    def handle(connected: socket.socket, _: int, server: RawServer) -> None:
        del server
        connected.recv(1000)
        connected.sendall(reply(b'{"message": "too large"}', "Connection: close", status="413 Too Large"))
        connected.shutdown(socket.SHUT_WR)
        while connected.recv(1 << 20):
            pass

    noise = np.random.default_rng(1).integers(0, 256, (1500, 2000, 3), np.uint8)
    with raw_server(handle) as server, InferenceHTTPClient(server.url) as client:
        client.select_api_v0().configure(InferenceConfiguration(image_format="png"))
        with pytest.raises(HTTPCallErrorError, match="too large") as caught:
            invoke(client, "infer", noise, model_id="p/1")
    assert caught.value.status_code == 413


@both_shells
def test_a_server_that_takes_the_body_slowly_gets_all_of_it(invoke: Invoke) -> None:
    bodies: list[int] = []

    def handle(connected: socket.socket, *_: object) -> None:
        data = connected.recv(4096)
        head, _, rest = data.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        taken = len(rest)
        while taken < length:
            time.sleep(0.005)
            taken += len(connected.recv(200_000))
        bodies.append(taken)
        connected.sendall(reply(RESULT))

    noise = np.random.default_rng(1).integers(0, 256, (1000, 1500, 3), np.uint8)
    with raw_server(handle) as server, InferenceHTTPClient(server.url) as client:
        client.select_api_v0().configure(InferenceConfiguration(image_format="png", max_retries=0))
        assert invoke(client, "infer", noise, model_id="p/1")["predictions"] == []
    assert bodies
    assert bodies[0] > 5_000_000


def stopping(after: bytes, *, by: Callable[[socket.socket], None] | None = None) -> Any:
    """Answer with this beginning, and then end the connection (`by`) or stand still."""
    over = threading.Event()

    def handle(connected: socket.socket, _: int, server: RawServer) -> None:
        if read_request(connected, server) is None:
            return
        connected.sendall(after)
        if by is not None:
            time.sleep(0.05)  # so that it arrives before the end does
            by(connected)
        else:
            connected.recv(1)  # until the client goes
            over.wait(0)

    return handle


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
BEGINNINGS = {
    "before the head": b"",
    "in the head": HEAD,
    "in the body": reply(INFO[:20], length=len(INFO)),
    "in a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n40\r\n" + INFO[:20],
}


@both_shells
@pytest.mark.parametrize("end", [socket.socket.close, reset], ids=["fin", "rst"])
@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_an_answer_that_ends_early_is_an_error_of_ours(
    invoke: Invoke, beginning: bytes, end: Callable[[socket.socket], None]
) -> None:
    with raw_server(stopping(beginning, by=end)) as server:
        with pytest.raises(HTTPServerConnectionError, match="GET /info: no complete answer"):
            info(invoke, server, max_retries=0)
        assert len(server.requests) == 1
        with pytest.raises(HTTPServerConnectionError):
            info(invoke, server, max_retries=1)
        assert len(server.requests) == 3


@both_shells
@pytest.mark.parametrize("limit", ["request_timeout", "total_timeout"])
@pytest.mark.parametrize("beginning", BEGINNINGS.values(), ids=BEGINNINGS.keys())
def test_an_answer_that_stands_still_ends_at_the_limit(invoke: Invoke, beginning: bytes, limit: str) -> None:
    with raw_server(stopping(beginning)) as server:
        started = time.monotonic()
        words = "stood still for request_timeout" if limit == "request_timeout" else "within 0.4 s in all"
        with pytest.raises(RequestTimeoutError, match=words):
            info(invoke, server, max_retries=0, **{limit: 0.4})
        assert 0.3 < time.monotonic() - started < 5


@both_shells
@pytest.mark.parametrize("part", ["head", "body"])
def test_an_answer_that_drips_in_ends_at_the_deadline(invoke: Invoke, part: str) -> None:
    """Every byte comes in time, all of them together do not."""

    def handle(connected: socket.socket, _: int, server: RawServer) -> None:
        if read_request(connected, server) is None:
            return
        connected.sendall(HEAD if part == "head" else reply(b"", length=100_000))
        for _ in range(int(LIMIT / 0.05)):
            time.sleep(0.05)
            connected.sendall(b"x")

    with raw_server(handle) as server:
        started = time.monotonic()
        with pytest.raises(RequestTimeoutError, match=r"within 0\.5 s in all"):
            info(invoke, server, max_retries=0, request_timeout=0.4, total_timeout=0.5)
        assert time.monotonic() - started < 3


@both_shells
def test_a_server_that_does_not_take_the_request_ends_at_the_limit(invoke: Invoke) -> None:
    def handle(connected: socket.socket, number: int, server: RawServer) -> None:
        del connected, number, server
        time.sleep(2)

    noise = np.random.default_rng(1).integers(0, 256, (2000, 3000, 3), np.uint8)
    with raw_server(handle) as server, InferenceHTTPClient(server.url) as client:
        client.select_api_v0().configure(InferenceConfiguration(image_format="png", max_retries=0, request_timeout=0.4))
        with pytest.raises(RequestTimeoutError, match="stood still"):
            invoke(client, "infer", noise, model_id="p/1")


@both_shells
@pytest.mark.parametrize("answer", [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"])
def test_what_is_no_http_is_an_error_of_ours(invoke: Invoke, answer: bytes) -> None:
    with (
        raw_server(answering(answer)) as server,
        pytest.raises(HTTPServerConnectionError, match=r"is not HTTP/1\.1"),
    ):
        info(invoke, server, max_retries=0)


@both_shells
def test_noise_behind_an_answer_costs_the_connection_and_nothing_else(invoke: Invoke) -> None:
    with raw_server(answering(reply(INFO) + b"HTTP/1.1 500 Late\r\n\r\n")) as server:
        assert info(invoke, server, times=3, max_retries=0) == ["raw"] * 3
        assert server.connections == 3


def test_idle_connections_are_closed_before_the_server_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the others that lie idle, when one is given back; the wait is shortened."""
    import inference_ext.execution.connections.blocking_connections as pool

    monkeypatch.setattr(pool, "KEEP_ALIVE_SECONDS", 0.2)
    closed = threading.Semaphore(0)

    def handle(connected: socket.socket, _: int, server: RawServer) -> None:
        while read_request(connected, server) is not None:
            time.sleep(0.1)
            connected.sendall(reply(INFO))
        closed.release()

    with raw_server(handle) as server, InferenceHTTPClient(server.url) as client:
        threads = [threading.Thread(target=client.get_server_info) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert server.connections == 4
        time.sleep(0.4)
        client.get_server_info()
        assert all(closed.acquire(timeout=5) for _ in range(3))
        assert server.connections == 4


def test_waiting_for_a_connection_is_interrupted() -> None:
    """The queue of the listening socket is full; the first of a list fails, the others still wait to be let in."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        queued = [socket.socket() for _ in range(4)]
        for waiting in queued:
            waiting.settimeout(0)
            waiting.connect_ex(listening.getsockname())
        try:
            with InferenceHTTPClient(f"http://127.0.0.1:{listening.getsockname()[1]}", api_key="K") as client:
                client.select_api_v0().configure(InferenceConfiguration(connect_timeout=20))
                threading.Timer(0.5, client.close).start()
                started = time.monotonic()
                with pytest.raises(HTTPServerConnectionError):
                    client.infer([PIXELS] * 4, model_id="p/1")
                assert time.monotonic() - started < 5
        finally:
            for waiting in queued:
                waiting.close()


@both_shells
def test_large_answers_come_whole(invoke: Invoke) -> None:
    large = json.dumps({"predictions": [], "padding": "x" * 20_000_000}).encode()
    with raw_server(answering(reply(large))) as server, InferenceHTTPClient(server.url) as client:
        client.select_api_v0()
        result = invoke(client, "infer", PIXELS, model_id="p/1")
    assert len(result["padding"]) == 20_000_000
