"""What the client says of a server is so: who it is, what it has loaded, which calls it serves."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from inference_api.availability import OPERATIONS, PARAMETERS, VERSIONS, Availability

from inference_ext import InferenceConfiguration, ServerVersionError
from inference_ext.client.routes_of_calls import ROUTES_OF_CALLS
from inference_ext.operations.v0_route import V0_ROUTE
from tests.real_server import models, wire
from tests.real_server.choices import every_mode, select
from tests.real_server.features import numbers
from tests.real_server.scenes import THREE

if TYPE_CHECKING:
    from real_server.under_test import ServerUnderTest

    from inference_ext import InferenceHTTPClient

EMPTY_WORKFLOW = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}


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


def lacks(server: ServerUnderTest, known: Availability) -> bool:
    return known.missing_in is not None and numbers(server.version) <= numbers(known.missing_in)


@contextmanager
def refused_if_lacking(server: ServerUnderTest, route: str, parameter: str | None = None) -> Generator[None]:
    """Expect the error that names both versions where the server is too old; elsewhere none."""
    known = OPERATIONS[route] if parameter is None else PARAMETERS[route][parameter]
    if not lacks(server, known):
        yield
        return
    with pytest.raises(ServerVersionError) as caught:
        yield
    error = caught.value
    assert (error.server_version, error.since) == (server.version, known.since)
    assert (error.route, error.parameter) == (route, parameter)
    assert server.version in str(error)
    assert known.since in str(error)


async def test_a_server_too_old_for_a_call_or_an_option_is_not_called(
    client: InferenceHTTPClient, server: ServerUnderTest
) -> None:
    with refused_if_lacking(server, "POST /infer/semantic_segmentation"):
        client.segment_semantic(THREE.png, model_id=models.SEMANTIC.model_id)
    with refused_if_lacking(server, "POST /infer/semantic_segmentation"):
        await client.segment_semantic_async(THREE.png, model_id=models.SEMANTIC.model_id)
    reduced = InferenceConfiguration(allow_reduced_mask_resolution=True)
    with client.use_configuration(reduced):
        with refused_if_lacking(server, "POST /infer/instance_segmentation", "allow_reduced_mask_resolution"):
            client.segment_instances(THREE.png, model_id=models.MASKS.model_id)
        with client.use_api_v0(), refused_if_lacking(server, V0_ROUTE, "allow_reduced_mask_resolution"):
            await client.infer_async(THREE.png, model_id=models.MASKS.model_id)
    with refused_if_lacking(server, "POST /workflows/run", "disable_sinks"):
        client.run_workflow(specification=EMPTY_WORKFLOW, disable_sinks=True)
    # The same without the options, and what all servers have.
    client.segment_instances(THREE.png, model_id=models.MASKS.model_id)
    client.detect_objects(THREE.png, model_id=models.BOXES.model_id)
    client.run_workflow(specification=EMPTY_WORKFLOW)


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
