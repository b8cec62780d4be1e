"""Finding out what a server can run: is a workflow valid, what goes in and out, which blocks there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ..configuration import CallSettings
from ..configuration.credentials import Credentials
from ..operations.exchange import Exchange, Steps
from ..operations.server_check import chosen_options
from ..operations.workflow_choice import NamedWorkflow, WorkflowChoice, check_specification, choose_workflow
from ..operations.workflow_discovery import (
    describe_blocks,
    describe_interface,
    get_engine_versions,
    validate_workflow,
)
from .core import ClientCore

if TYPE_CHECKING:
    from ..results.workflow_descriptions import WorkflowBlocks, WorkflowInterface, WorkflowValidation

__all__ = ["WorkflowDiscovery"]

R = TypeVar("R")

_INTERFACE_OF_SAVED = "POST /{workspace_name}/workflows/{workflow_id}/describe_interface"


class WorkflowDiscovery(ClientCore):
    """Questions about workflows that run nothing.

    All of them raise `ServerVersionError` when the server's version lacks the call or an option of it,
    `HTTPCallErrorError` for an error status, `HTTPServerConnectionError` when there is no complete answer, and
    `InvalidResponseError` when the answer is not what the call returns.
    """

    def validate_workflow(self, specification: Mapping[str, Any]) -> WorkflowValidation:
        """Check a workflow definition by compiling it on the server.

        Args:
            specification: The definition: `version`, `inputs`, `steps` and `outputs`.

        Returns:
            A result whose `status` is `"ok"`.

        Raises:
            InvalidParameterError: `specification` is not a dictionary.
            HTTPCallErrorError: The definition is not valid (status 400); the message says what is wrong with it, and
                `blocks_errors` with which step.

        """
        return self._run(*self._workflow_validation_plan(specification))

    async def validate_workflow_async(self, specification: Mapping[str, Any]) -> WorkflowValidation:
        """Check a workflow definition under asyncio; see `validate_workflow`."""
        return await self._run_async(*self._workflow_validation_plan(specification))

    def describe_workflow_interface(
        self,
        workspace_name: str | None = None,
        workflow_id: str | None = None,
        specification: Mapping[str, Any] | None = None,
        use_cache: bool = True,
        workflow_version_id: str | None = None,
    ) -> WorkflowInterface:
        """Describe what goes into a workflow and what comes out. The server wants an API key for this, any key.

        Args:
            workspace_name: Workspace of a saved workflow; goes together with `workflow_id`.
            workflow_id: Name of the saved workflow.
            specification: The definition itself; instead of a saved workflow.
            use_cache: Let the server use the copy of a saved workflow that it has.
            workflow_version_id: Version of the saved workflow. Default: the latest. Since server 1.0.5 at the latest
                (missing in 0.64.8).

        Returns:
            `inputs` and `outputs` with the names of their kinds; for each kind its Python type in `typing_hints` and
            its schema in `kinds_schemas`.

        Raises:
            InvalidParameterError: No workflow or two are named.

        """
        plan = self._workflow_interface_plan(workspace_name, workflow_id, specification, use_cache, workflow_version_id)
        return self._run(*plan)

    async def describe_workflow_interface_async(
        self,
        workspace_name: str | None = None,
        workflow_id: str | None = None,
        specification: Mapping[str, Any] | None = None,
        use_cache: bool = True,
        workflow_version_id: str | None = None,
    ) -> WorkflowInterface:
        """Describe a workflow's inputs and outputs under asyncio; see `describe_workflow_interface`."""
        plan = self._workflow_interface_plan(workspace_name, workflow_id, specification, use_cache, workflow_version_id)
        return await self._run_async(*plan)

    def describe_workflow_blocks(
        self,
        execution_engine_version: str | None = None,
        dynamic_blocks_definitions: Sequence[Mapping[str, Any]] | None = None,
    ) -> WorkflowBlocks:
        """Describe every block that a workflow on this server can use as a step. The answer has some 12 MB.

        Args:
            execution_engine_version: Only blocks that work with this version, such as `1.4.0`. Default: all blocks.
            dynamic_blocks_definitions: Custom Python blocks to describe along with the server's own.

        Returns:
            `blocks`, each with the schema of its step and its outputs; `declared_kinds`; and which values fit where.

        Raises:
            InvalidParameterError: `dynamic_blocks_definitions` is not a list of dictionaries.

        """
        return self._run(*self._workflow_blocks_plan(execution_engine_version, dynamic_blocks_definitions))

    async def describe_workflow_blocks_async(
        self,
        execution_engine_version: str | None = None,
        dynamic_blocks_definitions: Sequence[Mapping[str, Any]] | None = None,
    ) -> WorkflowBlocks:
        """Describe the server's blocks under asyncio; see `describe_workflow_blocks`."""
        return await self._run_async(*self._workflow_blocks_plan(execution_engine_version, dynamic_blocks_definitions))

    def get_workflow_execution_engine_versions(self) -> list[str]:
        """Give the versions of the workflow engine that the server can run, such as `["1.17.0"]`."""
        return self._run(*self._workflow_question(get_engine_versions))

    async def get_workflow_execution_engine_versions_async(self) -> list[str]:
        """Give the engine's versions under asyncio; see `get_workflow_execution_engine_versions`."""
        return await self._run_async(*self._workflow_question(get_engine_versions))

    # -- the steps, shared by both shells

    def _workflow_question(
        self,
        exchange: Callable[[Credentials], Exchange[R]],
        *,
        route: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> tuple[Steps[R], CallSettings]:
        settings = self._settings()
        steps = self._checked_call(
            exchange(self._credentials(settings)), route=route, options=chosen_options(options or {}, {})
        )
        return steps, settings

    def _workflow_validation_plan(
        self, specification: Mapping[str, Any]
    ) -> tuple[Steps[WorkflowValidation], CallSettings]:
        checked = check_specification(specification)
        return self._workflow_question(lambda key: validate_workflow(key, checked))

    def _workflow_interface_plan(
        self,
        workspace_name: str | None,
        workflow_id: str | None,
        specification: Mapping[str, Any] | None,
        use_cache: bool,
        workflow_version_id: str | None,
    ) -> tuple[Steps[WorkflowInterface], CallSettings]:
        workflow: WorkflowChoice = choose_workflow(
            workspace_name, workflow_id, specification, workflow_version_id=workflow_version_id
        )
        return self._workflow_question(
            lambda key: describe_interface(key, workflow, use_cache=use_cache, workflow_version_id=workflow_version_id),
            route=_INTERFACE_OF_SAVED if isinstance(workflow, NamedWorkflow) else None,
            options={"use_cache": None if use_cache else False, "workflow_version_id": workflow_version_id},
        )

    def _workflow_blocks_plan(
        self, version: str | None, definitions: Sequence[Mapping[str, Any]] | None
    ) -> tuple[Steps[WorkflowBlocks], CallSettings]:
        return self._workflow_question(
            lambda key: describe_blocks(key, version, definitions),
            options={"execution_engine_version": version, "dynamic_blocks_definitions": definitions},
        )
