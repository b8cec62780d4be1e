"""Workflows and the routes of foundation models, which the embedded backend does not have, are scripted."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from both_shells import Invoke, both_shells
from scripted_scenes import PICTURE, Place, everywhere

from inference_ext import HTTPCallErrorError, InferenceConfiguration
from inference_ext.testing import ErrorStatus, InferenceScript, RecordedRequest, embedded_client

DEFINITION = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}


@both_shells
@everywhere
def test_a_saved_workflow_and_definitions(invoke: Invoke, place: Place) -> None:
    script = InferenceScript()
    saved = script.workflow("my space", "flöw").answers_with({"count": 3, "names": ("a", "b")})
    defined = script.workflow().answers_with([{"count": 4}])
    with place(script) as client:
        assert invoke(client, "run_workflow", "my space", "flöw") == [{"count": 3, "names": ["a", "b"]}]
        assert invoke(client, "run_workflow", specification=DEFINITION) == [{"count": 4}]
    assert len(saved.requests) == 1
    assert defined.requests[0].parameters["specification"] == DEFINITION
    script.assert_all_used()


@both_shells
def test_the_routes_of_old_servers_too(invoke: Invoke) -> None:
    script = InferenceScript()
    script.workflow("space", "flow").answers_with({"count": 3})
    script.workflow().answers_with({"count": 4})
    with embedded_client(script) as client, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        assert invoke(client, "infer_from_workflow", "space", "flow") == [{"count": 3}]
        assert invoke(client, "infer_from_workflow", specification=DEFINITION) == [{"count": 4}]


def test_outputs_are_for_every_image_of_a_batch_or_for_the_whole() -> None:
    script = InferenceScript()
    flow = script.workflow("space", "flow")
    flow.answers_in_order({"n": 1}, [{"n": 1}, {"n": 2}], {"n": 3}, {"n": 4})
    with embedded_client(script) as client:
        batch = {"image": [PICTURE, PICTURE]}
        assert client.run_workflow("space", "flow", images=batch) == [{"n": 1}, {"n": 1}]
        assert client.run_workflow("space", "flow", images=batch) == [{"n": 1}, {"n": 2}]
        assert client.run_workflow("space", "flow", images={"image": PICTURE}) == [{"n": 3}]
        assert client.run_workflow("space", "flow", parameters={"sizes": [1, 2, 3]}) == [{"n": 4}]


def test_pictures_arrive_in_the_form_the_client_chose() -> None:
    crops = [np.full((2, 3, 3), 7, np.uint8), np.full((4, 5, 3), (1, 2, 3), np.uint8)]
    script = InferenceScript()
    script.workflow("space", "flow").answers_with({"drawn": PICTURE, "found": {"crops": crops}})
    settings = InferenceConfiguration(output_visualisation_format="numpy")
    with embedded_client(script, configuration=settings) as client:
        (outputs,) = client.run_workflow("space", "flow", images={"image": PICTURE})
    np.testing.assert_array_equal(outputs["drawn"], PICTURE)
    for got, sent in zip(outputs["found"]["crops"], crops, strict=True):
        np.testing.assert_array_equal(got, sent)


@both_shells
def test_a_function_makes_outputs_from_the_request(invoke: Invoke) -> None:
    def limited(request: RecordedRequest) -> dict[str, Any]:
        return {"limit": request.parameters["inputs"]["limit"], "width": request.images[0].shape[1]}

    script = InferenceScript()
    script.workflow("space", "flow").answers_with(limited)
    with embedded_client(script) as client:
        outputs = invoke(client, "run_workflow", "space", "flow", images={"image": PICTURE}, parameters={"limit": 5})
    assert outputs == [{"limit": 5, "width": 64}]


def test_a_run_that_may_have_had_effects_is_not_repeated() -> None:
    script = InferenceScript()
    flow = script.workflow("space", "flow").answers_with({})
    flow.inject(ErrorStatus(503), times=2)
    with embedded_client(script) as client:
        with pytest.raises(HTTPCallErrorError):
            client.run_workflow("space", "flow")
        assert len(flow.requests) == 1
        assert client.run_workflow("space", "flow", disable_sinks=True) == [{}]
    assert len(flow.requests) == 3


@both_shells
@everywhere
def test_routes_of_foundation_models(invoke: Invoke, place: Place) -> None:
    script = InferenceScript()
    reading = script.route("POST", "/doctr/ocr").answers_in_order({"result": "EXIT"}, {"result": "STOP"})
    script.route("POST", "/clip/embed_text").answers_with(
        lambda request: {"embeddings": [[float(len(request.parameters["text"])), 0.0]]}
    )
    with place(script) as client:
        results = invoke(client, "ocr_image", [PICTURE, PICTURE])
        assert [one["result"] for one in results] == ["EXIT", "STOP"]
        assert invoke(client, "get_clip_text_embeddings", "four")["embeddings"] == [[4.0, 0.0]]
    assert reading.requests[0].images[0].shape == PICTURE.shape
    script.assert_all_used()


def test_a_route_goes_before_everything_else() -> None:
    script = InferenceScript()
    script.route("GET", "/info").answers_with({"name": "mine", "version": "0.9", "uuid": "u"})
    with embedded_client(script) as client:
        assert client.get_server_info().version == "0.9"
