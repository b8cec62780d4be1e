"""Readers of answers that several core models share: JSON objects, and the bytes of NumPy files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...errors import InvalidResponseError
from ...json_types import is_object
from ..exchange import Answer
from .core_model import Split, single_answer

__all__ = ["objects", "reader_for_format"]


def objects(answer: Answer, count: int) -> Sequence[dict[str, Any]]:
    """Read one JSON object per image, whether the answer is a list or the object itself.

    Raises:
        InvalidResponseError: There are more or fewer, or something else.

    """
    results = single_answer(answer, count)
    if len(results) != count:
        raise InvalidResponseError(f"{answer.request} answered {len(results)} results for {count} images")
    for result in results:
        if not is_object(result):
            raise answer.unexpected("one JSON object per image", result)
    return results


def reader_for_format(answer_format: str) -> Split:
    """Give the reader for the form that was asked for: bytes for `"binary"`, JSON objects for everything else."""
    return _file if answer_format == "binary" else objects


def _file(answer: Answer, count: int) -> Sequence[bytes]:
    del count
    # Nothing else may pass for a file: neither a proxy's page nor JSON of a server that does not know the format.
    if answer.media_type != "application/octet-stream":
        raise InvalidResponseError(
            f"{answer.request} answered {answer.status}: expected the bytes of a NumPy file "
            f"(application/octet-stream), got {answer.media_type or 'no content type'}"
        )
    return [answer.content]
