"""Running workflows: chains of steps that the server executes in one request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, cast

from attrs import field, frozen

from ..configuration import CallSettings, InferenceConfiguration
from ..configuration.credentials import Credentials
from ..configuration.wire_names import billing_query
from ..errors import HTTPClientError, InvalidParameterError, InvalidResponseError
from ..images import Fetch, is_image_list, prepare_image
from ..json_types import is_array, is_object
from ..results.profiler_trace import make_trace_folder
from ..results.workflow_outputs import WorkflowOutputs, present_outputs
from .exchange import Answer, Exchange, PreparedRequest, Steps
from .image_options import image_options
from .json_body import JSON_MEDIA_TYPE, ImageSlots
from .repeatable_steps import has_only_harmless_steps
from .server_check import ServerCheck, chosen_options, no_server_check
from .single_job import call_job
from .workflow_choice import NamedWorkflow, WorkflowChoice, check_names

__all__ = ["WorkflowRun", "run_workflow"]

#: What is sent when the caller chooses nothing.
_UNASKED = {"use_cache": True, "enable_profiling": False}


@frozen
class WorkflowRun:
    """One run of a workflow: what the caller asked for, and everything it is sent with."""

    settings: CallSettings
    credentials: Credentials
    fetch: Fetch
    workflow: WorkflowChoice
    images: Mapping[str, Any] = field(factory=dict[str, Any])
    parameters: Mapping[str, Any] = field(factory=dict[str, Any])
    excluded_fields: Sequence[str] | None = None
    use_cache: bool = True
    enable_profiling: bool = False
    workflow_version_id: str | None = None
    disable_sinks: bool = False
    legacy_route: bool = False
    """Use the routes under `/infer/workflows`, which old servers have."""

    check_server: ServerCheck = no_server_check
    """Refuses what the server's version cannot serve."""

    debug: bool = False
    """Ask for what custom Python blocks print."""

    def __attrs_post_init__(self) -> None:
        """Check what can be checked before anything is read or sent."""
        for argument, value in (("images", self.images), ("parameters", self.parameters)):
            if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
                raise InvalidParameterError(
                    f"{argument}: expected a dictionary from input names to values, got {type(value).__name__}"
                )
        if both := sorted(set(self.images) & set(self.parameters)):
            raise InvalidParameterError(f"{', '.join(both)}: one input cannot be both in images and in parameters")
        check_names("excluded_fields", self.excluded_fields)

    @property
    def configuration(self) -> InferenceConfiguration:
        """The settings of the call."""
        return self.settings.configuration

    @property
    def path(self) -> str:
        """The route."""
        if isinstance(self.workflow, NamedWorkflow):
            workspace, workflow = self.workflow.in_path
            if self.legacy_route:
                return f"/infer/workflows/{workspace}/{workflow}"
            return f"/{workspace}/workflows/{workflow}"
        return "/infer/workflows" if self.legacy_route else "/workflows/run"

    @property
    def route(self) -> str:
        """Method and path of the route; a saved workflow's with the names of its parameters."""
        if not isinstance(self.workflow, NamedWorkflow):
            return f"POST {self.path}"
        if self.legacy_route:
            return "POST /infer/workflows/{workspace_name}/{workflow_id}"
        return "POST /{workspace_name}/workflows/{workflow_id}"

    @property
    def options(self) -> dict[str, Any]:
        """The fields of the body that a run can be without; `None` is not sent."""
        return {
            "use_cache": self.use_cache,
            "enable_profiling": self.enable_profiling,
            "disable_sinks": True if self.disable_sinks else None,
            "debug": True if self.debug else None,
            "excluded_fields": check_names("excluded_fields", self.excluded_fields),
            "workflow_version_id": self.workflow_version_id,
        }

    @property
    def is_repeatable(self) -> bool:
        """Whether running it twice does no harm: a lost answer does not say that the run did not happen.

        The steps of a saved workflow are not known here, so it may have sinks.
        """
        if not self.configuration.workflow_run_retries_enabled:
            return False
        if self.disable_sinks:
            return True
        return not isinstance(self.workflow, NamedWorkflow) and has_only_harmless_steps(self.workflow)


def run_workflow(run: WorkflowRun) -> Steps[WorkflowOutputs]:
    """Run a workflow once; images are read and encoded in the job, which engines run in worker threads.

    Raises:
        ServerVersionError: The server's version lacks the route or an option that was chosen.

    """
    sent = {**run.options, **dict(billing_query(run.configuration))}
    yield from run.check_server(run.route, chosen_options(sent, _UNASKED))
    return cast("WorkflowOutputs", (yield from call_job(partial(_exchange, run))))


def _exchange(run: WorkflowRun) -> Exchange[Sequence[WorkflowOutputs]]:
    if run.enable_profiling:
        # Before the run and not after it: a folder that cannot be made must not cost a run.
        make_trace_folder(run.configuration.profiling_directory)
    slots = ImageSlots()
    images = {name: _place(value, (name,), slots, run) for name, value in run.images.items()}
    named = isinstance(run.workflow, NamedWorkflow)
    body: dict[str, Any] = {
        **run.credentials.in_place(),
        **run.options,
        "inputs": {**images, **run.parameters},
        "specification": None if named else run.workflow,
    }
    request = PreparedRequest(
        "POST",
        run.path,
        query=[*_labels(run.configuration), *billing_query(run.configuration)],
        headers=run.credentials.in_headers(),
        content=slots.fill({name: value for name, value in body.items() if value is not None}),
        media_type=JSON_MEDIA_TYPE,
        repeatable=run.is_repeatable,
    )
    return Exchange(request, partial(_read, run=run))


def _labels(configuration: InferenceConfiguration) -> list[tuple[str, str]]:
    labels = (("source", configuration.source), ("source_info", configuration.source_info))
    return [(name, value) for name, value in labels if value is not None]


def _place(value: Any, path: tuple[str | int, ...], slots: ImageSlots, run: WorkflowRun) -> Any:
    """Give the wire form of an image or of a batch of them; the nesting stays as the caller made it."""
    if is_image_list(value):
        return [_place(inner, (*path, index), slots, run) for index, inner in enumerate(value)]
    try:
        return slots.place(prepare_image(value, image_options(run.configuration, is_only_request=True), run.fetch))
    except HTTPClientError as error:
        error.add_note(f"This is images{''.join(f'[{step!r}]' for step in path)} of the workflow.")
        raise


# -- the answer


def _read(answer: Answer, *, run: WorkflowRun) -> Sequence[WorkflowOutputs]:
    body = answer.json_object()
    outputs = body.pop("outputs", None)
    trace = body.pop("profiler_trace", None)
    if not is_array(outputs) or not all(is_object(output) for output in outputs):
        raise answer.unexpected("an object with 'outputs', a list of objects", outputs)
    _check_count(answer, len(outputs), run)
    presented = present_outputs(outputs, run.configuration.output_visualisation_format)
    presented.profiler_trace = _as_list(trace, answer)
    presented.other_fields = body
    return [presented]


def _check_count(answer: Answer, count: int, run: WorkflowRun) -> None:
    """Compare the number of outputs with the size of the batch that was sent.

    One output for a batch is right as well: a workflow may join a batch into one.
    """
    if any(isinstance(value, list | tuple) for value in run.parameters.values()):
        return  # such a parameter may be a batch of its own
    expected = {1, *(len(value) for value in run.images.values() if is_image_list(value))}
    if count not in expected:
        wanted = " or ".join(str(size) for size in sorted(expected))
        raise InvalidResponseError(
            f"{answer.request} answered {answer.status}: expected {wanted} outputs for the images that were sent, "
            f"got {count}"
        )


def _as_list(trace: Any, answer: Answer) -> list[Any]:
    if trace is None:
        return []
    if not is_array(trace):
        raise answer.unexpected("a list under 'profiler_trace'", trace)
    return trace
