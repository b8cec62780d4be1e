"""A server of one's own needs no key, and a client without one sends none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mjpeg import camera
from real_server.saved_workflows import DETECTION, SAVED, WORKSPACE

from inference_ext import HTTPCallErrorError, InferenceHTTPClient
from tests.both_shells import Invoke, both_shells
from tests.real_server import models
from tests.real_server.choices import every_mode, select
from tests.real_server.expected import check, check_boxes
from tests.real_server.pipelines import terminate_all
from tests.real_server.scenes import GREEN, THREE

if TYPE_CHECKING:
    from collections.abc import Iterator

BOXES = models.BOXES


@pytest.fixture
def client(base: str) -> Iterator[InferenceHTTPClient]:
    with InferenceHTTPClient(base) as client:
        yield client


@every_mode
@both_shells
def test_inference(invoke: Invoke, client: InferenceHTTPClient, mode: str) -> None:
    select(client, mode)
    check(BOXES, THREE, invoke(client, "infer", THREE.png, BOXES.model_id))
    check(BOXES, THREE, invoke(client, "detect_objects", THREE.png, BOXES.model_id).to_dict())


@both_shells
def test_registry(invoke: Invoke, client: InferenceHTTPClient) -> None:
    invoke(client, "load_model", BOXES.model_id)
    assert BOXES.model_id in [model.model_id for model in invoke(client, "list_loaded_models").models]
    invoke(client, "unload_model", BOXES.model_id)
    assert invoke(client, "unload_all_models").models == []


@both_shells
def test_workflows(invoke: Invoke, client: InferenceHTTPClient) -> None:
    images = {"image": GREEN.png}
    (saved_id,) = SAVED
    for outputs in (
        invoke(client, "run_workflow", specification=DETECTION, images=images),
        invoke(client, "run_workflow", WORKSPACE, saved_id, images=images),
    ):
        check_boxes(GREEN, outputs[0]["predictions"])
    assert invoke(client, "validate_workflow", DETECTION).status == "ok"
    assert invoke(client, "describe_workflow_blocks").blocks
    assert invoke(client, "get_workflow_execution_engine_versions")


@both_shells
def test_the_one_route_that_wants_a_key_says_so(invoke: Invoke, client: InferenceHTTPClient) -> None:
    with pytest.raises(HTTPCallErrorError, match=r"API key is missing|api_key: Field required") as caught:
        invoke(client, "describe_workflow_interface", specification=DETECTION)
    assert caught.value.status_code in (400, 422)


def test_pipelines(client: InferenceHTTPClient) -> None:
    with camera([THREE.jpeg]) as video:
        started = client.start_inference_pipeline_with_workflow(video, DETECTION)
        assert client.get_inference_pipeline_status(started["context"]["pipeline_id"])["status"] == "success"
        terminate_all(client)
