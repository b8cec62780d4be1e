"""Files that the caller names."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import InvalidParameterError

__all__ = ["unwritable", "write_file"]


def write_file(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file whole; one that is there is replaced.

    Raises:
        InvalidParameterError: `path` is no path, or cannot be written.

    """
    try:
        Path(path).write_bytes(content)
    except (OSError, TypeError, ValueError) as error:
        raise unwritable(path, error) from error


def unwritable(path: object, error: Exception) -> InvalidParameterError:
    """Make the error for a file that cannot be written."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return InvalidParameterError(f"path: {str(path)!r} cannot be written: {reason}")
