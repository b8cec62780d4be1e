"""Video pipelines: the server reads a video itself, runs a workflow on its frames and keeps the results for us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias, cast

from attrs import frozen

from ..configuration.credentials import Credentials
from ..errors import InvalidParameterError
from .arguments import checked_flag, checked_positive, optional_text
from .exchange import Answer, Exchange, PreparedRequest
from .json_body import JSON_MEDIA_TYPE, json_content
from .server_check import chosen_options
from .workflow_choice import NamedWorkflow, WorkflowChoice, check_names, path_segment

__all__ = [
    "BufferConsumptionStrategy",
    "BufferFillingStrategy",
    "PipelineStart",
    "VideoSource",
    "command_pipeline",
    "consume_result",
    "get_status",
    "list_pipelines",
    "start_pipeline",
]

VideoSource: TypeAlias = "str | int"
"""A file or stream address as the server sees it, or the number of a camera on the server's machine."""

BufferFillingStrategy: TypeAlias = Literal[
    "WAIT", "DROP_OLDEST", "ADAPTIVE_DROP_OLDEST", "DROP_LATEST", "ADAPTIVE_DROP_LATEST"
]
"""What to do with a new frame when the buffer of decoded frames is full."""

BufferConsumptionStrategy: TypeAlias = Literal["LAZY", "EAGER"]
"""Whether frames are taken from the buffer one by one, or the newest first."""

_FILLING = ("WAIT", "DROP_OLDEST", "ADAPTIVE_DROP_OLDEST", "DROP_LATEST", "ADAPTIVE_DROP_LATEST")
_CONSUMPTION = ("LAZY", "EAGER")

#: What is sent when the caller chooses nothing but a video and a workflow.
_UNASKED = {
    "video_configuration": {
        "type": "VideoConfiguration",
        "source_buffer_filling_strategy": "DROP_OLDEST",
        "source_buffer_consumption_strategy": "EAGER",
    },
    "processing_configuration": {
        "type": "WorkflowConfiguration",
        "image_input_name": "image",
        "workflows_thread_pool_workers": 4,
        "cancel_thread_pool_tasks_on_exit": True,
        "video_metadata_input_name": "video_metadata",
    },
    "sink_configuration": {"type": "MemorySinkConfiguration", "results_buffer_size": 64},
}


@frozen
class PipelineStart:
    """What a new pipeline reads, runs and keeps."""

    video_reference: VideoSource | Sequence[VideoSource]
    workflow: WorkflowChoice
    image_input_name: str
    workflows_parameters: Mapping[str, Any] | None
    workflows_thread_pool_workers: int
    cancel_thread_pool_tasks_on_exit: bool
    video_metadata_input_name: str
    max_fps: float | None
    source_buffer_filling_strategy: BufferFillingStrategy | None
    source_buffer_consumption_strategy: BufferConsumptionStrategy | None
    video_source_properties: Mapping[str, float | str] | None
    batch_collection_timeout: float | None
    results_buffer_size: int
    workflow_version_id: str | None = None
    disable_sinks: bool = False
    consumption_timeout: float | None = None
    execution_engine_thread_pool_workers: int | None = None
    decoding_buffer_size: int | None = None
    predictions_queue_size: int | None = None

    def __attrs_post_init__(self) -> None:
        """Check what the server would only find out after the pipeline's process was started, or never."""
        _check_sources(self.video_reference)
        _check_choice("source_buffer_filling_strategy", self.source_buffer_filling_strategy, _FILLING)
        _check_choice("source_buffer_consumption_strategy", self.source_buffer_consumption_strategy, _CONSUMPTION)
        _check_count("workflows_thread_pool_workers", self.workflows_thread_pool_workers)
        _check_count("results_buffer_size", self.results_buffer_size)
        _check_positive("max_fps", self.max_fps)
        _check_positive("batch_collection_timeout", self.batch_collection_timeout)
        _check_positive("consumption_timeout", self.consumption_timeout)
        checked_positive("execution_engine_thread_pool_workers", self.execution_engine_thread_pool_workers)
        checked_positive("decoding_buffer_size", self.decoding_buffer_size)
        checked_positive("predictions_queue_size", self.predictions_queue_size)
        checked_flag("disable_sinks", self.disable_sinks)
        optional_text("workflow_version_id", self.workflow_version_id)

    def options(self) -> Iterator[str]:
        """Give the names on the wire of what the caller chose."""
        return chosen_options(self.fields(), _UNASKED)

    def fields(self) -> dict[str, Any]:
        """Give the fields of the request's body."""
        named = self.workflow if isinstance(self.workflow, NamedWorkflow) else None
        return {
            "video_configuration": {
                "type": "VideoConfiguration",
                "video_reference": self.video_reference,
                "max_fps": self.max_fps,
                "source_buffer_filling_strategy": self.source_buffer_filling_strategy,
                "source_buffer_consumption_strategy": self.source_buffer_consumption_strategy,
                "video_source_properties": self.video_source_properties,
                "batch_collection_timeout": self.batch_collection_timeout,
            },
            "processing_configuration": {
                "type": "WorkflowConfiguration",
                "workflow_specification": self.workflow if named is None else None,
                "workspace_name": None if named is None else named.workspace_name,
                "workflow_id": None if named is None else named.workflow_id,
                "image_input_name": self.image_input_name,
                "workflows_parameters": self.workflows_parameters,
                "workflows_thread_pool_workers": self.workflows_thread_pool_workers,
                "cancel_thread_pool_tasks_on_exit": self.cancel_thread_pool_tasks_on_exit,
                "video_metadata_input_name": self.video_metadata_input_name,
                **_given(
                    workflow_version_id=self.workflow_version_id,
                    disable_sinks=self.disable_sinks or None,
                    execution_engine_thread_pool_workers=self.execution_engine_thread_pool_workers,
                ),
            },
            "sink_configuration": {
                "type": "MemorySinkConfiguration",
                "results_buffer_size": self.results_buffer_size,
            },
            **_given(
                consumption_timeout=self.consumption_timeout,
                decoding_buffer_size=self.decoding_buffer_size,
                predictions_queue_size=self.predictions_queue_size,
            ),
        }


def start_pipeline(credentials: Credentials, start: PipelineStart) -> Exchange[dict[str, Any]]:
    """Describe `POST /inference_pipelines/initialise`; never repeated, a second one would be a second pipeline."""
    return _exchange(credentials, "POST", "/inference_pipelines/initialise", start.fields(), repeatable=False)


def list_pipelines(credentials: Credentials) -> Exchange[dict[str, Any]]:
    """Describe `GET /inference_pipelines/list`."""
    return _exchange(credentials, "GET", "/inference_pipelines/list", {}, repeatable=True)


def get_status(credentials: Credentials, pipeline_id: str) -> Exchange[dict[str, Any]]:
    """Describe `GET /inference_pipelines/{id}/status`."""
    return _exchange(credentials, "GET", _path(pipeline_id, "status"), {}, repeatable=True)


def command_pipeline(
    credentials: Credentials, pipeline_id: str, command: Literal["pause", "resume", "terminate"]
) -> Exchange[dict[str, Any]]:
    """Describe `POST /inference_pipelines/{id}/{command}`.

    Never repeated: the server refuses the second of two equal commands, which would hide that the first one worked.
    """
    return _exchange(credentials, "POST", _path(pipeline_id, command), {}, repeatable=False)


def consume_result(
    credentials: Credentials, pipeline_id: str, excluded_fields: Sequence[str] | None
) -> Exchange[dict[str, Any]]:
    """Describe `GET /inference_pipelines/{id}/consume`.

    Never repeated: the server gives each result away once, so a repeat would skip the one whose answer was lost.
    """
    fields = {"excluded_fields": check_names("excluded_fields", excluded_fields) or []}
    return _exchange(credentials, "GET", _path(pipeline_id, "consume"), fields, repeatable=False)


def _exchange(
    credentials: Credentials, method: str, path: str, fields: Mapping[str, Any], *, repeatable: bool
) -> Exchange[dict[str, Any]]:
    request = PreparedRequest(
        method,
        path,
        headers=credentials.in_headers(),
        # The GET routes too take the key from a JSON body.
        content=json_content({**credentials.in_place(), **fields}),
        media_type=JSON_MEDIA_TYPE,
        repeatable=repeatable,
    )
    return Exchange(request, Answer.json_object)


def _given(**fields: float | str | None) -> dict[str, Any]:
    """Leave out what inference-sdk has no argument for, unless the caller gives it."""
    return {name: value for name, value in fields.items() if value is not None}


def _path(pipeline_id: str, action: str) -> str:
    return f"/inference_pipelines/{path_segment('pipeline_id', pipeline_id)}/{action}"


def _check_sources(reference: object) -> None:
    several = isinstance(reference, list | tuple)
    sources = cast("Sequence[object]", reference) if several else [reference]
    usable = all(isinstance(source, str | int) and not isinstance(source, bool) for source in sources)
    if not usable or not sources or "" in sources:
        # Types alone: an address may hold a password.
        got = ", ".join(type(source).__name__ for source in sources) or "an empty list"
        raise InvalidParameterError(
            f"video_reference: expected an address that is not empty, a camera number or a list of these, got {got}"
        )


def _check_choice(argument: str, value: object, choices: Sequence[str]) -> None:
    if value is not None and value not in choices:
        expected = ", ".join(repr(choice) for choice in choices)
        raise InvalidParameterError(f"{argument}: expected one of {expected} or None, got {value!r}")


def _check_count(argument: str, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidParameterError(f"{argument}: expected a whole number of at least 1, got {value!r}")


def _check_positive(argument: str, value: object) -> None:
    if value is not None and (not isinstance(value, int | float) or isinstance(value, bool) or not value > 0):
        raise InvalidParameterError(f"{argument}: expected a positive number or None, got {value!r}")
