"""A server that answers rightly, but for the requests that a fault hits."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from raw_server import RawServer, raw_server, read_whole_request, reply

__all__ = ["FAULTY", "Act", "FaultServer", "Hit", "fault_server", "picture", "result_about"]

FAULTY = 3
"""Number of the picture whose requests the fault hits."""

MODELS = {"models": [{"model_id": "p/1", "task_type": "object-detection", "input_height": 64, "input_width": 64}]}


@dataclass(frozen=True)
class Hit:
    """A request that a fault hits."""

    connected: socket.socket
    head: bytes
    body: bytes
    right: bytes
    """The body of the right answer."""

    over: threading.Event
    """Set when the client has its outcome, so that nothing hangs for longer than that."""


Act = Callable[[Hit], bool]
"""Does what the fault does in place of the answer; tells whether the connection goes on."""


@dataclass
class FaultServer:
    """What the server saw."""

    url: str
    hits: Counter[int] = field(default_factory=Counter)
    """Requests about the faulty input, or about no picture at all."""

    first_hit: threading.Event = field(default_factory=threading.Event)


def picture(number: int) -> np.ndarray[Any, Any]:
    """One colour that tells the pictures apart, also after JPEG."""
    return np.full((8, 8, 3), number * 20, np.uint8)


def result_about(number: int) -> dict[str, Any]:
    """The right answer about a picture."""
    box = {"x": 4.0, "y": 4.0, "width": 8.0, "height": 8.0, "confidence": 0.5, "class": "all", "class_id": number}
    return {"image": {"width": 8, "height": 8}, "predictions": [box], "time": 0.1}


@contextmanager
def fault_server(act: Act, path: str, *, times: int) -> Generator[FaultServer]:
    """Serve while the block runs.

    Args:
        act: What happens to the requests that are hit.
        path: Path of the requests that are hit; of those with a picture only the ones with picture `FAULTY`.
        times: How often each is hit before the right answer comes.

    """
    lock = threading.Lock()
    over = threading.Event()

    def handle(connected: socket.socket, _: int, __: RawServer) -> None:
        if connected.recv(1, socket.MSG_PEEK) == b"\x16":  # the client speaks TLS, this server does not
            connected.sendall(reply(b"", status="400 Bad Request"))
            return
        while (request := read_whole_request(connected)) is not None:
            head, body = request
            target = head.split(b" ", 2)[1].decode().partition("?")[0]
            numbers = _numbers(target, body)
            right = _right_answer(target, numbers)
            is_hit = target == path and (not numbers or FAULTY in numbers)
            with lock:
                state.hits[FAULTY] += is_hit
                is_hit = is_hit and state.hits[FAULTY] <= times
            if not is_hit:
                connected.sendall(reply(right))
                continue
            state.first_hit.set()
            if not act(Hit(connected, head, body, right, over)):
                return

    with raw_server(handle) as server:
        state = FaultServer(server.url)
        try:
            yield state
        finally:
            over.set()


def _numbers(target: str, body: bytes) -> list[int]:
    """The numbers of the pictures in a request, in order."""
    if target == "/p/1":
        texts = [body.decode()]
    elif target.startswith("/infer/"):
        sent = json.loads(body)["image"]
        texts = [entry["value"] for entry in (sent if isinstance(sent, list) else [sent])]
    elif "workflows" in target:
        texts = [json.loads(body)["inputs"]["image"]["value"]]
    else:
        return []
    pictures = [cv2.imdecode(np.frombuffer(base64.b64decode(text), np.uint8), cv2.IMREAD_COLOR) for text in texts]
    return [round(int(pixels[0, 0, 0]) / 20) for pixels in pictures]


def _right_answer(target: str, numbers: list[int]) -> bytes:
    if target == "/info":
        return json.dumps({"name": "faulty", "version": "1.8.3", "uuid": "u"}).encode()
    if not numbers:
        return json.dumps(MODELS).encode()
    if "workflows" in target:
        return json.dumps({"outputs": [{"number": numbers[0]}], "profiler_trace": []}).encode()
    results = [result_about(number) for number in numbers]
    return json.dumps(results if len(results) > 1 else results[0]).encode()
