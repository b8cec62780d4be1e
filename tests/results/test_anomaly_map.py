"""The score map of anomaly detection."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from inference_ext.errors import InvalidResponseError
from inference_ext.results.anomaly_map import decode_anomaly_map


def payload(array: NDArray[Any], **changes: Any) -> dict[str, Any]:
    data = base64.b64encode(array.astype("<f4").tobytes()).decode("ascii")
    return {"shape": list(array.shape), "dtype": "float32", "data": data, **changes}


@settings(max_examples=40, deadline=None)
@given(array=hnp.arrays(np.float32, hnp.array_shapes(min_dims=1, max_dims=3, max_side=12)))
def test_what_the_server_packs_is_unpacked(array: NDArray[np.float32]) -> None:
    decoded = decode_anomaly_map(payload(array))
    assert decoded.dtype == np.float32
    assert np.array_equal(decoded, array, equal_nan=True)


def test_the_map_can_be_written_to() -> None:
    decoded = decode_anomaly_map(payload(np.zeros((3, 4), np.float32)))
    decoded[1, 2] = 1
    assert decoded.sum() == 1


@pytest.mark.parametrize("value", [[[0.1, 0.2], [0.3, 0.4]], [], None])
def test_a_map_in_lists_is_handed_on(value: Any) -> None:
    assert decode_anomaly_map(value) is value


@pytest.mark.parametrize(
    "changes",
    [
        {"shape": [2, 3]},
        {"shape": [-1]},
        {"shape": [3, -4]},
        {"shape": None},
        {"shape": ["a"]},
        {"dtype": "float64"},
        {"dtype": None},
        {"data": "not base64!"},
        {"data": "AAAA"},
        {"data": ""},
        {"data": None},
    ],
)
def test_a_map_that_does_not_fit_together_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidResponseError, match="anomaly map"):
        decode_anomaly_map(payload(np.zeros((3, 4), np.float32), **changes))


@pytest.mark.parametrize("name", ["shape", "dtype", "data"])
def test_a_map_with_a_missing_part_is_refused(name: str) -> None:
    value = payload(np.zeros((3, 4), np.float32))
    del value[name]
    with pytest.raises(InvalidResponseError, match=name):
        decode_anomaly_map(value)
