"""What the programs of a page find: a folder with pictures and a video, and a server.

The text of the pages says `http://localhost:9001`; programs are given the address of a server on a free port instead,
and what they print is turned back. Nothing outside of this machine is ever reached.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from inference_ext.local import Detection
from inference_ext.local.models import objects
from inference_ext.local.photographs import photograph
from inference_ext.testing import ErrorStatus, InferenceScript

__all__ = ["SITE", "Addresses", "make_folder", "page_script", "without_network"]

SITE = Path(__file__).parent / "site"
"""On PYTHONPATH of programs that run in a process of their own: it keeps them from reaching out."""

FRAMES = 20
_SERVER = re.compile(r"(?:localhost|127\.0\.0\.1):9001")
_CAMERA = re.compile(r"http://camera\.local/video")


class Addresses:
    """The addresses that pages name, and where they lead here."""

    def __init__(self, server: str, camera: str) -> None:
        self.server = server
        self.camera = camera

    def redirect(self, text: str) -> str:
        """The text with the addresses that work here."""
        return _CAMERA.sub(self.camera, _SERVER.sub(self.server, text))

    def restore(self, text: str) -> str:
        """The text with the addresses that the pages name."""
        return text.replace(self.camera, "http://camera.local/video").replace(self.server, "localhost:9001")


def page_script() -> InferenceScript:
    """What answers at the pages' address: the embedded backend, and in place of what it lacks what a server answered.

    `my-project/1` finds what `objects/1` finds. The answers about workflows were taken from server 1.8.3.
    """
    script = InferenceScript()
    script.backend.register("my-project/1", task="object-detection", class_names=["car"], predict=_find_cars)
    counted = {"count": 24, "picture": photograph("coins").load()}
    script.workflow("my-workspace", "count-cars").answers_with({"count": 24})
    mistake = {
        "message": "Workflow references '$steps.detektor' which points to a non-existent block.",
        "blocks_errors": [
            {
                "block_id": "drawing",
                "block_type": "roboflow_core/bounding_box_visualization@v1",
                "property_name": "predictions",
                "property_details": "Invalid reference to $steps.detektor",
            }
        ],
    }
    # The fourth definition on the page is the one with the mistake.
    script.workflow().answers_with(counted).inject(ErrorStatus(400, body=mistake), at=4)
    for (method, path), answer in _ANSWERS.items():
        script.route(method, path).answers_with(answer)
    return script


def _find_cars(image: np.ndarray[Any, Any]) -> list[Detection]:
    return [
        Detection(found.x_min, found.y_min, found.x_max, found.y_max, "car", found.confidence)
        for found in objects.predict(image)
    ]


_PIPELINE = "6f2d3a6c"
_DONE = {"status": "success", "context": {"request_id": "r", "pipeline_id": _PIPELINE}}
_ANSWERS: dict[tuple[str, str], Any] = {
    ("POST", "/workflows/validate"): {"status": "ok"},
    ("POST", "/workflows/describe_interface"): {
        "inputs": {"image": ["image"], "confidence": ["float_zero_to_one"]},
        "outputs": {"count": ["*"], "picture": ["image"]},
        "typing_hints": {"image": "dict", "float_zero_to_one": "float"},
        "kinds_schemas": {},
    },
    ("GET", "/workflows/execution_engine/versions"): {"versions": ["1.17.0"]},
    ("POST", "/inference_pipelines/initialise"): _DONE,
    ("GET", f"/inference_pipelines/{_PIPELINE}/consume"): {**_DONE, "outputs": [], "frames_metadata": []},
    ("POST", f"/inference_pipelines/{_PIPELINE}/terminate"): _DONE,
}


def make_folder(folder: Path) -> Path:
    """Write the files that the pages name; gives the folder."""
    coins, astronaut, coffee = (photograph(name).load() for name in ("coins", "astronaut", "coffee"))
    for name in ("street", "a", "b", "c"):
        _write(folder / f"{name}.jpg", coins)
    _write(folder / "coins.png", coins)
    _write(folder / "portrait.jpg", astronaut)
    _write(folder / "coffee.jpg", coffee)
    (folder / "pictures").mkdir()
    for number, picture in enumerate((coins, astronaut, coffee), 1):
        _write(folder / "pictures" / f"{number:03}.jpg", picture)
    writer = cv2.VideoWriter(str(folder / "traffic.mp4"), cv2.VideoWriter.fourcc(*"mp4v"), 10, (384, 303))
    assert writer.isOpened()
    for number in range(FRAMES):
        writer.write(np.roll(coins, 4 * number, axis=1)[:303, :384])
    writer.release()
    return folder


def _write(path: Path, pixels: np.ndarray[Any, Any]) -> None:
    path.write_bytes(cv2.imencode(path.suffix, pixels)[1].tobytes())


@contextmanager
def without_network() -> Generator[None]:
    """Refuse connections and look-ups that leave this machine, in this process."""
    from no_network import checked_connect, checked_look_up

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", checked_connect(socket.socket.connect))
        patch.setattr(socket, "getaddrinfo", checked_look_up(socket.getaddrinfo))
        yield
