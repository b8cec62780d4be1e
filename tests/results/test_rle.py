"""Run-length masks: what is encoded is decoded, and both agree with the reference implementation of COCO.

The texts come from pycocotools 2.0, `mask.encode(numpy.asfortranarray(mask))`.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from inference_ext.errors import InvalidResponseError
from inference_ext.results.rle import decode_rle, encode_rle

Mask = NDArray[np.bool_]


def _box() -> Mask:
    mask = np.zeros((40, 60), bool)
    mask[10:30, 20:45] = True
    return mask


def _disc() -> Mask:
    rows, columns = np.mgrid[:200, :300]
    return np.asarray((rows - 90) ** 2 + (columns - 140) ** 2 < 70**2)


def _noise() -> Mask:
    packed = np.frombuffer(bytes.fromhex("1a7c0da3dd822f41f52191eaf240"), np.uint8)
    return np.unpackbits(packed, count=12 * 9).reshape(12, 9).astype(bool)


OF_PYCOCOTOOLS: dict[str, tuple[Mask, str]] = {
    "empty": (np.zeros((3, 4), bool), "<"),
    "full": (np.ones((3, 4), bool), "0<"),
    "one row": (np.array([[0, 1, 1, 0, 1]], bool), "121O"),
    "one column": (np.array([[1], [0], [0], [1]], bool), "0120"),
    "box": (_box(), "Zi0d0d000000000000000000000000000000000000000000000000^b0"),
    "disc": (
        _disc(),
        "Wn=g0\\5:G8I6K4K6K4L4L4L4M2M4M2N2M4M2N2N2N2N2N2N2N2N2N2N2N2O0O2N2N2O0O2N2O0O2O0O2O0O2O0O2O000O2O0O2O000O2O00000"
        "O2O0000000O2O00000000000000000000000000000000000000000001N100000001N1000001N10001N101N10001N101N101N101N101N2N1"
        "01N2N2N101N2N2N2N2N2N2N2N2N2N2N2N3L3N2N3L3N3L4L4L4L5J5L5J7H9FV`a0",
    ),
    "noise": (_noise(), "1120O110OO133NO2M10M21NO1O0011NO50K12ON24NM21ONO030"),
}


@pytest.mark.parametrize("name", OF_PYCOCOTOOLS)
def test_masks_are_encoded_as_pycocotools_does(name: str) -> None:
    mask, counts = OF_PYCOCOTOOLS[name]
    assert encode_rle(mask) == {"size": list(mask.shape), "counts": counts}


@pytest.mark.parametrize("name", OF_PYCOCOTOOLS)
@pytest.mark.parametrize("kind", [str, str.encode])
def test_masks_of_pycocotools_are_decoded(name: str, kind: Any) -> None:
    mask, counts = OF_PYCOCOTOOLS[name]
    decoded = decode_rle({"size": list(mask.shape), "counts": kind(counts)})
    assert decoded.dtype == np.bool_
    assert np.array_equal(decoded, mask)


def test_uncompressed_counts_are_decoded() -> None:
    assert np.array_equal(decode_rle({"size": [2, 3], "counts": [1, 2, 3]}), [[0, 1, 0], [1, 0, 0]])


MASKS = hnp.arrays(np.bool_, st.tuples(st.integers(1, 25), st.integers(1, 25)))


@settings(max_examples=60, deadline=None)
@given(mask=MASKS)
@example(mask=np.ones((1, 1), bool))
@example(mask=np.zeros((1, 70_000), bool))
@example(mask=np.ones((300, 400), bool))
@example(mask=np.eye(64, dtype=bool))
def test_what_is_encoded_is_decoded(mask: Mask) -> None:
    rle = encode_rle(mask)
    assert np.array_equal(decode_rle(rle), mask)
    assert np.array_equal(decode_rle(json.loads(json.dumps(rle))), mask)


@settings(max_examples=60, deadline=None)
@given(
    mask=MASKS,
    rows=st.integers(1, 40),
    columns=st.integers(1, 40),
)
def test_blocks_of_a_mask_with_long_runs_are_decoded(mask: Mask, rows: int, columns: int) -> None:
    mask = np.kron(mask, np.ones((rows, columns), bool))
    assert np.array_equal(decode_rle(encode_rle(mask)), mask)


@settings(max_examples=30, deadline=None)
@given(mask=MASKS)
def test_the_layout_in_memory_does_not_matter(mask: Mask) -> None:
    assert encode_rle(np.asfortranarray(mask)) == encode_rle(mask)
    assert encode_rle(mask[::-1][::-1]) == encode_rle(mask)
    zeros_and_ones: NDArray[Any] = mask.astype(np.uint8)
    assert encode_rle(zeros_and_ones) == encode_rle(mask)


@pytest.mark.parametrize(
    "rle",
    [
        {},
        {"size": [3, 4]},
        {"counts": "<"},
        {"size": [3, 4], "counts": "="},
        {"size": [3, 4], "counts": ""},
        {"size": [3, 4], "counts": "é"},
        {"size": [3, 4], "counts": "p"},  # says that more follows
        {"size": [3, 4], "counts": None},
        {"size": [3, 4], "counts": 12},
        {"size": [3, 4], "counts": [20, -8]},
        {"size": [3, 4], "counts": ["x"]},
        {"size": [3], "counts": "<"},
        {"size": [3, 4, 1], "counts": "<"},
        {"size": ["a", "b"], "counts": "<"},
        {"size": None, "counts": "<"},
        {"size": [-3, -4], "counts": "<"},
    ],
)
def test_what_is_no_mask_is_refused(rle: dict[str, Any]) -> None:
    with pytest.raises(InvalidResponseError, match="run-length encoded mask"):
        decode_rle(rle)


@settings(max_examples=60, deadline=None)
@given(counts=st.text(max_size=12), size=st.lists(st.integers(-2, 9), max_size=3))
def test_arbitrary_text_is_a_mask_of_that_size_or_refused(counts: str, size: list[int]) -> None:
    try:
        mask = decode_rle({"size": size, "counts": counts})
    except InvalidResponseError:
        return
    assert list(mask.shape) == size
