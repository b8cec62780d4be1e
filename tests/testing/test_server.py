"""A script behind a URL: a real server for code that makes its own client."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import httpx
import pytest
from scripted_scenes import PERSON

from inference_ext.testing import DroppedConnection, ErrorStatus, InferenceScript, NotJSON, embedded_server

BODY = {"model_id": "mine/1", "image": {"type": "base64", "value": "aGVsbG8="}, "api_key": "KEY-9"}


def scripted() -> InferenceScript:
    script = InferenceScript()
    script.model("mine/1", "object-detection").answers_with([PERSON])
    return script


def test_the_port_is_open_on_this_machine_only_and_closed_afterwards() -> None:
    threads = threading.active_count()
    with embedded_server(scripted()) as url:
        parts = urlsplit(url)
        assert parts.hostname == "127.0.0.1"
        assert parts.port is not None
        assert httpx.get(f"{url}/info").json()["name"]
        with pytest.raises(OSError, match="in use"), embedded_server(port=parts.port):
            pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", parts.port), timeout=5)
    assert threading.active_count() == threads


def test_a_dropped_connection_is_a_closed_socket() -> None:
    script = scripted()
    script.inject(DroppedConnection())
    with embedded_server(script) as url:
        port = urlsplit(url).port
        assert port is not None
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"GET /info HTTP/1.1\r\nHost: a\r\n\r\n")
            assert connection.recv(100) == b""
        assert httpx.get(f"{url}/info").status_code == 200


def test_faults_are_whole_http_answers() -> None:
    script = scripted()
    with embedded_server(script) as url, httpx.Client(base_url=url) as plain:
        script.inject(ErrorStatus(503, "busy", retry_after=3))
        answer = plain.get("/info")
        assert (answer.status_code, answer.reason_phrase) == (503, "Service Unavailable")
        assert answer.json() == {"message": "busy"}
        assert answer.headers["retry-after"] == "3"
        script.inject(ErrorStatus(599))
        assert plain.get("/info").status_code == 599
        script.inject(NotJSON("<p>Bonjour, ça va?</p>"))
        assert plain.get("/info").text == "<p>Bonjour, ça va?</p>"
        # All of them over one kept-alive connection.
        assert plain.get("/info").json()["version"]


def test_another_process_talks_to_the_script() -> None:
    code = (
        "import os, numpy as np\n"
        "from inference_ext import InferenceHTTPClient\n"
        "with InferenceHTTPClient(os.environ['INFERENCE_URL'], api_key='KEY-9') as client:\n"
        "    print(len(client.detect_objects(np.zeros((8, 8, 3), np.uint8), model_id='mine/1').predictions))\n"
    )
    script = scripted()
    with embedded_server(script) as url:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"INFERENCE_URL": url},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.stdout.strip() == "1", done.stderr
    (request,) = script.requests
    assert request.images[0].shape == (8, 8, 3)


def test_what_the_backend_says_of_a_request_is_passed_on() -> None:
    script = scripted()
    with embedded_server(script) as url, httpx.Client(base_url=url) as plain:
        answer = plain.post("/infer/object_detection", json=BODY)
        assert answer.status_code == 400
        assert "Could not load input image" in answer.json()["message"]
        answer = plain.post("/infer/object_detection", json={**BODY, "confidence": "high"})
        assert answer.status_code == 422
    with pytest.raises(AssertionError) as caught:
        script.assert_all_used()
    assert str(caught.value).count("not expected: model mine/1 answered 4") == 2
    assert "KEY-9" not in str(caught.value)
