"""The benchmarks' server: routes, counts, latency, stragglers, slots."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path
from select import select
from typing import Any
from urllib.parse import urlsplit

import pytest

from benchmarks.child import Child, running_child
from benchmarks.server import EMBEDDING_LENGTH, ServerReport, ServerSettings

LIMIT = 20.0


class Running:
    """A server and the connections to it."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._netloc = urlsplit(child.hear(LIMIT)).netloc
        self.opened: list[http.client.HTTPConnection] = []

    def begin(self, **settings: Any) -> None:
        self._child.ask({"begin": asdict(ServerSettings(**settings))}, LIMIT)

    def report(self) -> ServerReport:
        return ServerReport(**self._child.ask({"report": True}, LIMIT))

    def connection(self) -> http.client.HTTPConnection:
        self.opened.append(http.client.HTTPConnection(self._netloc, timeout=LIMIT))
        return self.opened[-1]

    def send(self, path: str, body: bytes) -> http.client.HTTPConnection:
        connection = self.connection()
        connection.request("POST", path, body)
        return connection


@pytest.fixture
def server() -> Generator[Running]:
    with running_child("server", [sys.executable, "-m", "benchmarks.server"]) as child:
        running = Running(child)
        yield running
        for connection in running.opened:
            connection.close()


def answered(connection: http.client.HTTPConnection) -> Any:
    return json.loads(connection.getresponse().read())


@pytest.mark.parametrize("size", [1, 3000, 5_000_000])
@pytest.mark.parametrize(
    "path", ["/infer/object_detection", "/project/1?api_key=k", "/clip/embed_image", "/workflows/run"]
)
def test_answers_name_the_length_of_their_request(server: Running, path: str, size: int) -> None:
    connection = server.connection()
    for length in (size, size + 1):
        connection.request("POST", path, bytes(length))
        assert int(answered(connection)["inference_id"]) == length
    assert (server.report().connections, server.report().requests) == (1, 2)


def test_answers_have_the_shapes_of_the_real_server(server: Running) -> None:
    server.begin(images_per_answer=3, boxes=2)
    detection = answered(server.send("/infer/object_detection", b"x"))
    assert len(detection["predictions"]) == 2
    assert {"x", "y", "width", "height", "confidence", "class", "class_id"} <= detection["predictions"][0].keys()
    embeddings = answered(server.send("/clip/embed_image", b"x"))["embeddings"]
    assert [len(vector) for vector in embeddings] == [EMBEDDING_LENGTH] * 3
    assert answered(server.send("/workflows/run", b"x"))["outputs"][0]["predictions"]["predictions"]
    connection = server.connection()
    connection.request("GET", "/model/registry?api_key=k")
    (model,) = answered(connection)["models"]
    assert model["task_type"] == "object-detection"
    connection.request("GET", "/info")
    assert answered(connection)["version"] == "1.8.3"


def test_a_new_run_starts_at_zero(server: Running) -> None:
    answered(server.send("/infer/object_detection", b"x"))
    assert server.report().requests == 1
    server.begin()
    assert (server.report().connections, server.report().requests, server.report().most_in_flight) == (0, 0, 0)


def answer_first(*connections: http.client.HTTPConnection) -> int:
    """Position of the connection that is answered first."""
    readable, _, _ = select([connection.sock for connection in connections], [], [], LIMIT)
    return [connection.sock for connection in connections].index(readable[0])


@pytest.mark.parametrize(("slots", "first"), [(0, 1), (1, 0)])
def test_a_straggler_is_overtaken_unless_it_has_the_only_slot(server: Running, slots: int, first: int) -> None:
    server.begin(straggler_every=2, straggler_latency=1.0, slots=slots)
    answered(server.send("/infer/object_detection", b"x"))
    straggler, next_one = (server.send("/infer/object_detection", b"x") for _ in range(2))
    assert answer_first(straggler, next_one) == first
    assert answered(straggler)["inference_id"] == answered(next_one)["inference_id"]
    assert server.report().most_in_flight == 2


def test_the_first_body_for_a_model_is_recorded(server: Running, tmp_path: Path) -> None:
    record = tmp_path / "body"
    server.begin(record=str(record))
    connection = server.connection()
    connection.request("GET", "/model/registry")
    answered(connection)
    bodies = [bytes(range(256)) * 40_000, b"second"]
    for body in bodies:
        answered(server.send("/infer/object_detection", body))
    assert record.read_bytes() == bodies[0]


def test_it_ends_with_its_standard_input() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(LIMIT) == 0
