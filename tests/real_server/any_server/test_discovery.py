"""What the client says of a server is so: who it is, what it has loaded, which calls it serves."""

from __future__ import annotations

import warnings
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest
from inference_api.availability import OPERATIONS, VERSIONS

from inference_ext import HTTPCallErrorError
from inference_ext.client.routes_of_calls import ROUTES_OF_CALLS
from tests.real_server import models, wire
from tests.real_server.choices import every_mode, select
from tests.real_server.features import numbers
from tests.real_server.scenes import THREE

if TYPE_CHECKING:
    from real_server.under_test import ServerUnderTest

    from inference_ext import InferenceHTTPClient


@every_mode
async def test_a_server_is_described(
    client: InferenceHTTPClient, server: ServerUnderTest, mode: str, base: str
) -> None:
    client.load_model(models.BOXES.model_id)
    select(client, mode)
    found = client.describe()
    assert (found.url, found.version) == (base, server.version)
    assert found.models is not None
    assert models.BOXES.model_id in [model.model_id for model in found.models]
    again = await client.describe_async()
    assert {name: call.is_available for name, call in again.calls.items()} == {
        name: call.is_available for name, call in found.calls.items()
    }
    assert server.version in str(found)


def test_a_call_that_is_said_to_be_missing_has_no_route(client: InferenceHTTPClient, base: str) -> None:
    calls = client.describe().calls
    assert calls["detect_objects"].is_available
    assert calls["run_workflow"].is_available
    missing = [name for name, call in calls.items() if not call.is_available]
    assert "prompt_cogvlm" in missing
    for name in missing:
        for route in ROUTES_OF_CALLS[name]:
            method, path = route.split()
            if method == "POST" and "{" not in path and path.count("/") > 2:
                # With two parts it would be taken for the v0 route of a model.
                assert wire.post_json(base, path, {}).status in (404, 405)


def test_the_versions_of_the_routes_are_those_of_the_servers(server: ServerUnderTest) -> None:
    assert server.version in VERSIONS
    document = wire.get(server.url, "/openapi.json").json
    listed = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    lacking = {
        route
        for route, known in OPERATIONS.items()
        if known.missing_in is not None and numbers(server.version) <= numbers(known.missing_in)
    }
    assert listed & lacking == set()


def test_a_server_too_old_for_a_call_is_warned_of(client: InferenceHTTPClient, server: ServerUnderTest) -> None:
    is_old = numbers(server.version) < numbers(VERSIONS[-1])
    refusal = pytest.raises(HTTPCallErrorError) if is_old else nullcontext()
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        with refusal:
            client.segment_semantic(THREE.png, model_id=models.SEMANTIC.model_id)
        client.detect_objects(THREE.png, model_id=models.BOXES.model_id)
    messages = [str(each.message) for each in told if "too old" in str(each.message)]
    assert len(messages) == is_old
    assert all(server.version in message and VERSIONS[-1] in message for message in messages)


@pytest.mark.parametrize("model", [models.BOXES, models.MASKS], ids=lambda model: model.model_id)
@every_mode
def test_supervision_reads_a_real_answer_as_we_do(client: InferenceHTTPClient, model: models.Model, mode: str) -> None:
    import numpy as np
    import supervision as sv

    select(client, mode)
    typed = (client.detect_objects if model is models.BOXES else client.segment_instances)(
        THREE.png, model_id=model.model_id
    )
    ours = typed.to_supervision()
    assert len(ours) == len(typed) > 0
    for theirs in (sv.Detections.from_inference(typed), sv.Detections.from_inference(typed.dict())):
        assert np.array_equal(ours.xyxy, theirs.xyxy)
        assert np.array_equal(ours.confidence, theirs.confidence)
        assert np.array_equal(ours.class_id, theirs.class_id)
        assert ours["class_name"].tolist() == theirs["class_name"].tolist()
        assert (ours.mask is None) == (theirs.mask is None)
        assert ours.mask is None or np.array_equal(ours.mask, theirs.mask)
