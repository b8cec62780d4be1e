"""The API modes, models and key transports that most tests run through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.real_server import models
from tests.real_server.features import HEADER_KEYS, SEMANTIC_SEGMENTATION, needs

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

every_mode = pytest.mark.parametrize("mode", ["v0", "v1"])
every_model = pytest.mark.parametrize(
    "model",
    [
        pytest.param(model, marks=needs(SEMANTIC_SEGMENTATION)) if model is models.SEMANTIC else model
        for model in models.ALL
    ],
    ids=lambda model: model.model_id,
)
every_transport = pytest.mark.parametrize(
    "transport", ["legacy", "both", pytest.param("header", marks=needs(HEADER_KEYS))]
)
every_box_model = pytest.mark.parametrize(
    "model", [models.BOXES, models.MASKS, models.POINTS], ids=lambda model: model.model_id
)


def select(client: InferenceHTTPClient, mode: str) -> None:
    """Choose an API mode, `v0` or `v1`."""
    if mode == "v0":
        client.select_api_v0()
    else:
        client.select_api_v1()
