"""Any route through `client.api` and `inference_api`: typed requests go out, typed answers come back."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest
from inference_api.api.infer import (
    infer_classification,
    infer_instance_segmentation,
    infer_keypoints_detection,
    infer_object_detection,
    infer_semantic_segmentation,
)
from inference_api.api.models_registry import add_model, clear_models, list_models, remove_model
from inference_api.api.pipelines import list_pipelines
from inference_api.api.server import get_healthz, get_info
from inference_api.api.v0 import infer_v0
from inference_api.api.workflows import run_workflow_specification, validate_workflow
from inference_api.errors import UnexpectedStatus
from inference_api.models import (
    AddModelRequest,
    ClassificationInferenceRequest,
    ClearModelRequest,
    InferenceRequestImage,
    InstanceSegmentationInferenceRequest,
    KeypointsDetectionInferenceRequest,
    ObjectDetectionInferenceRequest,
    ObjectDetectionInferenceResponse,
    SemanticSegmentationInferenceRequest,
    V0ImageUpload,
    WorkflowSpecificationInferenceRequest,
)
from inference_api.types import File
from real_server.saved_workflows import DETECTION

from tests.real_server import models
from tests.real_server.expected import check, check_all, check_boxes
from tests.real_server.features import HEALTH, SEMANTIC_SEGMENTATION, needs
from tests.real_server.models import Model
from tests.real_server.scenes import EMPTY, GREEN, THREE, Scene

if TYPE_CHECKING:
    from real_server.under_test import ServerUnderTest

    from inference_ext import InferenceHTTPClient

ROUTES: dict[Model, tuple[ModuleType, Callable[..., Any]]] = {
    models.BOXES: (infer_object_detection, ObjectDetectionInferenceRequest),
    models.MASKS: (infer_instance_segmentation, InstanceSegmentationInferenceRequest),
    models.POINTS: (infer_keypoints_detection, KeypointsDetectionInferenceRequest),
    models.CLASS: (infer_classification, ClassificationInferenceRequest),
    models.TAGS: (infer_classification, ClassificationInferenceRequest),
    models.SEMANTIC: (infer_semantic_segmentation, SemanticSegmentationInferenceRequest),
}
every_route = pytest.mark.parametrize(
    ("model", "route", "request_of"),
    [
        pytest.param(
            model, *found, id=model.model_id, marks=needs(SEMANTIC_SEGMENTATION) if model is models.SEMANTIC else ()
        )
        for model, found in ROUTES.items()
    ],
)


def image_of(scene: Scene) -> InferenceRequestImage:
    return InferenceRequestImage(type_="base64", value=scene.png_base64)


@every_route
async def test_one_image(client: InferenceHTTPClient, model: Model, route: Any, request_of: Callable[..., Any]) -> None:
    request = request_of(model_id=model.model_id, image=image_of(THREE))
    check(model, THREE, route.sync(client=client.api, body=request).to_dict())
    check(model, THREE, (await route.asyncio(client=client.api, body=request)).to_dict())


@pytest.mark.parametrize("model", [models.BOXES, models.MASKS, models.POINTS], ids=lambda model: model.model_id)
def test_a_list(client: InferenceHTTPClient, model: Model) -> None:
    route, request_of = ROUTES[model]
    request = request_of(model_id=model.model_id, image=[image_of(GREEN), image_of(EMPTY), image_of(THREE)])
    answers = route.sync(client=client.api, body=request)
    check_all(model, [GREEN, EMPTY, THREE], [answer.to_dict() for answer in answers])


def test_v0_takes_a_file(client: InferenceHTTPClient) -> None:
    upload = V0ImageUpload(file=File(THREE.png, file_name="three.png", mime_type="image/png"))
    answer = infer_v0.sync("color-boxes", "1", client=client.api, body=upload)
    assert isinstance(answer, ObjectDetectionInferenceResponse)
    check(models.BOXES, THREE, answer.to_dict())


async def test_workflow(client: InferenceHTTPClient) -> None:
    assert validate_workflow.sync(client=client.api, body=DETECTION).status == "ok"
    request = WorkflowSpecificationInferenceRequest(
        specification=DETECTION,
        inputs={"image": {"type": "base64", "value": THREE.png_base64}},
        excluded_fields=["picture"],
    )
    for answer in (
        run_workflow_specification.sync(client=client.api, body=request),
        await run_workflow_specification.asyncio(client=client.api, body=request),
    ):
        (output,) = answer.to_dict()["outputs"]
        check_boxes(THREE, output["predictions"])


async def test_registry(client: InferenceHTTPClient, server: ServerUnderTest) -> None:
    def ids(answer: Any) -> list[str]:
        return [model.model_id for model in answer.models]

    assert ids(clear_models.sync(client=client.api)) == []
    server.model_files.restore()
    first, second = models.BOXES.model_id, models.POINTS.model_id
    assert ids(add_model.sync(client=client.api, body=AddModelRequest(model_id=first))) == [first]
    assert ids(await add_model.asyncio(client=client.api, body=AddModelRequest(model_id=second))) == [first, second]
    assert ids(remove_model.sync(client=client.api, body=ClearModelRequest(model_id=first))) == [second]
    assert ids(await list_models.asyncio(client=client.api)) == [second]


def test_an_error_has_its_status_and_the_servers_words(client: InferenceHTTPClient) -> None:
    with pytest.raises(UnexpectedStatus) as caught:
        add_model.sync(client=client.api, body=AddModelRequest(model_id="a/b/c/d"))
    assert caught.value.status_code == 400
    assert caught.value.body == {"message": "Invalid Model ID sent in request."}


async def test_server(client: InferenceHTTPClient, server: ServerUnderTest) -> None:
    assert get_info.sync(client=client.api).version == server.version
    assert (await get_info.asyncio(client=client.api)).version == server.version
    assert list_pipelines.sync(client=client.api).status == "success"


@needs(HEALTH)
def test_health(client: InferenceHTTPClient) -> None:
    assert get_healthz.sync(client=client.api).status == "healthy"
