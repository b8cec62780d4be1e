"""A proxy that does wrong is an error of ours too, without the key and without the proxy's password."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from raw_server import RawServer, raw_server, read_request, reply, reset

from inference_ext import (
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    InferenceConfiguration,
    InferenceHTTPClient,
    RequestTimeoutError,
)
from tests.reliability.leaks import KEY, SECRET, places_with_secrets, texts_of

PASSWORD = "PROXY-PASSWORD"
PIXELS = np.zeros((8, 8, 3), np.uint8)


def half(connected: socket.socket) -> None:
    connected.sendall(reply(b"{", length=100))
    time.sleep(0.02)
    reset(connected)


def drip(connected: socket.socket) -> None:
    connected.sendall(reply(b"", length=100_000))
    while True:
        connected.sendall(b"x")
        time.sleep(0.05)


FAULTS: dict[str, tuple[Callable[[socket.socket], Any], type[HTTPClientError], str]] = {
    "RST": (reset, HTTPServerConnectionError, "no complete answer"),
    "FIN": (lambda connected: connected.close(), HTTPServerConnectionError, "no complete answer"),
    "RST inside the body": (half, HTTPServerConnectionError, "no complete answer"),
    "silence": (lambda connected: connected.recv(1), RequestTimeoutError, "stood still"),
    "a byte now and then": (drip, RequestTimeoutError, "within 1 s in all"),
    "407": (
        lambda connected: connected.sendall(reply(b"", status="407 Proxy Authentication Required")),
        HTTPCallErrorError,
        "answered 407",
    ),
    "502": (lambda connected: connected.sendall(reply(b"<html>", status="502 No")), HTTPCallErrorError, "answered 502"),
    "no HTTP": (lambda connected: connected.sendall(b"SOCKS?\r\n"), HTTPServerConnectionError, "no complete answer"),
}


@both_shells
@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_does_wrong(invoke: Invoke, monkeypatch: pytest.MonkeyPatch, scheme: str, name: str) -> None:
    act, error, words = FAULTS[name]

    def handle(connected: socket.socket, _: int, proxy: RawServer) -> None:
        if read_request(connected, proxy) is not None:
            act(connected)

    with raw_server(handle) as proxy:
        address = proxy.url.replace("//", f"//user:{PASSWORD}@")
        monkeypatch.setenv("http_proxy", address)
        monkeypatch.setenv("https_proxy", address)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        with InferenceHTTPClient(f"{scheme}://server.example:9001", api_key=KEY) as client:
            client.select_api_v0().configure(
                InferenceConfiguration(
                    max_retries=0, request_timeout=0.5, connect_timeout=0.5, total_timeout=1, service_secret=SECRET
                )
            )
            began = time.monotonic()
            with pytest.raises(HTTPClientError) as caught:
                invoke(client, "infer", PIXELS, model_id="p/1")
            assert time.monotonic() - began < 8
        assert proxy.requests
    if scheme == "http":
        assert type(caught.value) is error
        assert words in str(caught.value)
    else:  # the tunnel did not come about, so there is no answer of the server
        assert isinstance(caught.value, HTTPServerConnectionError)
    assert places_with_secrets(texts_of(caught.value))[1] == []
    assert PASSWORD not in str(caught.value)
