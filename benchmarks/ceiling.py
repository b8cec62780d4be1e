"""What is possible at all: each job by the least client that could do it.

Included is what the job demands of any client: reading the file (or decoding the frame, or encoding the array as JPEG
of quality 95), base64 (pybase64), sending head, text and the rest of the body as they are without putting them
together, reading the whole answer, `orjson.loads`. Also, as in the job: the same bytes in the body as our client
sends, the same number of requests in flight over as many kept-alive connections, for shrinking the same reduced-scale
decode and area averaging, for streams the decoded image for the consumer. Heads of requests and the parts of bodies
around the images are made beforehand.

Not included: any HTTP library, looking at the input, checking the answer's head, time limits, retries, errors,
cancellation, asyncio, one request for the model's description.

A window is as many threads, each with a socket of its own, that take the next image when they are done with one.
Files of a directory are decoded while the answer is under way. Each image is encoded on one core, so a client that
uses the idle ones can be faster than this.
"""

from __future__ import annotations

import json
import socket
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import cv2
import numpy as np
import numpy.typing as npt
import orjson
import pybase64

from .jobs import CLIP_BATCH, WORKFLOW, Ceiling, Job, Situation, Work
from .server import INPUT_SIDE, MODEL_ID

__all__ = ["Connection", "Route", "jpeg", "prepare", "receive", "route_of"]

_JPEG_QUALITY = 95
_MARK = "#image#"
_HEAD_END = b"\r\n\r\n"


class Route:
    """Where a request goes and what is around its images."""

    def __init__(self, url: str, path: str, payload: dict[str, Any]) -> None:
        parts = urlsplit(url)
        self.address = (str(parts.hostname), int(parts.port or 80))
        self._head = (
            f"POST {path} HTTP/1.1\r\nhost: {parts.netloc}\r\naccept: */*\r\naccept-encoding: identity\r\n"
            "connection: keep-alive\r\ncontent-type: application/json\r\ncontent-length: "
        )
        text = json.dumps(payload, separators=(",", ":"))
        self._around = [part.encode() for part in text.split(_MARK)]

    def parts(self, texts: Sequence[bytes]) -> list[bytes]:
        """All of a request, in pieces."""
        before, *rest = self._around
        length = sum(map(len, texts)) + sum(map(len, self._around))
        pieces = [f"{self._head}{length}\r\n\r\n".encode() + before]
        for text, after in zip(texts, rest, strict=True):
            pieces += (text, after)
        return pieces


def route_of(ceiling: Ceiling, url: str) -> Route:
    """The request that our client sends in a job."""
    image = {"type": "base64", "value": _MARK}
    key = {"api_key": "benchmark"}
    if ceiling.source == "clip":
        return Route(url, "/clip/embed_image", {**key, "image": [image] * CLIP_BATCH})
    if ceiling.source == "workflow":
        flags = {"use_cache": True, "enable_profiling": False}
        inputs = {"inputs": {"image": image}, "specification": WORKFLOW}
        return Route(url, "/workflows/run", {**key, **flags, **inputs})
    flags = {"visualize_predictions": False, "disable_active_learning": False}
    return Route(url, "/infer/object_detection", {**key, "model_id": MODEL_ID, **flags, "image": image})


class Connection:
    """One socket, one request at a time."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self.socket = socket.create_connection(route.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, texts: Sequence[bytes]) -> None:
        """Send a request with these images as base64 text."""
        pieces = deque(memoryview(piece) for piece in self._route.parts(texts))
        while pieces:
            count = self.socket.sendmsg(pieces)
            while pieces and count >= len(pieces[0]):
                count -= len(pieces.popleft())
            if pieces:
                pieces[0] = pieces[0][count:]

    def answer(self) -> Any:
        """Wait for the answer."""
        return orjson.loads(receive(self.socket))

    def ask(self, texts: Sequence[bytes]) -> Any:
        """Send a request and wait for the answer."""
        self.send(texts)
        return self.answer()

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()


def receive(connected: socket.socket) -> bytes:
    """Read one whole answer; gives its body."""
    head, found, body = b"", b"", b""
    while not found:
        head, found, body = (head + connected.recv(65536)).partition(_HEAD_END)
    _, _, rest = head.partition(b"content-length: ")
    length = int(rest.partition(b"\r\n")[0])
    while len(body) < length:
        body += connected.recv(length - len(body))
    return body


def prepare(job: Job, situation: Situation) -> Work:
    """Make the counterpart of `job.prepare`."""
    ceiling = job.ceiling
    if ceiling is None:
        raise ValueError(f"the job {job.name} has no ceiling")
    bytes(8 * 1024 * 1024)  # as `images/kept_memory.py` does, or fresh pages would be measured
    route, media, count = route_of(ceiling, situation.url), situation.media, situation.count
    match ceiling.source:
        case "files" | "workflow":
            texts = [partial(_file_text, path) for path in media.paths(job.files or "1080p", count)]
            return partial(_window, route, ceiling.window, [[text] for text in texts])
        case "clip":
            texts = [partial(_file_text, path) for path in media.paths("720p", count)]
            groups = [texts[start : start + CLIP_BATCH] for start in range(0, count, CLIP_BATCH)]
            return lambda: [
                {"embeddings": [vector]}
                for answer in _window(route, ceiling.window, groups)
                for vector in answer["embeddings"]
            ]
        case "array":
            return partial(_window, route, 1, [[partial(_jpeg_text, media.pixels("1080p"))]] * count)
        case "shrunk":
            return partial(_window, route, 1, [[partial(_shrunk_text, str(media.photograph("4k")))]] * count)
        case "video":
            return partial(_video, route, ceiling.window, str(media.video(count)))
        case "directory":
            return partial(_directory, route, ceiling.window, media.directory(count))


# -- what is sent

_Text = Callable[[], bytes]


def _file_text(path: str) -> bytes:
    """A file as base64 text."""
    return pybase64.b64encode(Path(path).read_bytes())


def jpeg(pixels: npt.NDArray[np.uint8]) -> memoryview:
    """An array as JPEG."""
    _, encoded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return encoded.data


def _jpeg_text(pixels: npt.NDArray[np.uint8]) -> bytes:
    return pybase64.b64encode(jpeg(pixels))


def _shrunk_text(path: str) -> bytes:
    # 4K to 640: decoding at a quarter is the smallest that is still larger.
    pixels = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_REDUCED_COLOR_4)
    if pixels is None:
        raise OSError(f"{path} could not be decoded")
    height, width = pixels.shape[:2]
    factor = min(1.0, INPUT_SIDE / max(height, width))
    size = (round(width * factor), round(height * factor))
    return _jpeg_text(np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8))


# -- windows


def _window(route: Route, window: int, requests: Sequence[Sequence[_Text]]) -> list[Any]:
    results: list[Any] = [None] * len(requests)
    indices = iter(range(len(requests)))  # next() of it is atomic

    def take_turns() -> None:
        connection = Connection(route)
        for index in indices:
            results[index] = connection.ask([text() for text in requests[index]])
        connection.close()

    if window == 1:
        take_turns()
        return results
    threads = [threading.Thread(target=take_turns) for _ in range(window)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _video(route: Route, window: int, path: str) -> list[Any]:
    def frames() -> Iterator[npt.NDArray[np.uint8]]:
        capture = cv2.VideoCapture(path)
        while True:
            available, pixels = capture.read()
            if not available:
                capture.release()
                return
            yield np.asarray(pixels, np.uint8)

    def answer(connection: Connection, pixels: npt.NDArray[np.uint8]) -> tuple[Any, Any]:
        return pixels, connection.ask([_jpeg_text(pixels)])

    return [result for _, result in _ordered(route, window, frames(), answer)]


def _directory(route: Route, window: int, folder: Path) -> list[Any]:
    def answer(connection: Connection, file: Path) -> tuple[Any, Any]:
        data = file.read_bytes()
        connection.send([pybase64.b64encode(data)])
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        return pixels, connection.answer()

    files = sorted(folder.iterdir())
    return [result for _, result in _ordered(route, window, files, answer)]


def _ordered(
    route: Route,
    window: int,
    items: Iterable[Any],
    answer: Callable[[Connection, Any], tuple[Any, Any]],
) -> Iterator[tuple[Any, Any]]:
    """Answer in order with twice the window looked ahead, as a stream must."""
    own = threading.local()
    opened: list[Connection] = []

    def connect() -> None:
        own.connection = Connection(route)
        opened.append(own.connection)

    def take(item: Any) -> tuple[Any, Any]:
        return answer(own.connection, item)

    pending: deque[Future[tuple[Any, Any]]] = deque()
    with ThreadPoolExecutor(window, initializer=connect) as threads:
        for item in items:
            if len(pending) >= 2 * window:
                yield pending.popleft().result()
            pending.append(threads.submit(take, item))
        while pending:
            yield pending.popleft().result()
    for connection in opened:
        connection.close()
