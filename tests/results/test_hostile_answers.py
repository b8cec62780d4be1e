"""Answers nobody would send on purpose: small texts for gigabytes, nesting without end, parts of the wrong type."""

from __future__ import annotations

import base64
import struct
import time
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inference_ext.configuration import VisualisationResponseFormat
from inference_ext.errors import EncodingError, HTTPClientError, InvalidResponseError
from inference_ext.images import Size
from inference_ext.json_types import is_array
from inference_ext.results.anomaly_map import decode_anomaly_map
from inference_ext.results.depth_map import decode_depth_map
from inference_ext.results.drawing import draw_result
from inference_ext.results.encoded_masks import decode_mask_png
from inference_ext.results.profiler_trace import save_trace
from inference_ext.results.rle import decode_rle
from inference_ext.results.scaling import scale_back
from inference_ext.results.visualisation import present_picture
from inference_ext.results.workflow_outputs import present_outputs

BASE64, NUMPY, PILLOW = VisualisationResponseFormat
CANVAS: NDArray[np.uint8] = np.zeros((6, 8, 3), np.uint8)
BOX: dict[str, Any] = {"x": 4, "y": 3, "width": 2, "height": 2, "class": "a", "confidence": 0.9}
DEPTH = 20_000
"""Deeper than Python calls itself, whatever limit another test has set."""


def chunk(name: bytes, content: bytes, length: int | None = None) -> bytes:
    size = struct.pack(">I", len(content) if length is None else length)
    return size + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_text(width: int, height: int, claimed: int | None = None) -> str:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(height * (width + 1)) if width < 100 else b""), claimed)
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")).decode()


def nested(depth: int) -> Any:
    value: Any = 0
    for _ in range(depth):
        value = [value]
    return value


# -- small texts for gigabytes


@pytest.mark.parametrize(
    "rle",
    [
        {"size": [10**5, 10**5], "counts": [10**10]},
        {"size": [10**9, 10**9], "counts": [10**18]},
        {"size": [2**32, 2**32], "counts": [2**64]},
        {"size": [1e300, 1], "counts": [1]},
        {"size": [float("inf"), 1], "counts": [1]},
        {"size": [6, 8], "counts": [1e999]},
    ],
)
def test_a_mask_that_would_fill_the_memory_is_refused(rle: dict[str, Any]) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(InvalidResponseError, match="run-length encoded mask"):
            decode_rle(rle)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_run_without_an_end_is_refused_at_once() -> None:
    began = time.monotonic()
    with pytest.raises(InvalidResponseError, match="run without an end"):
        decode_rle({"size": [6, 8], "counts": "o" * 1_000_000})
    assert time.monotonic() - began < 5


def test_a_mask_need_not_be_larger_than_its_image() -> None:
    large = {"size": [10_000, 10_000], "counts": [10**8]}
    with pytest.raises(InvalidResponseError, match="10000x10000 pixels is too large"):
        scale_back({"predictions": [{**BOX, "rle": large}]}, Size(8, 6), Size(4, 3))
    with pytest.raises(InvalidResponseError, match="10000x10000 pixels is too large"):
        draw_result({"predictions": [{**BOX, "rle": large}]}, CANVAS)
    assert decode_rle(large).shape == (10_000, 10_000)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (png_text(30_000, 30_000), "30000x30000 pixels"),
        (png_text(8, 6, claimed=0xBC00_0014), "not"),  # OpenCV makes room for what a chunk claims
    ],
    ids=["pixels", "chunk"],
)
def test_a_picture_that_would_fill_the_memory_is_not_decoded(
    text: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("it was decoded")

    monkeypatch.setattr(cv2, "imdecode", fail)
    for chosen in (NUMPY, PILLOW):
        with pytest.raises(EncodingError, match=message):
            present_picture(text, chosen)
    with pytest.raises(EncodingError, match=message):
        decode_mask_png(text)
    with pytest.raises(InvalidResponseError, match=message):
        decode_depth_map(text)


# -- nesting


def test_outputs_may_nest_deeper_than_python_calls() -> None:
    outputs: dict[str, Any] = {"a": nested(DEPTH), "b": 1}
    (presented,) = present_outputs([outputs], NUMPY)
    assert list(presented) == ["a", "b"]
    value, depth = presented["a"], 0
    while is_array(value):
        (value,) = value
        depth += 1
    assert (value, depth) == (0, DEPTH)


def test_a_trace_that_nests_too_deep_is_an_error_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="Recursion limit"):
        save_trace(str(tmp_path), [nested(DEPTH)])
    assert list(tmp_path.iterdir()) == []


# -- parts of the wrong type

UNDRAWABLE: list[dict[str, Any]] = [
    {"predictions": [None]},
    {"predictions": [{}]},
    {"predictions": [{**BOX, "x": "4"}]},
    {"predictions": [{**BOX, "confidence": "high"}]},
    {"predictions": [{**BOX, "keypoints": 5}]},
    {"predictions": [{**BOX, "points": [{"x": "a", "y": 1}] * 3}]},
    {"predictions": [{**BOX, "points": [{"x": 1, "y": 1}, {"x": 5, "y": 1}, {"x": 5, "y": None}]}]},
    {"predictions": [{**BOX, "class": nested(DEPTH)}]},
    {"predictions": {"a": 0.5}},
    {"predictions": [{"class": [], "confidence": 1}], "top": "a"},
    {"predictions": {"segmentation_mask": None}},
    {"mask_metadata": {}, "original_image": {}},
    {"mask_metadata": {"width": 0, "height": 0}, "original_image": {"width": 8, "height": 6}, "predictions": []},
]


@pytest.mark.parametrize("shape", [[2**63, 0], [2**64, 2**64], [1e300], [0, 2**62]])
def test_an_anomaly_map_of_no_possible_shape_is_refused(shape: list[float]) -> None:
    with pytest.raises(InvalidResponseError, match="anomaly map"):
        decode_anomaly_map({"shape": shape, "dtype": "float32", "data": ""})


def test_an_anomaly_maps_type_may_nest_deeper_than_python_calls() -> None:
    with pytest.raises(InvalidResponseError, match="dtype"):
        decode_anomaly_map({"shape": [1], "dtype": nested(DEPTH), "data": ""})


def test_a_coloured_mask_is_refused() -> None:
    coloured = base64.b64encode(cv2.imencode(".png", CANVAS)[1].tobytes()).decode()
    with pytest.raises(EncodingError, match="3 channels"):
        decode_mask_png(coloured)


@pytest.mark.parametrize("side", [None, 0, -4, "4", True, [4], {}])
def test_a_mask_grid_without_a_size_is_refused(side: Any) -> None:
    metadata = {"coordinate_system": "mask_grid", "width": side, "height": 3}
    with pytest.raises(InvalidResponseError, match="mask grid"):
        scale_back({"mask_metadata": metadata}, Size(8, 6), Size(4, 3))


def test_a_mask_without_pixels_is_refused() -> None:
    with pytest.raises(InvalidResponseError, match="no pixels"):
        scale_back({"predictions": [{**BOX, "rle": {"size": [0, 0], "counts": []}}]}, Size(8, 6), Size(4, 3))


@pytest.mark.parametrize("result", UNDRAWABLE)
def test_a_result_that_cannot_be_drawn_is_an_error_of_ours(result: dict[str, Any]) -> None:
    with pytest.raises(HTTPClientError):
        draw_result(result, CANVAS)


@pytest.mark.parametrize("far", [1e9, -1e9, 1e300, -1e300, 2**64])
def test_what_lies_far_outside_is_drawn_in_no_time(far: float) -> None:
    points = [{"x": 1, "y": 1}, {"x": far, "y": 1}, {"x": 1, "y": far}]
    prediction = {**BOX, "width": far, "points": points, "keypoints": [{"x": far, "y": far, "class": "nose"}]}
    began = time.monotonic()
    assert draw_result({"predictions": [prediction]}, CANVAS).shape == CANVAS.shape
    assert time.monotonic() - began < 5
