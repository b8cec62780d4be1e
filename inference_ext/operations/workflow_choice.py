"""Which workflow a call is about: one that is saved on the platform, or a definition that travels with the call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, cast
from urllib.parse import quote

from attrs import frozen

from ..errors import InvalidParameterError

__all__ = ["NamedWorkflow", "WorkflowChoice", "check_names", "check_specification", "choose_workflow", "path_segment"]


@frozen
class NamedWorkflow:
    """A saved workflow."""

    workspace_name: str
    workflow_id: str

    @property
    def in_path(self) -> tuple[str, str]:
        """Both names as segments of a path."""
        return path_segment("workspace_name", self.workspace_name), path_segment("workflow_id", self.workflow_id)


WorkflowChoice: TypeAlias = "NamedWorkflow | Mapping[str, Any]"
"""A saved workflow, or the definition itself."""


def choose_workflow(
    workspace_name: str | None,
    workflow_id: str | None,
    specification: Mapping[str, Any] | None,
    *,
    workflow_version_id: str | None = None,
    id_argument: str = "workflow_id",
    specification_argument: str = "specification",
) -> WorkflowChoice:
    """Find out which workflow the arguments of a call mean.

    Args:
        workspace_name: The workspace of a saved workflow.
        workflow_id: The saved workflow.
        specification: The definition itself.
        workflow_version_id: The version of the saved workflow.
        id_argument: What the call names the argument `workflow_id`, for messages.
        specification_argument: What the call names the argument `specification`, for messages.

    Raises:
        InvalidParameterError: The arguments name no workflow, more than one, or half of one.

    """
    named = f"workspace_name together with {id_argument}"
    if specification is None:
        if workspace_name is None or workflow_id is None:
            raise InvalidParameterError(f"which workflow? Pass {specification_argument}, or {named}")
        path_segment("workspace_name", workspace_name)
        path_segment(id_argument, workflow_id)
        return NamedWorkflow(workspace_name, workflow_id)
    if workspace_name is not None or workflow_id is not None:
        raise InvalidParameterError(f"two workflows: pass either {specification_argument}, or {named}")
    if workflow_version_id is not None:
        raise InvalidParameterError(
            f"workflow_version_id is about saved workflows: it has no meaning with {specification_argument}"
        )
    return check_specification(specification, specification_argument)


def check_specification(specification: object, argument: str = "specification") -> Mapping[str, Any]:
    """Give a workflow definition back, when it is one.

    Raises:
        InvalidParameterError: It is not a mapping.

    """
    if not isinstance(specification, Mapping):
        raise InvalidParameterError(
            f"{argument}: expected the workflow's definition as a dictionary, got {type(specification).__name__}"
        )
    return cast("Mapping[str, Any]", specification)


def path_segment(argument: str, value: object) -> str:
    """Give a text the form it has as one segment of a path.

    Raises:
        InvalidParameterError: It is empty, no text, or would be more or less than one segment.

    """
    if not isinstance(value, str) or not value.strip():
        raise InvalidParameterError(f"{argument}: expected a text that is not empty, got {value!r}")
    if "/" in value or value in (".", ".."):
        raise InvalidParameterError(f"{argument}: {value!r} cannot be part of a path; expected a name without '/'")
    return quote(value, safe="")


def check_names(argument: str, value: object) -> list[str] | None:
    """Give a sequence of names as a list; `None` stays `None`.

    Raises:
        InvalidParameterError: It is something else, such as one bare text.

    """
    if value is None:
        return None
    names: list[Any] = list(cast("list[Any]", value)) if isinstance(value, list | tuple | set | frozenset) else [None]
    if not all(isinstance(name, str) for name in names):
        raise InvalidParameterError(f"{argument}: expected a list of names, got {value!r}")
    return names
