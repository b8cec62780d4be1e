"""What a server can run: whether a workflow is valid, what goes in and out, which blocks there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from ..configuration.credentials import Credentials
from ..errors import InvalidParameterError
from ..json_types import is_array
from .exchange import Answer, Exchange, PreparedRequest
from .json_body import JSON_MEDIA_TYPE, json_content
from .workflow_choice import NamedWorkflow, WorkflowChoice

if TYPE_CHECKING:
    from ..results.workflow_descriptions import WorkflowBlocks, WorkflowInterface, WorkflowValidation

__all__ = ["describe_blocks", "describe_interface", "get_engine_versions", "validate_workflow"]


def validate_workflow(credentials: Credentials, specification: Mapping[str, Any]) -> Exchange[WorkflowValidation]:
    """Describe `POST /workflows/validate`; the body is the definition, so the key travels in the query."""
    request = PreparedRequest(
        "POST",
        "/workflows/validate",
        query=tuple(credentials.in_place().items()),
        headers=credentials.in_headers(),
        content=json_content(specification),
        media_type=JSON_MEDIA_TYPE,
    )
    return Exchange(request, _read_validation)


def describe_interface(
    credentials: Credentials, workflow: WorkflowChoice, *, use_cache: bool, workflow_version_id: str | None
) -> Exchange[WorkflowInterface]:
    """Describe `POST .../describe_interface`."""
    fields: dict[str, Any]
    if isinstance(workflow, NamedWorkflow):
        workspace, workflow_id = workflow.in_path
        path = f"/{workspace}/workflows/{workflow_id}/describe_interface"
        fields = {"use_cache": use_cache, "workflow_version_id": workflow_version_id}
    else:
        path = "/workflows/describe_interface"
        fields = {"specification": workflow}
    return Exchange(_post(credentials, path, fields), _read_interface)


def describe_blocks(
    credentials: Credentials,
    execution_engine_version: str | None,
    dynamic_blocks_definitions: Sequence[Mapping[str, Any]] | None,
) -> Exchange[WorkflowBlocks]:
    """Describe `POST /workflows/blocks/describe`."""
    fields = {
        "execution_engine_version": execution_engine_version,
        "dynamic_blocks_definitions": _definitions(dynamic_blocks_definitions),
    }
    request = _post(credentials, "/workflows/blocks/describe", fields)
    return Exchange(request, _read_blocks)


def _definitions(definitions: object) -> list[Any] | None:
    if definitions is None:
        return None
    given = type(definitions).__name__
    listed = list(cast("list[Any]", definitions)) if isinstance(definitions, list | tuple) else [None]
    if not all(isinstance(block, Mapping) for block in listed):
        raise InvalidParameterError(f"dynamic_blocks_definitions: expected a list of dictionaries, got {given}")
    return listed


def get_engine_versions(credentials: Credentials) -> Exchange[list[str]]:
    """Describe `GET /workflows/execution_engine/versions`."""
    request = PreparedRequest(
        "GET",
        "/workflows/execution_engine/versions",
        query=tuple(credentials.in_place().items()),
        headers=credentials.in_headers(),
    )
    return Exchange(request, _read_versions)


def _read_versions(answer: Answer) -> list[str]:
    versions = answer.json_object().get("versions")
    if not is_array(versions) or not all(isinstance(version, str) for version in versions):
        raise answer.unexpected("an object with 'versions', a list of texts", versions)
    return versions


def _post(credentials: Credentials, path: str, fields: Mapping[str, Any]) -> PreparedRequest:
    body = {**credentials.in_place(), **fields}
    return PreparedRequest(
        "POST",
        path,
        headers=credentials.in_headers(),
        content=json_content({name: value for name, value in body.items() if value is not None}),
        media_type=JSON_MEDIA_TYPE,
    )


# The descriptions are classes of the generated layer, which is loaded when one is read.


def _read_validation(answer: Answer) -> WorkflowValidation:
    from ..results.workflow_descriptions import read_validation

    return read_validation(answer.json_object())


def _read_interface(answer: Answer) -> WorkflowInterface:
    from ..results.workflow_descriptions import read_interface

    return read_interface(answer.json_object())


def _read_blocks(answer: Answer) -> WorkflowBlocks:
    from ..results.workflow_descriptions import read_blocks

    return read_blocks(answer.json_object())
