"""Video pipelines: the server reads a video, runs a workflow on its frames and keeps the results to be fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

from ..configuration import CallSettings
from ..configuration.credentials import Credentials
from ..operations.exchange import Exchange, Steps
from ..operations.pipelines import (
    BufferConsumptionStrategy,
    BufferFillingStrategy,
    PipelineStart,
    VideoSource,
    command_pipeline,
    consume_result,
    get_status,
    list_pipelines,
    start_pipeline,
)
from ..operations.workflow_choice import WorkflowChoice, choose_workflow
from .core import ClientCore

__all__ = ["Pipelines"]


class Pipelines(ClientCore):
    """Starting, watching and stopping video pipelines on a server with `ENABLE_STREAM_API=True`.

    All of these give the server's JSON as a dictionary, with `status` and with `context`, which holds the
    `pipeline_id`. They raise `InvalidParameterError` for an argument that cannot be sent, `ServerVersionError` for one
    that the server's version lacks, `HTTPCallErrorError` for an error status, `HTTPServerConnectionError` when there is
    no complete answer and `InvalidResponseError` when the answer is not an object. Only listing and asking for a status
    are repeated after a failure.
    """

    def start_inference_pipeline_with_workflow(
        self,
        video_reference: VideoSource | Sequence[VideoSource],
        workflow_specification: Mapping[str, Any] | None = None,
        workspace_name: str | None = None,
        workflow_id: str | None = None,
        image_input_name: str = "image",
        workflows_parameters: Mapping[str, Any] | None = None,
        workflows_thread_pool_workers: int = 4,
        cancel_thread_pool_tasks_on_exit: bool = True,
        video_metadata_input_name: str = "video_metadata",
        max_fps: float | None = None,
        source_buffer_filling_strategy: BufferFillingStrategy | None = "DROP_OLDEST",
        source_buffer_consumption_strategy: BufferConsumptionStrategy | None = "EAGER",
        video_source_properties: Mapping[str, float | str] | None = None,
        batch_collection_timeout: float | None = None,
        results_buffer_size: int = 64,
        *,
        workflow_version_id: str | None = None,
        disable_sinks: bool = False,
        consumption_timeout: float | None = None,
        execution_engine_thread_pool_workers: int | None = None,
        decoding_buffer_size: int | None = None,
        predictions_queue_size: int | None = None,
    ) -> dict[str, Any]:
        """Start a pipeline: the server opens the video itself and runs a workflow on its frames.

        A start is never repeated after a failure: the lost answer may be that of a pipeline which runs.

        Args:
            video_reference: A file or stream address as the server sees it, the number of a camera on the server's
                machine, or a list of these.
            workflow_specification: The workflow's definition; instead of a saved workflow.
            workspace_name: Workspace of a saved workflow; goes together with `workflow_id`.
            workflow_id: Name of the saved workflow.
            image_input_name: The workflow's input that takes the frame.
            workflows_parameters: Values of the workflow's other inputs, by name.
            workflows_thread_pool_workers: Threads for the workflow's background work.
            cancel_thread_pool_tasks_on_exit: Drop background work that has not begun when the pipeline ends.
            video_metadata_input_name: The workflow's input that takes the frame's metadata.
            max_fps: Most frames per second. Default: no limit.
            source_buffer_filling_strategy: What to do with a new frame when the buffer is full. `None`: the server
                chooses by the kind of source.
            source_buffer_consumption_strategy: `"EAGER"` takes the newest frame, `"LAZY"` the oldest. `None`: the
                server chooses by the kind of source.
            video_source_properties: Properties of the capture device, by name, such as `frame_width`.
            batch_collection_timeout: Seconds to wait for a frame of every source. Default: no limit.
            results_buffer_size: Most results that wait to be consumed; older ones are dropped by the server.
            workflow_version_id: Version of the saved workflow. Default: the latest. Since server 1.0.5 at the latest
                (missing in 0.64.8).
            disable_sinks: Run without side effects: nothing is uploaded, sent or stored. Since server 1.3.10 at the
                latest (missing in 1.2.13).
            consumption_timeout: Seconds without a call of `consume_inference_pipeline_result` after which the server
                ends the pipeline, so that none is left behind by a program that died. Default: it runs on.
            execution_engine_thread_pool_workers: Threads for the workflow's steps, so how many can run side by side.
                Default: the server's, 4. Since server 1.4.1 at the latest (missing in 1.3.10).
            decoding_buffer_size: Most decoded frames of a source that wait for the workflow; fewer need less memory and
                are newer. Default: the server's, 64.
            predictions_queue_size: Most results between the workflow and the buffer of results. Default: the server's,
                512.

        Returns:
            `context["pipeline_id"]` is what the other calls take. A file that does not exist is no error here: the
            pipeline ends by itself.

        Raises:
            InvalidParameterError: No workflow or two are named, or an argument cannot be what it should.

        """
        start = PipelineStart(
            video_reference=video_reference,
            workflow=_chosen(workspace_name, workflow_id, workflow_specification, workflow_version_id),
            image_input_name=image_input_name,
            workflows_parameters=workflows_parameters,
            workflows_thread_pool_workers=workflows_thread_pool_workers,
            cancel_thread_pool_tasks_on_exit=cancel_thread_pool_tasks_on_exit,
            video_metadata_input_name=video_metadata_input_name,
            max_fps=max_fps,
            source_buffer_filling_strategy=source_buffer_filling_strategy,
            source_buffer_consumption_strategy=source_buffer_consumption_strategy,
            video_source_properties=video_source_properties,
            batch_collection_timeout=batch_collection_timeout,
            results_buffer_size=results_buffer_size,
            workflow_version_id=workflow_version_id,
            disable_sinks=disable_sinks,
            consumption_timeout=consumption_timeout,
            execution_engine_thread_pool_workers=execution_engine_thread_pool_workers,
            decoding_buffer_size=decoding_buffer_size,
            predictions_queue_size=predictions_queue_size,
        )
        return self._run(*self._pipeline_plan(lambda key: start_pipeline(key, start), start.options()))

    async def start_inference_pipeline_with_workflow_async(
        self,
        video_reference: VideoSource | Sequence[VideoSource],
        workflow_specification: Mapping[str, Any] | None = None,
        workspace_name: str | None = None,
        workflow_id: str | None = None,
        image_input_name: str = "image",
        workflows_parameters: Mapping[str, Any] | None = None,
        workflows_thread_pool_workers: int = 4,
        cancel_thread_pool_tasks_on_exit: bool = True,
        video_metadata_input_name: str = "video_metadata",
        max_fps: float | None = None,
        source_buffer_filling_strategy: BufferFillingStrategy | None = "DROP_OLDEST",
        source_buffer_consumption_strategy: BufferConsumptionStrategy | None = "EAGER",
        video_source_properties: Mapping[str, float | str] | None = None,
        batch_collection_timeout: float | None = None,
        results_buffer_size: int = 64,
        *,
        workflow_version_id: str | None = None,
        disable_sinks: bool = False,
        consumption_timeout: float | None = None,
        execution_engine_thread_pool_workers: int | None = None,
        decoding_buffer_size: int | None = None,
        predictions_queue_size: int | None = None,
    ) -> dict[str, Any]:
        """Start a pipeline under asyncio; see `start_inference_pipeline_with_workflow`."""
        start = PipelineStart(
            video_reference=video_reference,
            workflow=_chosen(workspace_name, workflow_id, workflow_specification, workflow_version_id),
            image_input_name=image_input_name,
            workflows_parameters=workflows_parameters,
            workflows_thread_pool_workers=workflows_thread_pool_workers,
            cancel_thread_pool_tasks_on_exit=cancel_thread_pool_tasks_on_exit,
            video_metadata_input_name=video_metadata_input_name,
            max_fps=max_fps,
            source_buffer_filling_strategy=source_buffer_filling_strategy,
            source_buffer_consumption_strategy=source_buffer_consumption_strategy,
            video_source_properties=video_source_properties,
            batch_collection_timeout=batch_collection_timeout,
            results_buffer_size=results_buffer_size,
            workflow_version_id=workflow_version_id,
            disable_sinks=disable_sinks,
            consumption_timeout=consumption_timeout,
            execution_engine_thread_pool_workers=execution_engine_thread_pool_workers,
            decoding_buffer_size=decoding_buffer_size,
            predictions_queue_size=predictions_queue_size,
        )
        return await self._run_async(*self._pipeline_plan(lambda key: start_pipeline(key, start), start.options()))

    def list_inference_pipelines(self) -> dict[str, Any]:
        """List the pipelines the server has, under `pipelines`: their ids. Finished ones are gone."""
        return self._run(*self._pipeline_plan(list_pipelines))

    async def list_inference_pipelines_async(self) -> dict[str, Any]:
        """List the pipelines under asyncio; see `list_inference_pipelines`."""
        return await self._run_async(*self._pipeline_plan(list_pipelines))

    def get_inference_pipeline_status(self, pipeline_id: str) -> dict[str, Any]:
        """Ask how a pipeline is doing.

        Args:
            pipeline_id: From the answer to the start, or from the list.

        Returns:
            Under `report`: throughput in frames per second, latencies in seconds, and what happened to the sources.

        """
        return self._run(*self._pipeline_plan(lambda key: get_status(key, pipeline_id)))

    async def get_inference_pipeline_status_async(self, pipeline_id: str) -> dict[str, Any]:
        """Ask how a pipeline is doing under asyncio; see `get_inference_pipeline_status`."""
        return await self._run_async(*self._pipeline_plan(lambda key: get_status(key, pipeline_id)))

    def pause_inference_pipeline(self, pipeline_id: str) -> dict[str, Any]:
        """Pause a running pipeline.

        A paused live stream goes on when it is resumed. A paused file is read to its end without being looked at.
        """
        return self._run(*self._pipeline_command_plan(pipeline_id, "pause"))

    async def pause_inference_pipeline_async(self, pipeline_id: str) -> dict[str, Any]:
        """Pause a running pipeline under asyncio; see `pause_inference_pipeline`."""
        return await self._run_async(*self._pipeline_command_plan(pipeline_id, "pause"))

    def resume_inference_pipeline(self, pipeline_id: str) -> dict[str, Any]:
        """Let a paused pipeline go on.

        A pipeline that is not paused is an error of the server.
        """
        return self._run(*self._pipeline_command_plan(pipeline_id, "resume"))

    async def resume_inference_pipeline_async(self, pipeline_id: str) -> dict[str, Any]:
        """Let a paused pipeline go on under asyncio; see `resume_inference_pipeline`."""
        return await self._run_async(*self._pipeline_command_plan(pipeline_id, "resume"))

    def terminate_inference_pipeline(self, pipeline_id: str) -> dict[str, Any]:
        """End a pipeline and free what it holds, unread results included.

        An id the server does not know is an error of the server.
        """
        return self._run(*self._pipeline_command_plan(pipeline_id, "terminate"))

    async def terminate_inference_pipeline_async(self, pipeline_id: str) -> dict[str, Any]:
        """End a pipeline under asyncio; see `terminate_inference_pipeline`."""
        return await self._run_async(*self._pipeline_command_plan(pipeline_id, "terminate"))

    def consume_inference_pipeline_result(
        self, pipeline_id: str, excluded_fields: Sequence[str] | None = None
    ) -> dict[str, Any]:
        """Take the oldest result that waits; the server gives it away once.

        Args:
            pipeline_id: From the answer to the start, or from the list.
            excluded_fields: Names of outputs to leave out of the answer.

        Returns:
            Under `outputs` one dictionary for each source (pictures as the server's base64 objects) and under
            `frames_metadata` the frames they belong to; `None` for a source without a frame. Both are empty when
            nothing waits.

        """
        return self._run(*self._pipeline_result_plan(pipeline_id, excluded_fields))

    async def consume_inference_pipeline_result_async(
        self, pipeline_id: str, excluded_fields: Sequence[str] | None = None
    ) -> dict[str, Any]:
        """Take a result under asyncio; see `consume_inference_pipeline_result`."""
        return await self._run_async(*self._pipeline_result_plan(pipeline_id, excluded_fields))

    # -- the steps, shared by both shells

    def _pipeline_plan(
        self, exchange: Callable[[Credentials], Exchange[dict[str, Any]]], options: Iterable[str] = ()
    ) -> tuple[Steps[dict[str, Any]], CallSettings]:
        settings = self._settings()
        return self._checked_call(exchange(self._credentials(settings)), options=options), settings

    def _pipeline_command_plan(
        self, pipeline_id: str, command: Literal["pause", "resume", "terminate"]
    ) -> tuple[Steps[dict[str, Any]], CallSettings]:
        return self._pipeline_plan(lambda key: command_pipeline(key, pipeline_id, command))

    def _pipeline_result_plan(
        self, pipeline_id: str, excluded_fields: Sequence[str] | None
    ) -> tuple[Steps[dict[str, Any]], CallSettings]:
        options = ("excluded_fields",) if excluded_fields else ()
        return self._pipeline_plan(lambda key: consume_result(key, pipeline_id, excluded_fields), options)


def _chosen(
    workspace_name: str | None,
    workflow_id: str | None,
    specification: Mapping[str, Any] | None,
    workflow_version_id: str | None,
) -> WorkflowChoice:
    return choose_workflow(
        workspace_name,
        workflow_id,
        specification,
        workflow_version_id=workflow_version_id,
        specification_argument="workflow_specification",
    )
