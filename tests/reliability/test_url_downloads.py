"""Images behind URLs: what hosts may do wrong, and where names may lead."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from both_shells import Invoke, both_shells
from raw_server import RawServer, raw_server, read_request, reply, reset
from recording_server import RecordingServer

from inference_ext import (
    HTTPClientError,
    HTTPServerConnectionError,
    InferenceHTTPClient,
    InvalidInputFormatError,
    InvalidURLImageInput,
    RequestTimeoutError,
    URLAddressNotAllowedError,
    URLPolicy,
)
from tests.images.hostile_files import BOMBS

PNG = cv2.imencode(".png", np.full((8, 8, 3), 60, np.uint8))[1].tobytes()
GZIP_BOMB = gzip.compress(bytes(10**7))
LOCAL = URLPolicy(allow_non_global_addresses=True, max_bytes=100_000, max_redirects=3, timeout=0.6)
AT_LATEST = 6.0
"""Seconds; the policy's limit, and what a busy machine adds."""


def endless(connected: socket.socket) -> None:
    connected.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connected.sendall(b"10000\r\n" + bytes(0x10000) + b"\r\n")


def dripping(connected: socket.socket) -> None:
    connected.sendall(reply(b"", length=10_000))
    while True:
        connected.sendall(b"x")
        time.sleep(0.05)


def halfway(connected: socket.socket) -> None:
    connected.sendall(reply(PNG[:40], length=len(PNG)))
    time.sleep(0.02)
    reset(connected)


def silent(connected: socket.socket) -> None:
    connected.recv(1)


FAULTS: dict[str, tuple[Callable[[socket.socket], None], type[HTTPClientError], str]] = {
    "RST": (reset, HTTPServerConnectionError, "no complete answer"),
    "RST inside the body": (halfway, HTTPServerConnectionError, "no complete answer"),
    "FIN inside the body": (
        lambda connected: connected.sendall(reply(PNG[:40], length=len(PNG))),
        HTTPServerConnectionError,
        "no complete answer",
    ),
    "silence": (silent, RequestTimeoutError, r"within 0\.6 s in all"),
    "a byte now and then": (dripping, RequestTimeoutError, r"within 0\.6 s in all"),
    "no end": (endless, InvalidURLImageInput, r"larger than 100000 bytes \(URLPolicy\.max_bytes\)"),
    "a length too large": (
        lambda connected: connected.sendall(reply(bytes(200_000))),
        InvalidURLImageInput,
        r"larger than 100000 bytes \(URLPolicy\.max_bytes\)",
    ),
    "a gzip bomb": (
        lambda connected: connected.sendall(reply(GZIP_BOMB, "Content-Encoding: gzip")),
        InvalidURLImageInput,
        "more than 100000 bytes, compressed",
    ),
    "gzip that is none": (
        lambda connected: connected.sendall(reply(b"no gzip", "Content-Encoding: gzip")),
        InvalidURLImageInput,
        "cannot be decompressed",
    ),
    "another compression": (
        lambda connected: connected.sendall(reply(PNG, "Content-Encoding: br")),
        InvalidURLImageInput,
        "Content-Encoding .br., which is not known",
    ),
    "a redirect to itself": (
        lambda connected: connected.sendall(reply(b"", "Location: /a.png", status="302 Found")),
        InvalidURLImageInput,
        r"more than 3 redirects \(URLPolicy\.max_redirects\)",
    ),
    "a redirect to a file": (
        lambda connected: connected.sendall(reply(b"", "Location: file:///etc/passwd", status="302 Found")),
        InvalidURLImageInput,
        "expected http:// or https://",
    ),
    "a redirect with a password": (
        lambda connected: connected.sendall(reply(b"", "Location: http://a:b@127.0.0.1/", status="302 Found")),
        InvalidURLImageInput,
        "user name",
    ),
    "a redirect to nowhere": (
        lambda connected: connected.sendall(reply(b"", status="302 Found")),
        InvalidURLImageInput,
        "answered 302",
    ),
    "an error status": (
        lambda connected: connected.sendall(reply(b"", status="503 Busy")),
        InvalidURLImageInput,
        "answered 503",
    ),
    "a page": (lambda connected: connected.sendall(reply(b"<html>")), InvalidInputFormatError, "is not an image"),
    "an image cut short": (
        lambda connected: connected.sendall(reply(PNG[:-20])),
        InvalidInputFormatError,
        "cut short",
    ),
    "a decompression bomb": (
        lambda connected: connected.sendall(reply(BOMBS["PNG"])),
        InvalidInputFormatError,
        "max_image_pixels",
    ),
    "no HTTP": (
        lambda connected: connected.sendall(b"220 ftp ready\r\n"),
        HTTPServerConnectionError,
        r"is not HTTP/1\.1",
    ),
}


@both_shells
@pytest.mark.parametrize("name", FAULTS)
def test_a_host_that_does_wrong_is_an_error_of_ours(invoke: Invoke, server: RecordingServer, name: str) -> None:
    act, error, words = FAULTS[name]

    def handle(connected: socket.socket, _: int, host: RawServer) -> None:
        if read_request(connected, host) is not None:
            act(connected)

    began = time.monotonic()
    with raw_server(handle) as host, InferenceHTTPClient(server.url, url_policy=LOCAL) as client:
        with pytest.raises(error, match=words) as caught:
            invoke(client, "detect_objects", [PNG, f"{host.url}/a.png?signature=hidden"], model_id="p/1")
        lasted = time.monotonic() - began
    assert type(caught.value) is error
    assert caught.value.input_index == 1
    assert "hidden" not in str(caught.value)
    assert lasted < AT_LATEST
    assert server.paths().count("POST /infer/object_detection") == 1


# -- where names lead


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """What the resolver says about names, one answer after another; the last one stays."""
    answers: dict[str, list[list[str]]] = {}
    look_up = socket.getaddrinfo

    def resolve(host: Any, port: Any, *arguments: Any, **options: Any) -> Any:
        if host not in answers:
            return look_up(host, port, *arguments, **options)
        told = answers[host]
        addresses = told.pop(0) if len(told) > 1 else told[0]
        return [entry for each in addresses for entry in look_up(each, port, *arguments, **options)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return answers


@both_shells
@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "10.0.0.5"],
        ["93.184.216.34", "::1"],
        ["169.254.169.254"],
        ["fd00:ec2::254"],
        ["::ffff:169.254.169.254"],
        ["100.100.100.200"],
        ["0.0.0.0"],
    ],
)
def test_a_public_name_for_an_address_inside_is_refused(
    invoke: Invoke, server: RecordingServer, names: dict[str, list[list[str]]], addresses: list[str]
) -> None:
    names["images.example"] = [addresses]
    port = server.url.rpartition(":")[2]
    with (
        InferenceHTTPClient(server.url) as client,
        pytest.raises(URLAddressNotAllowedError, match=r"images\.example.*allow_non_global_addresses=True"),
    ):
        invoke(client, "detect_objects", f"http://images.example:{port}/a.png", model_id="p/1")
    assert not any(path.startswith("GET /a.png") for path in server.paths())


class OnlyThisOne(URLPolicy):
    """Takes 127.0.0.1 for a public address and every other of this machine for one that is inside."""

    def check_address(self, address: Any, host: str) -> None:
        if str(address) != "127.0.0.1":
            super().check_address(address, host)


@both_shells
def test_a_name_that_changes_its_address_is_asked_once_for_each_hop(
    invoke: Invoke, server: RecordingServer, names: dict[str, list[list[str]]]
) -> None:
    """The address that was checked is the one that is connected to; the second answer of the resolver is not asked."""

    def handle(connected: socket.socket, number: int, host: RawServer) -> None:
        read_request(connected, host)
        moved = reply(b"", f"Location: http://second.example:{port}/b.png", status="302 Found")
        connected.sendall(moved if number == 0 else reply(PNG))

    with raw_server(handle) as host, InferenceHTTPClient(server.url, url_policy=OnlyThisOne()) as client:
        port = int(host.url.rpartition(":")[2])
        names["first.example"] = [["127.0.0.1"], ["127.0.0.2"]]
        names["second.example"] = [["127.0.0.1"], ["127.0.0.2"]]
        invoke(client, "detect_objects", f"http://first.example:{port}/a.png", model_id="p/1")
        assert [line for head in host.requests for line in head.splitlines() if line.lower().startswith(b"host")] == [
            b"host: first.example:%d" % port,
            b"host: second.example:%d" % port,
        ]
        # One answer was taken for each; the next hop of the same name gets the new address, and is refused.
        with pytest.raises(URLAddressNotAllowedError, match=r"127\.0\.0\.2"):
            invoke(client, "detect_objects", f"http://first.example:{port}/a.png", model_id="p/1")
        assert host.connections == 2
