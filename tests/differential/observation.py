"""What one library did in one case, as a tree that can be compared with another."""

from __future__ import annotations

import base64
import binascii
import io
import json
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from recording_server import Request

__all__ = ["Tree", "observe"]

Tree = Any
"""JSON values, and numpy arrays where pixels or numbers in a grid stand."""

#: Shorter text is never a picture; it spares the decoder every name and key.
_SHORTEST_PICTURE = 64


def observe(outcomes: Sequence[Any], requests: Sequence[Request], url: str, *, unordered: bool) -> Tree:
    """Put outcomes and requests into one tree.

    Requests are grouped by method and path, so that one more or less of them is one difference; the order of the
    groups is kept apart.
    """
    described = [_request(request) for request in requests]
    if unordered:
        described.sort(key=_sorting_key)
    groups: dict[str, list[Tree]] = {}
    for request, tree in zip(_sorted_like(requests, unordered), described, strict=True):
        groups.setdefault(f"{request.method} {request.path}", []).append(tree)
    if unordered:
        groups = {name: sorted(group, key=_sorting_key) for name, group in sorted(groups.items())}
    results = [_outcome(outcome, url) for outcome in outcomes]
    if unordered:
        results = [_frames_in_order(result) for result in results]
    return {"outcomes": results, "order": list(groups), "requests": groups}


def _frames_in_order(outcome: Tree) -> Tree:
    """Sort the frames of a directory by their files: the peer gives them in any order."""
    frames = outcome.get("result")
    if isinstance(frames, list) and all(isinstance(frame, list) and isinstance(frame[0], str) for frame in frames):
        return {"result": sorted(frames, key=lambda frame: frame[0])}
    return outcome


def _sorted_like(requests: Sequence[Request], unordered: bool) -> list[Request]:
    return sorted(requests, key=lambda request: _sorting_key(_request(request))) if unordered else list(requests)


def _sorting_key(tree: Tree) -> str:
    return json.dumps(tree, default=lambda pixels: [list(pixels.shape), pixels.mean(axis=(0, 1)).round().tolist()])


def _request(request: Request) -> Tree:
    return {
        "query": dict(sorted(request.query.items())),
        "authorization": request.headers.get("authorization"),
        "content_type": request.headers.get("content-type"),
        "body": _body(request),
    }


def _body(request: Request) -> Tree:
    if not request.body:
        return None
    try:
        return _with_pixels(json.loads(request.body))
    except ValueError:
        return _picture_or_text(request.body.decode("utf-8", errors="replace"))


def _outcome(outcome: dict[str, Any], url: str) -> Tree:
    if "error" in outcome:
        return {"error": outcome["error"]}
    return {"result": _with_arrays(outcome["result"], url)}


def _with_pixels(value: Any) -> Tree:
    """Replace every base64 picture by its pixels: how they were packed is not compared, what is seen is."""
    if isinstance(value, dict):
        return {name: _with_pixels(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_with_pixels(entry) for entry in value]
    return _picture_or_text(value) if isinstance(value, str) else value


def _picture_or_text(text: str) -> Tree:
    pixels = _pixels(text.rpartition(";base64,")[2]) if len(text) >= _SHORTEST_PICTURE else None
    return text if pixels is None else {"height": pixels.shape[0], "width": pixels.shape[1], "pixels": pixels}


def _pixels(text: str) -> np.ndarray[Any, Any] | None:
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error:
        return None
    # As the server decodes it: 8-bit BGR, turned upright by EXIF.
    return cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)


def _with_arrays(value: Any, url: str) -> Tree:
    if isinstance(value, dict):
        return {name: _array_or_value(name, entry, url) for name, entry in value.items()}
    if isinstance(value, list):
        return [_with_arrays(entry, url) for entry in value]
    return value.replace(url, "SERVER") if isinstance(value, str) else value


def _array_or_value(name: str, value: Any, url: str) -> Tree:
    if name in ("array", "picture") and isinstance(value, str):
        return np.load(io.BytesIO(base64.b64decode(value)), allow_pickle=False)
    return _with_arrays(value, url)
