from __future__ import annotations

import base64
import copy
import pickle
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference_ext import EncodingError, VisualisationResponseFormat
from inference_ext.results.workflow_outputs import present_outputs

BASE64 = VisualisationResponseFormat.BASE64
NUMPY = VisualisationResponseFormat.NUMPY
PIXELS = np.random.default_rng(8).integers(0, 256, (3, 4, 3), dtype=np.uint8)
TEXT = base64.b64encode(cv2.imencode(".png", PIXELS)[1].tobytes()).decode()

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
pictures = st.fixed_dictionaries(
    {"type": st.just("base64"), "value": st.just(TEXT)},
    optional={"video_metadata": st.dictionaries(st.text(max_size=3), scalars, max_size=2), "extra": scalars},
)
values = st.recursive(
    scalars | pictures,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
outputs_of_servers = st.lists(st.dictionaries(st.text(max_size=4), values, max_size=3), max_size=3)


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def put(value: Any, path: tuple[str | int, ...], new: Any) -> None:
    at(value, path[:-1])[path[-1]] = new


@given(outputs_of_servers)
def test_nothing_is_lost(outputs: list[dict[str, Any]]) -> None:
    """Putting each picture and its metadata back together gives what the server sent."""
    before = copy.deepcopy(outputs)
    presented = present_outputs(outputs, BASE64)
    assert outputs == before
    rebuilt: Any = copy.deepcopy(list(presented))
    for path, metadata in presented.image_metadata.items():
        put(rebuilt, path, {"type": "base64", "value": at(rebuilt, path), **metadata})
    assert rebuilt == before


@given(outputs_of_servers)
def test_every_picture_is_decoded_at_any_depth(outputs: list[dict[str, Any]]) -> None:
    presented = present_outputs(outputs, NUMPY)
    for path in presented.image_metadata:
        np.testing.assert_array_equal(at(presented, path), PIXELS)
    assert count_pictures(list(presented)) == 0
    assert len(presented.image_metadata) == sum(count_pictures(list(output.values())) for output in outputs)


def count_pictures(value: Any) -> int:
    if isinstance(value, dict):
        return 1 if value.get("value") == TEXT else sum(count_pictures(inner) for inner in value.values())
    return sum(count_pictures(inner) for inner in value) if isinstance(value, list) else 0


@pytest.mark.parametrize(
    "value",
    [
        {"type": "base64"},
        {"type": "base64", "value": None},
        {"type": "base64", "value": 3},
        {"type": "url", "value": "https://example.org/a.png"},
        {"value": TEXT},
    ],
)
def test_object_that_is_no_picture_stays_as_it_is(value: dict[str, Any]) -> None:
    presented = present_outputs([{"a": value}], NUMPY)
    assert presented == [{"a": value}]
    assert presented.image_metadata == {}


def test_outputs_may_be_named_like_the_fields_of_a_picture() -> None:
    outputs = [{"type": "base64", "value": TEXT}]
    assert present_outputs(outputs, NUMPY) == outputs


@pytest.mark.parametrize("text", ["", "!", "bm8=", TEXT[:40]])
def test_picture_that_cannot_be_decoded_is_named_and_told_how_to_get(text: str) -> None:
    outputs = [{}, {"a": {"b": [{"type": "base64", "value": text}]}}]
    with pytest.raises(EncodingError, match=r"outputs\[1\]\['a'\]\['b'\]\[0\].*base64"):
        present_outputs(outputs, NUMPY)
    assert present_outputs(outputs, BASE64)[1] == {"a": {"b": [text]}}


def test_outputs_can_be_pickled() -> None:
    presented = present_outputs([{"a": {"type": "base64", "value": TEXT, "extra": 1}}], BASE64)
    presented.profiler_trace = [{"name": "step"}]
    copied = pickle.loads(pickle.dumps(presented))
    assert copied == presented == [{"a": TEXT}]
    assert copied.image_metadata == {(0, "a"): {"extra": 1}}
    assert copied.profiler_trace == [{"name": "step"}]
