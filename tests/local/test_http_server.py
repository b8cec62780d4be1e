"""The backend over real sockets."""

from __future__ import annotations

import http.client
import io
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from analytic_models import register_analytic_models
from wire_cases import FORM, base64_text

from inference_ext.command_line import main
from inference_ext.errors import InvalidParameterError
from inference_ext.local import LocalBackend, serve, serve_in_thread
from inference_ext.local.http_server import KEEP_ALIVE_SECONDS, is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = json.dumps({"model_id": "color-boxes/1", "image": {"type": "base64", "value": base64_text("two")}}).encode()
JSON = {"Content-Type": "application/json"}
INFER = "/infer/object_detection"


@pytest.fixture(scope="module")
def address() -> Iterator[tuple[str, int]]:
    backend = LocalBackend(builtin_models=False)
    register_analytic_models(backend)
    with serve_in_thread(backend) as url:
        parts = urlsplit(url)
        assert parts.hostname == "127.0.0.1"
        assert parts.port is not None
        yield parts.hostname, parts.port


def exchange(connection: http.client.HTTPConnection, *request: Any) -> tuple[int, Any]:
    connection.request(*request)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def raw(address: tuple[str, int], data: bytes) -> bytes:
    """Everything that comes back for some bytes, until the server closes."""
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(data)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


def test_one_connection_serves_many_requests(address: tuple[str, int]) -> None:
    connection = http.client.HTTPConnection(*address, timeout=30)
    connection.connect()
    used = connection.sock
    for _ in range(20):
        status, body = exchange(connection, "POST", INFER, BODY, JSON)
        assert status == 200
        assert [item["class"] for item in body["predictions"]] == ["red", "blue"]
        assert exchange(connection, "GET", "/nope") == (404, {"detail": "Not Found"})
        assert connection.sock is used
    connection.close()


def test_a_refused_body_does_not_disturb_the_next_request(address: tuple[str, int]) -> None:
    connection = http.client.HTTPConnection(*address, timeout=30)
    for _ in range(3):
        assert exchange(connection, "POST", "/info", b"x" * 100_000)[0] == 405
        assert exchange(connection, "GET", "/healthz") == (200, {"status": "healthy"})
    connection.close()


def test_many_connections_at_once(address: tuple[str, int]) -> None:
    def ask(_number: int) -> list[str]:
        connection = http.client.HTTPConnection(*address, timeout=60)
        classes = [exchange(connection, "POST", INFER, BODY, JSON)[1]["predictions"][0]["class"] for _ in range(3)]
        connection.close()
        return classes

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, range(32))) == [["red"] * 3] * 32


def test_chunked_bodies_are_read(address: tuple[str, int]) -> None:
    connection = http.client.HTTPConnection(*address, timeout=30)
    chunks = (BODY[start : start + 1000] for start in range(0, len(BODY), 1000))
    connection.request("POST", INFER, chunks, JSON, encode_chunked=True)
    response = connection.getresponse()
    assert response.status == 200
    assert len(json.loads(response.read())["predictions"]) == 2
    assert exchange(connection, "GET", "/healthz")[0] == 200
    connection.close()


def test_expect_continue_is_answered(address: tuple[str, int]) -> None:
    text = base64_text("two").encode()
    head = (
        f"POST /color-boxes/1 HTTP/1.1\r\nHost: x\r\nContent-Type: {FORM}\r\nContent-Length: {len(text)}\r\n"
        "Expect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    received = raw(address, head.encode() + text)
    assert received.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"POST /info HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n", b"400"),
        (b"POST /info HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"GET /info HTTP/1.0\r\n\r\n", b"200"),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"200"),
        (b"BREW /info HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"405"),
        (b"HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
)
def test_unusual_requests_are_answered_and_the_connection_closed(
    address: tuple[str, int], request_bytes: bytes, status: bytes
) -> None:
    received = raw(address, request_bytes)
    assert re.search(rb"(HTTP/1.1 %s)|(Error code: %s)" % (status, status), received), received


def test_a_client_that_leaves_in_the_middle_does_not_stop_the_server(address: tuple[str, int]) -> None:
    for _ in range(5):
        with socket.create_connection(address, timeout=30) as connection:
            connection.sendall(b"POST /info HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
    connection_after = http.client.HTTPConnection(*address, timeout=30)
    assert exchange(connection_after, "GET", "/healthz")[0] == 200
    connection_after.close()


def test_idle_connections_are_closed_like_the_real_servers(address: tuple[str, int]) -> None:
    assert KEEP_ALIVE_SECONDS == 5
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        while connection.recv(65536):
            pass  # Ends when the server closes; the socket's own timeout would raise.


def test_after_the_block_nothing_is_left() -> None:
    before = set(threading.enumerate())
    with serve_in_thread(LocalBackend(builtin_models=False)) as url:
        parts = urlsplit(url)
        idle = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        assert exchange(idle, "GET", "/healthz")[0] == 200
        assert set(threading.enumerate()) - before
    assert set(threading.enumerate()) - before == set()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5)
    idle.close()


def test_the_server_stops_when_the_block_fails() -> None:
    with pytest.raises(KeyError, match="inside"), serve_in_thread(LocalBackend(builtin_models=False)) as url:
        raise KeyError("inside")
    parts = urlsplit(url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=5)


def test_ipv6_loopback_is_served() -> None:
    with serve_in_thread(LocalBackend(builtin_models=False), host="::1") as url:
        assert url.startswith("http://[::1]:")
        connection = http.client.HTTPConnection("::1", urlsplit(url).port, timeout=30)
        assert exchange(connection, "GET", "/healthz")[0] == 200
        connection.close()


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *((host, True) for host in ("127.0.0.1", "127.8.8.8", "::1", "localhost")),
        *((host, False) for host in ("0.0.0.0", "::", "192.168.1.5", "example.org")),
    ],
)
def test_what_counts_as_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_other_addresses_are_served_only_with_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("inference_ext.local.http_server.HTTPServerForWSGI.serve_forever", interrupted)
    said = {}
    for host in ("127.0.0.1", "0.0.0.0"):
        output = io.StringIO()
        serve(LocalBackend(builtin_models=False), host=host, port=0, output=output)
        said[host] = output.getvalue()
    assert "WARNING" not in said["127.0.0.1"]
    assert "WARNING" in said["0.0.0.0"]
    assert all("development and tests" in text for text in said.values())


def test_a_port_out_of_range_is_refused() -> None:
    with pytest.raises(InvalidParameterError, match="port"):
        serve(LocalBackend(builtin_models=False), port=70000)


def test_a_taken_port_ends_the_command_with_a_message(
    address: tuple[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", str(address[1])]) == 1
    assert "error:" in capsys.readouterr().err


def test_the_command_serves_until_it_is_interrupted() -> None:
    command = [sys.executable, "-m", "inference_ext", "serve", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert url, line
        assert "development and tests" in line
        connection = http.client.HTTPConnection("127.0.0.1", urlsplit(url.group()).port, timeout=30)
        status, body = exchange(connection, "GET", "/info")
        assert status == 200
        assert "embedded" in body["name"]
        connection.close()
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0
    assert output == "Stopped.\n"
    assert errors == ""


def test_requests_are_logged_without_their_query(address: tuple[str, int], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", "inference_ext.local"):
        connection = http.client.HTTPConnection(*address, timeout=30)
        assert exchange(connection, "GET", "/model/registry?api_key=rf_secret&x=1")[0] == 200
        connection.close()
        deadline = time.monotonic() + 10
        while "/model/registry" not in caplog.text and time.monotonic() < deadline:
            time.sleep(0.01)
    assert "/model/registry?..." in caplog.text
    assert "200" in caplog.text
    assert "rf_secret" not in caplog.text
