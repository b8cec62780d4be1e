"""What the server answers is what openapi/openapi.json says it answers."""

from __future__ import annotations

from typing import Any

import pytest

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from tests.real_server import contract, models, wire
from tests.real_server.choices import every_mode, every_model, select
from tests.real_server.models import Model
from tests.real_server.scenes import EMPTY, GREEN, THREE, Scene

RESPONSES = {
    models.BOXES: "ObjectDetectionInferenceResponse",
    models.MASKS: "InstanceSegmentationInferenceResponse",
    models.POINTS: "KeypointsDetectionInferenceResponse",
    models.CLASS: "ClassificationInferenceResponse",
    models.TAGS: "MultiLabelClassificationInferenceResponse",
    models.SEMANTIC: "SemanticSegmentationInferenceResponse",
}
PREDICTIONS = {
    models.BOXES: "ObjectDetectionPrediction",
    models.MASKS: "InstanceSegmentationPrediction",
    models.POINTS: "KeypointsPrediction",
    models.CLASS: "ClassificationPrediction",
}


def entry(scene: Scene) -> dict[str, str]:
    return {"type": "base64", "value": scene.png_base64}


def conforms(schema: dict[str, Any] | None, body: object) -> None:
    assert schema is not None, "the document has no schema for this answer"
    assert contract.violations(schema, body) == []


@every_model
@pytest.mark.parametrize("image", [entry(THREE), entry(EMPTY), [entry(THREE)], [entry(GREEN), entry(EMPTY)]])
def test_v1_routes(base: str, model: Model, image: Any) -> None:
    answer = wire.post_json(base, model.route, {"model_id": model.model_id, "image": image})
    assert answer.status == 200
    conforms(contract.documented(model.route, "POST", 200), answer.json)


@every_model
def test_v0_route(base: str, model: Model) -> None:
    path = f"/{model.model_id}"
    answer = wire.post_bytes(base, path, THREE.png_base64.encode(), "application/x-www-form-urlencoded")
    assert answer.status == 200
    conforms(contract.documented(path, "POST", 200), answer.json)


@every_model
@every_mode
def test_each_task_has_its_schema(client: InferenceHTTPClient, mode: str, model: Model) -> None:
    """Stricter than the routes, whose unions would take the answer of another task as well."""
    select(client, mode)
    drawn: dict[str, Any] = {"format": "image_and_json"} if mode == "v0" else {"visualize_predictions": True}
    if model is models.SEMANTIC:
        drawn = {}  # the server draws no semantic masks
    client.configure(InferenceConfiguration(**drawn))
    answer = client.infer(THREE.png, model_id=model.model_id)
    assert contract.violations(contract.named(RESPONSES[model]), answer) == []
    assert contract.unknown_fields(RESPONSES[model], answer) == set()
    if model in PREDICTIONS:
        for prediction in answer["predictions"]:
            assert contract.unknown_fields(PREDICTIONS[model], prediction) == set()


def test_masks_as_run_lengths(base: str) -> None:
    payload = {"model_id": models.MASKS.model_id, "image": entry(THREE), "response_mask_format": "rle"}
    answer = wire.post_json(base, models.MASKS.route, payload).json
    conforms(contract.documented(models.MASKS.route, "POST", 200), answer)
    for prediction in answer["predictions"]:
        assert contract.unknown_fields("InstanceSegmentationRLEPrediction", prediction) == set()


@pytest.mark.parametrize(
    "path", ["/info", "/healthz", "/readiness", "/model/registry", "/workflows/execution_engine/versions"]
)
def test_get_routes(base: str, path: str) -> None:
    answer = wire.get(base, path)
    assert answer.status == 200
    conforms(contract.documented(path, "GET", 200), answer.json)


@pytest.mark.parametrize("path", ["/model/add", "/model/remove", "/model/clear"])
def test_registry_routes(base: str, path: str) -> None:
    answer = wire.post_json(base, path, {"model_id": models.BOXES.model_id})
    assert answer.status == 200
    conforms(contract.documented(path, "POST", 200), answer.json)


@every_model
def test_refusals(base: str, model: Model) -> None:
    answer = wire.post_json(base, model.route, {"model_id": model.model_id})
    assert answer.status == 422
    conforms(contract.documented(model.route, "POST", 422), answer.json)
