from __future__ import annotations

import pytest

from inference_ext import (
    HTTPClientMode,
    InferenceConfiguration,
    InferenceHTTPClient,
    InvalidParameterError,
)

STRICT = InferenceConfiguration(confidence_threshold=0.9)
LOOSE = InferenceConfiguration(confidence_threshold=0.1)


def test_selections_stay_and_chain(client: InferenceHTTPClient) -> None:
    chained = client.select_api_v0().select_model("p/1").configure(STRICT)
    assert chained is client
    assert (client.client_mode, client.selected_model, client.inference_configuration) == (
        HTTPClientMode.V0,
        "p/1",
        STRICT,
    )
    client.select_api_v1()
    assert client.client_mode == "v1"


def test_blocks_nest_and_give_the_client(client: InferenceHTTPClient) -> None:
    client.select_model("p/1")
    with client.use_api_v0() as inner, client.use_model("q/2"), client.use_configuration(STRICT):
        assert inner is client
        with client.use_configuration(LOOSE), client.use_api_v1():
            assert (client.inference_configuration, client.client_mode) == (LOOSE, HTTPClientMode.V1)
        assert (client.inference_configuration, client.client_mode) == (STRICT, HTTPClientMode.V0)
        assert client.selected_model == "q/2"
    assert (client.selected_model, client.client_mode) == ("p/1", HTTPClientMode.V1)
    assert client.inference_configuration == InferenceConfiguration()


def test_old_values_return_after_an_exception(client: InferenceHTTPClient) -> None:
    with pytest.raises(ZeroDivisionError), client.use_model("q/2"), client.use_api_v0():
        _ = 1 / 0
    assert (client.selected_model, client.client_mode) == (None, HTTPClientMode.V1)


def test_model_of_the_call_wins_over_the_selected_one(client: InferenceHTTPClient, server: object) -> None:
    import numpy as np

    client.select_api_v0().select_model("p/1")
    client.infer(np.zeros((4, 4, 3), np.uint8), model_id="other/2")
    client.infer(np.zeros((4, 4, 3), np.uint8))
    assert server.paths() == ["POST /other/2", "POST /p/1"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("bad", [None, {}, "x"])
def test_what_is_no_configuration_is_refused(client: InferenceHTTPClient, bad: object) -> None:
    with pytest.raises(InvalidParameterError, match="InferenceConfiguration"):
        client.configure(bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "mode"),
    [
        ("https://detect.roboflow.com", "v0"),
        ("https://serverless.roboflow.one/", "v0"),
        ("http://localhost:9001", "v1"),
        ("https://detect.roboflow.com.evil.example", "v1"),
    ],
)
def test_mode_starts_by_the_address(url: str, mode: str) -> None:
    assert InferenceHTTPClient.init(url, "K").client_mode == mode
