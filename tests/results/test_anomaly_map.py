"""The score map of anomaly detection."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from recording_server import RecordingServer, Reply

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from inference_ext.errors import InvalidResponseError
from inference_ext.results.anomaly_map import decode_anomaly_map, encode_anomaly_map
from inference_ext.results.typed import AnomalyDetectionResult


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


# -- the map of a typed result

ANSWER: dict[str, Any] = {
    "image": {"width": 8, "height": 6},
    "predictions": [
        {"class": "anomalous", "class_id": 1, "confidence": 0.8},
        {"class": "normal", "class_id": 0, "confidence": 0.2},
    ],
    "top": "anomalous",
    "confidence": 0.8,
    "anomaly_score": 3.0,
    "anomaly_threshold": 2.0,
    "anomaly_scale": 1.0,
    "is_anomalous": True,
}


@pytest.mark.parametrize("mode", ["v0", "v1"])
def test_a_typed_call_gives_the_map_that_was_asked_for(
    server: RecordingServer, client: InferenceHTTPClient, mode: str
) -> None:
    values = np.arange(6, dtype=np.float32).reshape(2, 3) / 7
    server.answer = lambda _: Reply({**ANSWER, "anomaly_map": payload(values)})
    client.configure(InferenceConfiguration(include_anomaly_map=True, client_downsizing_disabled=True))
    _ = client.select_api_v0() if mode == "v0" else client.select_api_v1()
    result = client.classify(np.zeros((6, 8, 3), np.uint8), model_id="p/1")
    assert isinstance(result, AnomalyDetectionResult)
    found = result.heat_map()
    assert found is not None
    assert found.dtype == np.float32
    assert np.array_equal(found, values)
    assert result.to_dict() == {**ANSWER, "anomaly_map": payload(values)}
    assert AnomalyDetectionResult.from_dict(result.to_dict()) == result


def test_without_a_map_there_is_none() -> None:
    assert AnomalyDetectionResult.from_dict(ANSWER).heat_map() is None
    assert AnomalyDetectionResult.from_dict({**ANSWER, "anomaly_map": None}).heat_map() is None


def test_a_map_that_does_not_fit_its_shape_is_an_error() -> None:
    result = AnomalyDetectionResult.from_dict({**ANSWER, "anomaly_map": payload(np.zeros(4), shape=[2, 3])})
    with pytest.raises(InvalidResponseError, match="anomaly map"):
        result.heat_map()


@settings(max_examples=40, deadline=None)
@given(array=hnp.arrays(np.float32, hnp.array_shapes(min_dims=1, max_dims=3, max_side=12)))
def test_what_is_packed_is_what_the_server_packs(array: NDArray[np.float32]) -> None:
    assert encode_anomaly_map(array) == payload(array)
    assert encode_anomaly_map(array.T) == payload(array.T)


def test_lists_are_packed_too() -> None:
    assert encode_anomaly_map([[1, 2], [3, 4]]) == payload(np.array([[1, 2], [3, 4]]))
    for wrong in ([[1], [2, 3]], ["a"], [10**400]):
        with pytest.raises(InvalidResponseError, match="anomaly map"):
            encode_anomaly_map(wrong)
