"""What a server says is wrong with the steps of a workflow; values that an error carries, no exceptions."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["BlockTraceback", "WorkflowBlockError"]


class BlockTraceback(NamedTuple):
    """How the Python code of a workflow's block failed."""

    traceback: str | None = None
    """Python's own account of the failure, frame by frame."""

    error_line: int | None = None
    """Line of the block's code, from 1."""

    code_snippet: str | None = None
    """The block's code around that line."""

    stdout: str | None = None
    """What the code wrote to standard output."""

    stderr: str | None = None
    """What the code wrote to standard error."""


class WorkflowBlockError(NamedTuple):
    """What is wrong with one step of a workflow; `HTTPCallErrorError.blocks_errors` holds them."""

    block_id: str | None = None
    """Name of the step."""

    block_type: str | None = None
    """Type of its block, such as `roboflow_core/crop@v1`."""

    block_details: str | None = None
    """What is wrong with the step as a whole."""

    property_name: str | None = None
    """The step's property that is not acceptable."""

    property_details: str | None = None
    """Why it is not."""

    block_traceback: BlockTraceback | None = None
    """For blocks of Python code that the workflow brought along."""
