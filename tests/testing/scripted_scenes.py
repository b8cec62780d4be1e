"""What the tests of this folder script, over and over: one answer of each task, and where a script is played."""

from __future__ import annotations

import base64
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import cv2
import numpy as np
import pytest

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from inference_ext.testing import InferenceScript, embedded_client, embedded_server

PICTURE = np.full((48, 64, 3), (40, 80, 120), np.uint8)

PERSON = {"x": 20.25, "y": 30.0, "width": 10.5, "height": 20.0, "confidence": 0.3, "class": "person"}
CAR = {"x": 40.0, "y": 20.0, "width": 8.0, "height": 6.0, "confidence": 0.9, "class": "car"}


def png(pixels: np.ndarray[Any, Any]) -> str:
    return base64.b64encode(cv2.imencode(".png", pixels)[1].tobytes()).decode()


#: By task: the typed call, the answer as a server gives it, and the classes in it.
ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "object-detection": ("detect_objects", {"predictions": [PERSON, CAR]}),
    "instance-segmentation": (
        "segment_instances",
        {
            "predictions": [
                {**PERSON, "points": [{"x": 1, "y": 2}, {"x": 9, "y": 2}, {"x": 9, "y": 8}]},
                {**PERSON, "points": [{"x": 2, "y": 2}, {"x": 9, "y": 2}, {"x": 9, "y": 8}, {"x": 2, "y": 9}]},
            ]
        },
    ),
    "keypoint-detection": (
        "detect_keypoints",
        {"predictions": [{**PERSON, "keypoints": [{"x": 21, "y": 22, "confidence": 0.75, "class": "nose"}]}]},
    ),
    "classification": (
        "classify",
        {"predictions": [{"class": "sun", "confidence": 0.25}, {"class": "rain", "confidence": 0.75}]},
    ),
    "multi-label-classification": (
        "classify",
        {
            "predictions": {"wet": {"confidence": 0.75}, "dark": {"confidence": 0.125}},
            "predicted_classes": ["wet"],
        },
    ),
    "semantic-segmentation": (
        "segment_semantic",
        {
            "predictions": {
                "segmentation_mask": png(np.eye(48, 64, dtype=np.uint8)),
                "class_map": {"0": "background", "1": "road"},
                "confidence_mask": png(np.full((48, 64), 200, np.uint8)),
            }
        },
    ),
}

Place = Callable[[InferenceScript], AbstractContextManager[InferenceHTTPClient]]

#: A request that is held up fails after this; nothing else waits for it.
PATIENCE = 0.5


@contextmanager
def in_process(script: InferenceScript) -> Generator[InferenceHTTPClient]:
    with embedded_client(script) as client:
        yield client


@contextmanager
def over_http(script: InferenceScript) -> Generator[InferenceHTTPClient]:
    with embedded_server(script) as url, InferenceHTTPClient(url) as client:
        client.configure(InferenceConfiguration(max_concurrent_requests=1, request_timeout=PATIENCE, total_timeout=10))
        yield client


everywhere = pytest.mark.parametrize("place", [in_process, over_http], ids=["in process", "over http"])
modes = pytest.mark.parametrize("mode", ["v0", "v1"])


def choose(client: InferenceHTTPClient, mode: str) -> None:
    _ = client.select_api_v0() if mode == "v0" else client.select_api_v1()
