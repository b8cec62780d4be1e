"""The one error of the pipeline."""

from __future__ import annotations

__all__ = ["SchemaError"]


class SchemaError(Exception):
    """A rule of the pipeline does not hold.

    The message names the file, the row in it, and what to do.

    Attributes:
        exit_code: What the script exits with.

    """

    def __init__(self, message: str, *, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code
