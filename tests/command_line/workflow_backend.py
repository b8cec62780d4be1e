"""A backend that runs one kind of workflow, beside the models of the embedded one: it makes a thumbnail."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from typing import Any

import cv2
import numpy as np
from small_models import small_backend

__all__ = ["SPECIFICATION", "WorkflowBackend"]

SPECIFICATION = {
    "version": "1.0",
    "inputs": [{"type": "InferenceImage", "name": "image"}, {"type": "InferenceParameter", "name": "size"}],
    "steps": [],
    "outputs": [],
}


class WorkflowBackend:
    """A WSGI application."""

    def __init__(self) -> None:
        self._models = small_backend()
        self.bodies: list[dict[str, Any]] = []
        self.paths: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if "workflows" not in path:
            return self._models(environ, start_response)
        body = json.loads(environ["wsgi.input"].read())
        self.bodies.append(body)
        self.paths.append(path)
        images = body["inputs"].get("image", [])
        size = body["inputs"].get("size", 32)
        outputs = [self._run(image, size) for image in (images if isinstance(images, list) else [images])]
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"outputs": outputs}).encode()]

    def _run(self, image: dict[str, Any], size: int) -> dict[str, Any]:
        pixels = cv2.imdecode(np.frombuffer(base64.b64decode(image["value"]), np.uint8), cv2.IMREAD_COLOR)
        small = cv2.resize(pixels, (size, size))
        return {
            "width": pixels.shape[1],
            "thumbnail": self._picture(small, ".png"),
            "views": [
                self._picture(cv2.flip(small, 1), ".jpg"),
                {"upside down": self._picture(cv2.flip(small, 0), ".jpg")},
            ],
        }

    def _picture(self, pixels: Any, ending: str) -> dict[str, Any]:
        encoded = cv2.imencode(ending, pixels)[1].tobytes()
        return {"type": "base64", "value": base64.b64encode(encoded).decode(), "video_metadata": {"frame_number": 0}}
