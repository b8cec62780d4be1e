"""What the recording server answers in place of core models, and what it was sent to them."""

from __future__ import annotations

import base64
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np
from recording_server import RecordingServer, Reply, Request

from inference_ext import InferenceHTTPClient
from inference_ext.json_types import is_array

KEY = "KEY-1"

#: (mode, where the key may travel, key in the body, key in the query, key in a header)
KEY_PLACES = [
    ("v1", "legacy", True, False, False),
    ("v1", "both", True, False, True),
    ("v1", "header", False, False, True),
    ("v0", "legacy", False, True, False),
    ("v0", "both", False, True, True),
    ("v0", "header", False, False, True),
]


def plain(value: int, size: int = 8) -> np.ndarray[Any, Any]:
    """An image of one grey value; pixels arrive unchanged when it is sent as PNG."""
    return np.full((size, size, 3), value, np.uint8)


def decoded(sent: dict[str, str]) -> np.ndarray[Any, Any]:
    """The pixels of an image as it stands in a request's body: uint8 BGR."""
    pixels = cv2.imdecode(np.frombuffer(base64.b64decode(sent["value"]), np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None
    return pixels


def grey_value(sent: dict[str, str]) -> int:
    """The grey value of an image as it stands in a request's body."""
    assert sent.keys() == {"type", "value"}
    assert sent["type"] == "base64"
    pixels = decoded(sent)
    assert (pixels == pixels[0, 0]).all()
    return int(pixels[0, 0, 0])


def sent_values(request: Request, field: str = "image") -> list[int]:
    """The grey values of all images in a field, which holds one image or a list of them."""
    return [grey_value(image) for image in as_list(request.json[field])]


def as_list(sent: Any) -> list[Any]:
    """The entries of a field that holds one value or a list."""
    return sent if is_array(sent) else [sent]


def embedder(request: Request) -> Reply:
    """Answer like a model whose vector of an image is its grey value, and of a text its length."""
    body = request.json
    if "image" in body:
        vectors = [[float(value)] for value in sent_values(request)]
    else:
        vectors = [[float(len(text))] for text in as_list(body["text"])]
    return Reply({"inference_id": "i", "frame_id": None, "time": 0.25, "embeddings": vectors})


def comparer(request: Request) -> Reply:
    """Answer like a model whose similarity is a hundredth of the prompt's grey value, or of its length."""
    prompt: dict[str, Any] | list[Any] | str = request.json["prompt"]
    is_text = request.json["prompt_type"] == "text"

    def score(entry: Any) -> float:
        return (len(entry) if is_text else grey_value(entry)) / 100

    if isinstance(prompt, dict) and not {"type", "value"} <= prompt.keys():
        return Reply({"similarity": {name: score(entry) for name, entry in prompt.items()}, "time": 0.1})
    return Reply({"similarity": [score(entry) for entry in as_list(prompt)], "time": 0.1})


def assert_key_travelled(request: Request, place: tuple[str, str, bool, bool, bool]) -> None:
    """Check that the key is where it belongs, and nowhere else."""
    _, _, in_body, in_query, in_header = place
    assert (request.json.get("api_key") == KEY) is in_body
    assert (request.query.get("api_key") == KEY) is in_query
    assert (request.headers.get("authorization") == f"Bearer {KEY}") is in_header
    assert request.body.count(KEY.encode()) == int(in_body)


@contextmanager
def connected(server: RecordingServer) -> Generator[InferenceHTTPClient]:
    """A client with the key the tests look for."""
    with InferenceHTTPClient(server.url, api_key=KEY) as client:
        yield client
