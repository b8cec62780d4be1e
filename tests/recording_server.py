"""A loopback HTTP server that answers as a test tells it and records what it was sent."""

from __future__ import annotations

import base64
import json
import ssl
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import cv2
import numpy as np

INFO = {"name": "recording", "version": "1.8.3", "uuid": "u"}


@dataclass
class Request:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    connection: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def image(self) -> np.ndarray[Any, Any]:
        """The pixels a server would see: uint8 BGR."""
        return self.images()[0]

    def images(self) -> list[np.ndarray[Any, Any]]:
        if self.path.startswith("/infer/"):
            sent = self.json["image"]
            texts = [entry["value"] for entry in (sent if isinstance(sent, list) else [sent])]
        else:
            texts = [self.body.decode()]
        return [cv2.imdecode(np.frombuffer(base64.b64decode(text), np.uint8), cv2.IMREAD_COLOR) for text in texts]


@dataclass
class Reply:
    body: Any = field(default_factory=dict)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class RecordingServer:
    """Answers with `answer(request)`; unset, every model is a detector that reports the size of what it was sent.

    Calls that old servers lack ask for the version first. It answers that itself and does not record it, as most tests
    are about the call; those about `GET /info` set `records_info`.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.records_info = False
        self.answer: Callable[[Request], Reply] = detector
        self.in_flight = 0
        self.most_in_flight = 0
        self._lock = threading.Lock()
        self.url = ""

    def paths(self) -> list[str]:
        return [f"{request.method} {request.path}" for request in self.requests]

    def handle(self, request: Request) -> Reply:
        if request.path == "/info" and not self.records_info:
            return Reply(INFO)
        with self._lock:
            self.requests.append(request)
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return self.answer(request)
        finally:
            with self._lock:
                self.in_flight -= 1


def detection(image: np.ndarray[Any, Any]) -> dict[str, Any]:
    """One box: the whole image; `class_id` is the image's top left blue value, so that results can be told apart."""
    height, width = image.shape[:2]
    box = {"x": width / 2, "y": height / 2, "width": width, "height": height}
    prediction = {**box, "confidence": 0.5, "class": "all", "class_id": int(image[0, 0, 0])}
    return {"image": {"width": width, "height": height}, "predictions": [prediction], "time": 0.1}


def detector(request: Request) -> Reply:
    """Answer like a server with one detector loaded, `p/1`."""
    models = {"models": [{"model_id": "p/1", "task_type": "object-detection", "input_height": 64, "input_width": 64}]}
    if request.path == "/info":
        return Reply(INFO)
    if request.path.startswith("/model/"):
        return Reply(models)
    results = [detection(image) for image in request.images()]
    many = request.path.startswith("/infer/") and isinstance(request.json["image"], list)
    return Reply(results if many else results[0])


@contextmanager
def recording_server(tls: ssl.SSLContext | None = None) -> Generator[RecordingServer]:
    """Serve while the block runs, over https when `tls` is given."""
    recorder = RecordingServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(parts.query, keep_blank_values=True))
            reply = recorder.handle(Request(self.command, parts.path, query, headers, body, self.client_address[1]))
            content = reply.encoded()
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = _serve  # noqa: N815 - names of the standard library

        def log_message(self, *args: object) -> None:
            del args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client that went away is no news
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    recorder.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    try:
        yield recorder
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
