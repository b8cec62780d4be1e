"""What a server says about workflows, as objects an IDE knows: the generated models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, Self, TypeVar

from ..errors import InvalidResponseError
from ..generated_api import DescribeInterfaceResponse, WorkflowsBlocksDescription, WorkflowValidationStatus

__all__ = [
    "WorkflowBlocks",
    "WorkflowInterface",
    "WorkflowValidation",
    "read_blocks",
    "read_interface",
    "read_validation",
]


class WorkflowValidation(WorkflowValidationStatus):
    """A workflow definition that compiles: `status` is `"ok"`."""

    __slots__ = ()


class WorkflowInterface(DescribeInterfaceResponse):
    """A workflow's `inputs` and `outputs` with their kinds, and how values of these kinds look in JSON."""

    __slots__ = ()


class WorkflowBlocks(WorkflowsBlocksDescription):
    """The `blocks` a workflow on the server can use as steps, and which values they exchange."""

    __slots__ = ()


def read_validation(body: Mapping[str, Any]) -> WorkflowValidation:
    """Read the answer about a definition that is valid.

    Raises:
        InvalidResponseError: It is not that.

    """
    return _read(WorkflowValidation, body)


def read_interface(body: Mapping[str, Any]) -> WorkflowInterface:
    """Read a workflow's interface; raises like `read_validation`."""
    return _read(WorkflowInterface, body)


def read_blocks(body: Mapping[str, Any]) -> WorkflowBlocks:
    """Read the description of a server's blocks; raises like `read_validation`."""
    return _read(WorkflowBlocks, body)


class _Readable(Protocol):
    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self: ...


Model = TypeVar("Model", bound=_Readable)


def _read(model: type[Model], body: Mapping[str, Any]) -> Model:
    try:
        return model.from_dict(body)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InvalidResponseError(
            f"the answer is not a {model.__name__} ({type(error).__name__}: {str(error)[:200]}): "
            "is the server older than 1.8?"
        ) from error
