"""A server that serves only those with a key: every call carries it, wherever `api_key_transport` puts it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from inference_api.api.models_registry import add_model, list_models
from inference_api.api.workflows import get_execution_engine_versions
from inference_api.errors import UnexpectedStatus
from inference_api.models import AddModelRequest
from real_server.platform_stand_in import GOOD_KEY, OTHER_KEY, SAVED_WORKFLOW, UNKNOWN_KEY, WORKSPACE
from real_server.saved_workflows import DETECTION

from inference_ext import HTTPCallErrorError, InferenceConfiguration, InferenceHTTPClient
from tests.both_shells import Invoke, both_shells
from tests.real_server import models
from tests.real_server.choices import every_transport, select
from tests.real_server.features import KEY_CHECK, needs
from tests.real_server.pipelines import terminate_all
from tests.real_server.platform import tells_no_key
from tests.real_server.scenes import GREEN, THREE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = needs(KEY_CHECK)

UNKNOWN_PIPELINE = "00000000-0000-0000-0000-000000000000"
TRANSPORTS = ("legacy", "header", "both")
every_refused_key = pytest.mark.parametrize(
    ("key", "transport"),
    [
        *(pytest.param(UNKNOWN_KEY, transport, id=f"unknown-{transport}") for transport in TRANSPORTS),
        *(pytest.param(OTHER_KEY, transport, id=f"other-{transport}") for transport in TRANSPORTS),
        pytest.param(None, "legacy", id="none"),
    ],
)


@dataclass(frozen=True)
class Call:
    """A call with the answer it gets from a server that lets it pass."""

    method: str
    arguments: tuple[Any, ...] = ()
    keywords: dict[str, Any] = field(default_factory=dict[str, Any])
    mode: str = "v1"
    status: int = 200
    """Not 200 where this server lacks what is asked for, which it says only to those it lets pass."""

    def make(self, invoke: Invoke, client: InferenceHTTPClient) -> Any:
        """Make the call."""
        select(client, self.mode)
        return invoke(client, self.method, *self.arguments, **self.keywords)


BOXES = models.BOXES.model_id
IMAGES = {"image": GREEN.png}
SAVED = {"workspace_name": WORKSPACE, "workflow_id": SAVED_WORKFLOW}
CALLS = [
    Call("infer", (THREE.png, BOXES), mode="v0"),
    Call("infer", ([THREE.png, GREEN.png], BOXES), mode="v0"),
    Call("infer", (THREE.png, BOXES)),
    Call("infer", ([THREE.png, GREEN.png], BOXES)),
    Call("detect_objects", (THREE.png, BOXES)),
    Call("detect_objects", (THREE.png, BOXES), mode="v0"),
    Call("list_loaded_models"),
    Call("get_model_description", (BOXES,)),
    Call("load_model", (BOXES,)),
    Call("unload_model", (BOXES,)),
    Call("unload_all_models"),
    Call("run_workflow", keywords={"specification": DETECTION, "images": IMAGES}),
    Call("run_workflow", keywords={**SAVED, "images": IMAGES}),
    Call("describe_workflow_interface", keywords={"specification": DETECTION}),
    Call("describe_workflow_interface", keywords=SAVED),
    Call("validate_workflow", (DETECTION,)),
    Call("describe_workflow_blocks"),
    Call("get_workflow_execution_engine_versions"),
    Call("list_inference_pipelines"),
    Call("get_inference_pipeline_status", (UNKNOWN_PIPELINE,), status=404),
    Call("consume_inference_pipeline_result", (UNKNOWN_PIPELINE,), status=404),
    Call("pause_inference_pipeline", (UNKNOWN_PIPELINE,), status=404),
    Call("resume_inference_pipeline", (UNKNOWN_PIPELINE,), status=404),
    Call("terminate_inference_pipeline", (UNKNOWN_PIPELINE,), status=400),
    # Core models, whose files no platform has for us.
    Call("get_clip_text_embeddings", ("a bolt",), status=404),
    Call("get_clip_image_embeddings", (THREE.png,), status=404),
    Call("clip_compare", (THREE.png, ["a bolt"]), status=404),
    Call("get_perception_encoder_text_embeddings", ("a bolt",), status=404),
    Call("get_perception_encoder_image_embeddings", (THREE.png,), status=404),
    Call("perception_encoder_compare", (THREE.png, ["a bolt"]), status=404),
    Call("ocr_image", (THREE.png,), status=404),
    Call("sam_embed_image", (THREE.png,), status=500),
    Call("sam2_embed_image", (THREE.png,), status=404),
    Call("sam2_segment_image", (THREE.png,), status=404),
    Call("sam3_embed_image", (THREE.png,), status=500),
    Call("sam3_visual_segment", (THREE.png,), status=500),
    Call("sam3_concept_segment", (THREE.png, [{"type": "text", "text": "a bolt"}]), status=500),
    Call("infer_from_grounding_dino", (THREE.png, ["a bolt"]), status=404),
    Call("infer_from_yolo_world", (THREE.png, ["a bolt"]), status=500),
    Call("depth_estimation", (THREE.png,), {"depth_map_format": "png16"}, status=404),
    Call("infer_lmm", (THREE.png, "what is this?"), status=404),
    Call("get_image_embeddings", (THREE.png, models.CLASS.model_id), status=500),
    Call("start_inference_pipeline_with_workflow", ("rtsp://127.0.0.1:1/x", {"version": "1.0"}), status=400),
]
every_call = pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.mode}-{call.method}")


@pytest.fixture
def key() -> str | None:
    return GOOD_KEY


@pytest.fixture
def client(base: str, key: str | None, transport: Any) -> Iterator[InferenceHTTPClient]:
    with InferenceHTTPClient(base, api_key=key) as client:
        client.configure(InferenceConfiguration(api_key_transport=transport, max_retries=0))
        yield client


@every_transport
@every_call
@both_shells
def test_the_key_opens(invoke: Invoke, client: InferenceHTTPClient, call: Call) -> None:
    if call.status == 200:
        call.make(invoke, client)
        return
    with pytest.raises(HTTPCallErrorError) as caught:
        call.make(invoke, client)
    assert caught.value.status_code == call.status
    if call.method.startswith("start_"):
        terminate_all(client)  # a start that fails leaves a pipeline behind, and a server has only so many


@every_refused_key
@every_call
@both_shells
def test_any_other_key_is_refused(invoke: Invoke, client: InferenceHTTPClient, call: Call) -> None:
    with pytest.raises(HTTPCallErrorError) as caught:
        call.make(invoke, client)
    assert caught.value.status_code == 401
    assert caught.value.api_message == "Unauthorized api_key"
    tells_no_key(caught.value)


# -- the generated layer


@every_transport
def test_the_key_opens_the_generated_layer(client: InferenceHTTPClient) -> None:
    loaded = add_model.sync(client=client.api, body=AddModelRequest(model_id=BOXES))
    assert BOXES in [model.model_id for model in loaded.models]
    assert get_execution_engine_versions.sync(client=client.api).versions
    again = asyncio.run(list_models.asyncio(client=client.api))
    assert [model.model_id for model in again.models] == [model.model_id for model in loaded.models]


@every_refused_key
def test_any_other_key_is_refused_in_the_generated_layer(client: InferenceHTTPClient) -> None:
    questions: list[Callable[[], object]] = [
        lambda: list_models.sync(client=client.api),
        lambda: add_model.sync(client=client.api, body=AddModelRequest(model_id=BOXES)),
        lambda: asyncio.run(list_models.asyncio(client=client.api)),
    ]
    for ask in questions:
        with pytest.raises(UnexpectedStatus) as caught:
            ask()
        assert caught.value.status_code == 401
        for secret in (UNKNOWN_KEY, OTHER_KEY):
            assert secret not in str(caught.value) + repr(caught.value)
