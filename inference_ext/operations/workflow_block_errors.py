"""What the body of an error answer says about the steps of a workflow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..json_types import is_array, is_object
from ..workflow_block_errors import BlockTraceback, WorkflowBlockError

__all__ = ["read_block_errors"]


def read_block_errors(body: object, clean: Callable[[str], str]) -> tuple[WorkflowBlockError, ...]:
    """Read `blocks_errors` of an error body; whatever does not look like it is left out.

    Args:
        body: The decoded body.
        clean: Takes secrets out of a text: a definition may hold some, and the server repeats what is wrong.

    """
    entries: Any = body.get("blocks_errors") if is_object(body) else None
    if not is_array(entries):
        return ()
    return tuple(_read_error(entry, clean) for entry in entries if is_object(entry))


def _read_error(entry: dict[str, Any], clean: Callable[[str], str]) -> WorkflowBlockError:
    return WorkflowBlockError(
        block_id=_text(entry, "block_id", clean),
        block_type=_text(entry, "block_type", clean),
        block_details=_text(entry, "block_details", clean),
        property_name=_text(entry, "property_name", clean),
        property_details=_text(entry, "property_details", clean),
        block_traceback=_read_traceback(entry.get("block_traceback"), clean),
    )


def _read_traceback(entry: Any, clean: Callable[[str], str]) -> BlockTraceback | None:
    if not is_object(entry):
        return None
    line = entry.get("error_line")
    return BlockTraceback(
        traceback=_text(entry, "traceback", clean),
        error_line=line if isinstance(line, int) else None,
        code_snippet=_text(entry, "code_snippet", clean),
        stdout=_text(entry, "stdout", clean),
        stderr=_text(entry, "stderr", clean),
    )


def _text(entry: dict[str, Any], name: str, clean: Callable[[str], str]) -> str | None:
    value = entry.get(name)
    return clean(value) if isinstance(value, str) else None
