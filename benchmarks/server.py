"""The loopback server of the benchmarks: real answers, next to no work.

The process shares the machine's cores with the client it serves, so its own time must not count: one thread on a
selector, no HTTP library, request bodies thrown away unread (Linux drops them inside the kernel), answers made once.
The image is not decoded. So that a client can tell which answer belongs to which image all the same, the
`inference_id` of an answer is the length of the request's body.

It is driven over standard input, one JSON line per order, and answers each with one line on standard output; it ends
when standard input does. Orders: `{"begin": {...}}` takes `ServerSettings` and sets the counts to zero,
`{"report": true}` gives a `ServerReport`.
"""

from __future__ import annotations

import heapq
import json
import os
import selectors
import socket
import sys
import time
from collections import deque
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["ServerReport", "ServerSettings", "main"]

_LARGEST_HEAD = 4096
_SCRATCH = 4 * 1024 * 1024
_DISCARD = socket.MSG_TRUNC if sys.platform == "linux" else 0
_HEAD_END = b"\r\n\r\n"

BOXES_PER_ANSWER = 20
MODEL_ID = "benchmark/1"
INPUT_SIDE = 640
EMBEDDING_LENGTH = 512


@dataclass(frozen=True)
class ServerSettings:
    """How the server behaves during one run."""

    latency: float = 0.0
    """Seconds a model takes; the control routes answer at once."""

    slots: int = 0
    """Requests served at a time, the others wait their turn; 0 for no limit."""

    straggler_every: int = 0
    """Every so many requests to a model one is a straggler; 0 for none."""

    straggler_latency: float = 0.0
    """Seconds a straggler takes."""

    images_per_answer: int = 1
    """Embeddings in one answer of CLIP."""

    boxes: int = BOXES_PER_ANSWER
    """Boxes in one answer of a detector."""

    record: str = ""
    """File that gets the body of the first request to a model; empty for none."""


@dataclass
class ServerReport:
    """What the server saw and what it cost, since the last `begin`."""

    connections: int = 0
    requests: int = 0
    most_in_flight: int = 0
    """Most requests to a model being served or waiting at one time."""

    cpu: float = 0.0
    """Seconds of CPU time of the server's process."""


class _Answers:
    """The answers of the real server's routes, made once for a run."""

    def __init__(self, settings: ServerSettings) -> None:
        boxes = [_box(number) for number in range(settings.boxes)]
        image = {"width": 1920, "height": 1080}
        detection: dict[str, Any] = {"time": 0.0123, "image": image, "predictions": boxes}
        vector = [round(((37 * index) % 101) / 101 - 0.5, 8) for index in range(EMBEDDING_LENGTH)]
        embeddings = {"frame_id": None, "time": 0.0123, "embeddings": [vector] * settings.images_per_answer}
        run = {"outputs": [{"predictions": detection}], "profiler_trace": []}
        self.registry = _complete({"models": [_model()]})
        self.info = _complete({"name": "Roboflow Inference Server", "version": "1.8.3", "uuid": "benchmark"})
        self.detection = _with_place_for_id(detection)
        self.embeddings = _with_place_for_id(embeddings)
        self.workflow = _with_place_for_id(run)

    def find(self, path: bytes, length: int) -> tuple[bytes, bool]:
        """Give the answer of a route, and whether a model works for it."""
        if path.startswith(b"/model/"):
            return self.registry, False
        if path.startswith(b"/info"):
            return self.info, False
        if path.startswith(b"/clip/"):
            before, after = self.embeddings
        elif b"/workflows" in path:
            before, after = self.workflow
        else:  # /infer/{task}, and /{project}/{version} of v0
            before, after = self.detection
        return b"%b%012d%b" % (before, length, after), True


def _box(number: int) -> dict[str, Any]:
    place = {"x": 96.5 + 80 * number, "y": 540.25, "width": 64.0, "height": 128.5}
    kind = {"class": "bolt", "class_id": number % 3, "detection_id": f"00000000-0000-4000-8000-{number:012}"}
    return {**place, "confidence": 0.8765432, **kind}


def _model() -> dict[str, Any]:
    sides = {"batch_size": 1, "input_height": INPUT_SIDE, "input_width": INPUT_SIDE}
    return {"model_id": MODEL_ID, "task_type": "object-detection", **sides}


def _complete(body: dict[str, Any]) -> bytes:
    return _response(json.dumps(body, separators=(",", ":")).encode())


def _with_place_for_id(body: dict[str, Any]) -> tuple[bytes, bytes]:
    before, _, after = _complete({"inference_id": "#" * 12, **body}).partition(b"#" * 12)
    return before, after


def _response(content: bytes) -> bytes:
    head = "HTTP/1.1 200 OK\r\nserver: uvicorn\r\ncontent-type: application/json\r\ncontent-length: "
    return f"{head}{len(content)}\r\n\r\n".encode() + content


class _Connection:
    """What is known of one client connection."""

    __slots__ = ("body", "head", "left", "length", "path", "socket", "unsent")

    def __init__(self, connected: socket.socket) -> None:
        self.socket = connected
        self.head = b""
        self.path = b""
        self.length = 0
        self.left = 0
        """Bytes of the body that are still to come; 0 between requests."""

        self.body: bytearray | None = None
        """The body, when it is recorded."""

        self.unsent = b""


class _Server:
    """One thread, one selector."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
        self._orders = b""
        self._scratch = memoryview(bytearray(_SCRATCH))
        self._begin(ServerSettings())

    def serve(self) -> None:
        """Serve until standard input ends."""
        while True:
            wait = max(0.0, self._due[0][0] - time.monotonic()) if self._due else None
            for key, events in self._selector.select(wait):
                if key.data is not None:
                    self._handle(key.data, events)
                elif key.fileobj is self._listener:
                    self._accept()
                elif not self._take_orders():
                    return
            self._finish_due()

    # -- orders

    def _begin(self, settings: ServerSettings) -> None:
        self._settings = settings
        self._answers = _Answers(settings)
        self._report = ServerReport()
        self._cpu_before = time.process_time()
        self._served = 0
        self._in_flight = 0
        self._busy = 0
        self._order = 0
        self._due: list[tuple[float, int, _Connection, bytes]] = []
        self._waiting: deque[tuple[float, _Connection, bytes]] = deque()
        self._record = Path(settings.record) if settings.record else None

    def _take_orders(self) -> bool:
        taken = os.read(sys.stdin.fileno(), 65536)
        if not taken:
            return False
        *lines, self._orders = (self._orders + taken).split(b"\n")
        for line in lines:
            order = json.loads(line)
            if "begin" in order:
                self._begin(ServerSettings(**order["begin"]))
            self._report.cpu = time.process_time() - self._cpu_before
            print(json.dumps(asdict(self._report)), flush=True)
        return True

    # -- connections

    def _accept(self) -> None:
        while True:
            try:
                connected, _ = self._listener.accept()
            except BlockingIOError:
                return
            connected.settimeout(0)
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(connected, selectors.EVENT_READ, _Connection(connected))
            self._report.connections += 1

    def _handle(self, connection: _Connection, events: int) -> None:
        try:
            if events & selectors.EVENT_WRITE:
                self._send(connection, connection.unsent)
            if events & selectors.EVENT_READ:
                self._read(connection)
        except BlockingIOError:
            return
        except OSError:
            self._drop(connection)

    def _drop(self, connection: _Connection) -> None:
        self._selector.unregister(connection.socket)
        connection.socket.close()

    def _read(self, connection: _Connection) -> None:
        """Read what is there, until reading would block."""
        if not connection.left:
            taken = connection.socket.recv(_LARGEST_HEAD)
            if not taken:
                self._drop(connection)
                return
            connection.head += taken
            head, end, rest = connection.head.partition(_HEAD_END)
            if not end:
                return
            connection.head = b""
            connection.path = head.split(b" ", 2)[1]
            connection.length = _content_length(head)
            connection.left = max(0, connection.length - len(rest))
            connection.body = bytearray(rest) if self._record and not connection.path.startswith(b"/model/") else None
        while connection.left > 0:
            room = self._scratch[: connection.left]
            # A recorded body is the only one that is copied out of the kernel.
            count = connection.socket.recv_into(room, 0, 0 if connection.body is not None else _DISCARD)
            if not count:
                self._drop(connection)
                return
            if connection.body is not None:
                connection.body += room[:count]
            connection.left -= count
        self._answer(connection)

    def _answer(self, connection: _Connection) -> None:
        self._report.requests += 1
        if connection.body is not None and self._record is not None:
            self._record.write_bytes(connection.body)
            self._record = None
        answer, by_model = self._answers.find(connection.path, connection.length)
        if not by_model:
            self._send(connection, answer)
            return
        settings = self._settings
        self._served += 1
        is_straggler = settings.straggler_every and self._served % settings.straggler_every == 0
        seconds = settings.straggler_latency if is_straggler else settings.latency
        self._in_flight += 1
        self._report.most_in_flight = max(self._report.most_in_flight, self._in_flight)
        if settings.slots and self._busy >= settings.slots:
            self._waiting.append((seconds, connection, answer))
            return
        self._start(seconds, connection, answer)

    def _start(self, seconds: float, connection: _Connection, answer: bytes) -> None:
        self._busy += 1
        if seconds <= 0:
            self._finish(connection, answer)
            return
        self._order += 1
        heapq.heappush(self._due, (time.monotonic() + seconds, self._order, connection, answer))

    def _finish_due(self) -> None:
        while self._due and self._due[0][0] <= time.monotonic():
            _, _, connection, answer = heapq.heappop(self._due)
            self._finish(connection, answer)

    def _finish(self, connection: _Connection, answer: bytes) -> None:
        self._busy -= 1
        self._in_flight -= 1
        with suppress(OSError):  # the client went away; reading from it will say so
            self._send(connection, answer)
        if self._waiting:
            self._start(*self._waiting.popleft())

    def _send(self, connection: _Connection, answer: bytes) -> None:
        was_full = bool(connection.unsent)
        try:
            count = connection.socket.send(answer)
        except BlockingIOError:
            count = 0
        connection.unsent = answer[count:]
        if was_full != bool(connection.unsent):
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if connection.unsent else 0)
            self._selector.modify(connection.socket, events, connection)


def _content_length(head: bytes) -> int:
    lowered = head.lower()
    if b"\r\ntransfer-encoding:" in lowered:
        raise NotImplementedError("a client sends its bodies in chunks; this server takes Content-Length only")
    _, found, rest = lowered.partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def main() -> None:
    """Serve on a free port of 127.0.0.1; the first line on standard output is the address."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        listener.settimeout(0)
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        _Server(listener).serve()


if __name__ == "__main__":
    main()
