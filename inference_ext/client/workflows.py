"""Running workflows: chains of steps that the server executes in one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..caller_warnings import warn_caller
from ..configuration import CallSettings
from ..errors import InvalidParameterError
from ..operations.arguments import checked_flag
from ..operations.exchange import Steps
from ..operations.workflow_choice import choose_workflow
from ..operations.workflows import WorkflowRun, run_workflow
from ..results.profiler_trace import save_trace
from ..results.workflow_outputs import WorkflowOutputs
from .core import ClientCore

__all__ = ["Workflows"]

_DEPRECATED = "infer_from_workflow is deprecated: use run_workflow, whose argument workflow_id was workflow_name here"


class Workflows(ClientCore):
    """Running saved workflows and workflow definitions."""

    def run_workflow(
        self,
        workspace_name: str | None = None,
        workflow_id: str | None = None,
        specification: Mapping[str, Any] | None = None,
        images: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        excluded_fields: Sequence[str] | None = None,
        use_cache: bool = True,
        enable_profiling: bool = False,
        workflow_version_id: str | None = None,
        disable_sinks: bool = False,
        *,
        debug: bool = False,
    ) -> WorkflowOutputs:
        """Run a workflow once on a batch of images and parameters.

        A run that failed is repeated (`max_retries`) only when running it twice does no harm, because an answer that
        was lost does not say that nothing was sent or stored: `workflow_run_retries_enabled` must be on, and either
        `disable_sinks` is true, or the definition travels with the call and all its steps are known to do nothing
        outside the server. A saved workflow may have sinks, so it is repeated with `disable_sinks` only.

        Args:
            workspace_name: Workspace of a saved workflow, as in its URL; goes together with `workflow_id`.
            workflow_id: Name of the saved workflow, as in its URL.
            specification: The workflow's definition (`version`, `inputs`, `steps`, `outputs`); instead of a saved
                workflow.
            images: Images by input name. Each is one image in any form `infer` takes, or a list of images; lists may
                hold lists, for inputs of more dimensions. Images are sent at full size.
            parameters: Values of the other inputs, by name; anything with a JSON form.
            excluded_fields: Names of outputs to leave out of the answer.
            use_cache: Let the server use the copy of a saved workflow that it has.
            enable_profiling: Ask for a timing trace and write it to a file of its own in the configuration's
                `profiling_directory`, to be loaded in `chrome://tracing`. A server without `ENABLE_WORKFLOWS_PROFILING`
                gives an empty trace; this warns.
            workflow_version_id: Version of the saved workflow. Default: the latest. Since server 1.0.5 at the latest
                (missing in 0.64.8).
            disable_sinks: Run without side effects: nothing is uploaded, sent or stored. Since server 1.3.10 at the
                latest (missing in 1.2.13).
            debug: Ask for what custom Python blocks print and append to `debug_traces`; it is in `other_fields` of the
                outputs, under `python_blocks_output_streams` and `python_blocks_debug_traces`. Since server 1.3.10 at
                the latest (missing in 1.2.13).

        Returns:
            A list with one dictionary for each element of the batch, from output name to value; one for a single
            image. Pictures are in the form of `output_visualisation_format`: base64 text (default), a uint8 BGR array
            or a PIL image. What stood beside them is in the list's `image_metadata`, the trace in `profiler_trace` and
            its file in `trace_file`.

        Raises:
            InvalidParameterError: No workflow or two are named, an argument has the wrong type, or the profiling
                directory cannot be made.
            InvalidInputFormatError: An image cannot be read; a note on the error says which.
            ServerVersionError: The server's version lacks the call, or an option of it that was chosen.
            HTTPCallErrorError: The server answered with an error status; `blocks_errors` names the failing step.
            HTTPServerConnectionError: There was no complete answer; the workflow may have run all the same.
            InvalidResponseError: The answer is not what the call returns, or does not fit the batch.
            EncodingError: A picture in the outputs cannot be decoded.

        """
        plan = self._workflow_run_plan(
            workspace_name=workspace_name,
            workflow_id=workflow_id,
            specification=specification,
            images=images,
            parameters=parameters,
            excluded_fields=excluded_fields,
            use_cache=use_cache,
            enable_profiling=enable_profiling,
            workflow_version_id=workflow_version_id,
            disable_sinks=disable_sinks,
            legacy_route=False,
            debug=debug,
        )
        outputs = self._run(*plan)
        if enable_profiling:
            _warn(self._keep_trace(outputs, plan[1]))
        return outputs

    async def run_workflow_async(
        self,
        workspace_name: str | None = None,
        workflow_id: str | None = None,
        specification: Mapping[str, Any] | None = None,
        images: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        excluded_fields: Sequence[str] | None = None,
        use_cache: bool = True,
        enable_profiling: bool = False,
        workflow_version_id: str | None = None,
        disable_sinks: bool = False,
        *,
        debug: bool = False,
    ) -> WorkflowOutputs:
        """Run a workflow under asyncio; see `run_workflow`. Images are read and encoded in worker threads."""
        plan = self._workflow_run_plan(
            workspace_name=workspace_name,
            workflow_id=workflow_id,
            specification=specification,
            images=images,
            parameters=parameters,
            excluded_fields=excluded_fields,
            use_cache=use_cache,
            enable_profiling=enable_profiling,
            workflow_version_id=workflow_version_id,
            disable_sinks=disable_sinks,
            legacy_route=False,
            debug=debug,
        )
        outputs = await self._run_async(*plan)
        if enable_profiling:
            _warn(await self._async_engine.in_thread(self._keep_trace, outputs, plan[1]))
        return outputs

    def infer_from_workflow(
        self,
        workspace_name: str | None = None,
        workflow_name: str | None = None,
        specification: Mapping[str, Any] | None = None,
        images: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        excluded_fields: Sequence[str] | None = None,
        use_cache: bool = True,
        enable_profiling: bool = False,
        workflow_version_id: str | None = None,
        disable_sinks: bool = False,
    ) -> WorkflowOutputs:
        """Run a workflow on the routes of old servers. Deprecated: use `run_workflow`.

        The same, see `run_workflow`; its argument `workflow_id` is called `workflow_name` here.

        Warns:
            DeprecationWarning: Always.

        """
        warn_caller(_DEPRECATED, DeprecationWarning)
        plan = self._workflow_run_plan(
            workspace_name=workspace_name,
            workflow_id=workflow_name,
            specification=specification,
            images=images,
            parameters=parameters,
            excluded_fields=excluded_fields,
            use_cache=use_cache,
            enable_profiling=enable_profiling,
            workflow_version_id=workflow_version_id,
            disable_sinks=disable_sinks,
            legacy_route=True,
        )
        outputs = self._run(*plan)
        if enable_profiling:
            _warn(self._keep_trace(outputs, plan[1]))
        return outputs

    async def infer_from_workflow_async(
        self,
        workspace_name: str | None = None,
        workflow_name: str | None = None,
        specification: Mapping[str, Any] | None = None,
        images: Mapping[str, Any] | None = None,
        parameters: Mapping[str, Any] | None = None,
        excluded_fields: Sequence[str] | None = None,
        use_cache: bool = True,
        enable_profiling: bool = False,
        workflow_version_id: str | None = None,
        disable_sinks: bool = False,
    ) -> WorkflowOutputs:
        """Run a workflow on the routes of old servers under asyncio. Deprecated; see `infer_from_workflow`."""
        warn_caller(_DEPRECATED, DeprecationWarning)
        plan = self._workflow_run_plan(
            workspace_name=workspace_name,
            workflow_id=workflow_name,
            specification=specification,
            images=images,
            parameters=parameters,
            excluded_fields=excluded_fields,
            use_cache=use_cache,
            enable_profiling=enable_profiling,
            workflow_version_id=workflow_version_id,
            disable_sinks=disable_sinks,
            legacy_route=True,
        )
        outputs = await self._run_async(*plan)
        if enable_profiling:
            _warn(await self._async_engine.in_thread(self._keep_trace, outputs, plan[1]))
        return outputs

    def _workflow_run_plan(
        self,
        *,
        workspace_name: str | None,
        workflow_id: str | None,
        specification: Mapping[str, Any] | None,
        images: Mapping[str, Any] | None,
        parameters: Mapping[str, Any] | None,
        excluded_fields: Sequence[str] | None,
        use_cache: bool,
        enable_profiling: bool,
        workflow_version_id: str | None,
        disable_sinks: bool,
        legacy_route: bool,
        debug: bool = False,
    ) -> tuple[Steps[WorkflowOutputs], CallSettings]:
        settings = self._settings()
        run = WorkflowRun(
            settings=settings,
            credentials=self._credentials(settings),
            fetch=self._fetch(settings),
            workflow=choose_workflow(
                workspace_name,
                workflow_id,
                specification,
                workflow_version_id=workflow_version_id,
                id_argument="workflow_name" if legacy_route else "workflow_id",
            ),
            images={} if images is None else images,
            parameters={} if parameters is None else parameters,
            excluded_fields=excluded_fields,
            use_cache=use_cache,
            enable_profiling=enable_profiling,
            workflow_version_id=workflow_version_id,
            disable_sinks=disable_sinks,
            legacy_route=legacy_route,
            debug=checked_flag("debug", debug),
            check_server=self._compatibility.check,
        )
        return run_workflow(run), settings

    def _keep_trace(self, outputs: WorkflowOutputs, settings: CallSettings) -> str | None:
        """Write the trace of a run to a file; gives what went wrong.

        The run is over and its outputs are worth more than its trace, so nothing is raised here.
        """
        directory = settings.configuration.profiling_directory
        redact = self._execution_options(settings).secrets.redact
        try:
            outputs.trace_file = save_trace(directory, outputs.profiler_trace, redact)
        except (OSError, InvalidParameterError) as error:
            return f"the trace of the workflow run was not written ({error}); it is in profiler_trace of the outputs"
        if not outputs.profiler_trace:
            return "the server gave no trace: it hands traces out when started with ENABLE_WORKFLOWS_PROFILING=True"
        return None


def _warn(problem: str | None) -> None:
    if problem is not None:
        warn_caller(problem)
