"""Calls of the generated package, one function for each planted change of the server."""

from datetime import datetime
from typing import assert_never, assert_type

from inference_api import UNSET, Client, Unset, models
from inference_api.api import core_models, models_registry, pipelines, server, workflows


def operation_removed(client: Client) -> None:
    server.clear_cache.sync(client=client)


def operation_renamed(client: Client) -> None:
    pipelines.list_pipelines.sync(client=client)


def parameter_removed(client: Client) -> None:
    models_registry.start_model.sync("project", "1", client=client, service_secret="secret")


def parameter_moved_to_header(client: Client) -> None:
    server.get_logs.sync(client=client, level="INFO")


def parameter_type_changed(client: Client) -> None:
    server.start_notebook.sync(client=client, browserless=True)


def parameter_became_required(client: Client) -> None:
    workflows.validate_workflow.sync(client=client, body={})


def success_status_changed(client: Client, body: models.ClipCompareRequest) -> None:
    assert_type(core_models.clip_compare.sync(client=client, body=body), models.ClipCompareResponse)


def answer_field_removed(model: models.ModelDescriptionEntity) -> None:
    assert_type(model.vram_bytes, int | None | Unset)


def answer_type_widened(info: models.ServerVersionInfo) -> None:
    assert_type(info.version, str)


def answer_field_may_be_missing(frame: models.FrameMetadata) -> None:
    assert_type(frame.frame_timestamp, datetime)


def items_of_answer_changed(answer: models.ExecutionEngineVersions) -> None:
    assert_type(answer.versions, list[str])


def answer_enum_widened(action: models.ModelRequiredAction) -> str:
    match action:
        case "access" | "execution":
            return "soon"
        case other:
            assert_never(other)


def answer_enum_narrowed(location: models.ModelExecutionLocation) -> str:
    return "here" if location == "environment_defined" else "there"


def answer_schema_renamed(answer: models.Sam2EmbeddingResponse) -> None:
    assert_type(answer.image_id, str)


def request_field_removed(image: models.InferenceRequestImage) -> None:
    models.TrOCRInferenceRequest(image=image, trocr_version_id="trocr-base-printed")


def required_request_field_added() -> None:
    models.AddModelRequest(model_id="project/1")


def request_field_became_required(image: models.InferenceRequestImage) -> None:
    models.LMMInferenceRequest(model_id="project/1", image=image)


def request_type_narrowed() -> None:
    models.WebRTCTURNConfig(urls=["turn:example"], username="name", credential="secret")


def request_enum_narrowed() -> None:
    strategy: models.BufferFillingStrategy = "ADAPTIVE_DROP_LATEST"
    models.VideoConfiguration(type_="VideoConfiguration", video_reference=0, source_buffer_filling_strategy=strategy)


def default_of_request_changed(image: models.InferenceRequestImage) -> None:
    request = models.GroundingDINOInferenceRequest(image=image, text=["person"])
    assert_type(request.box_threshold, float | None | Unset)


def operation_added(client: Client) -> None:
    server.get_info.sync(client=client)


def optional_parameter_added(client: Client) -> None:
    models_registry.list_models.sync(client=client)


def optional_request_field_added() -> None:
    models.ClearModelRequest(model_id="project/1")


def answer_field_added(client: Client) -> None:
    assert_type(pipelines.get_pipeline_status.sync("1", client=client), models.InferencePipelineStatusResponse)


def request_type_widened() -> None:
    models.VideoConfiguration(type_="VideoConfiguration", video_reference=0, batch_collection_timeout=0.5)


def request_enum_widened() -> None:
    strategy: models.BufferConsumptionStrategy = "LAZY"
    models.VideoConfiguration(
        type_="VideoConfiguration", video_reference=0, source_buffer_consumption_strategy=strategy
    )


def answer_type_narrowed(answer: models.ClipEmbeddingResponse) -> None:
    if answer.time is not UNSET and answer.time is not None:
        print(answer.time)
