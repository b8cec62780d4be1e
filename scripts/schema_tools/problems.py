"""Collecting everything that is wrong, so that one run names every row to edit."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["Problems"]


class Problems:
    """The errors of steps that do not need each other."""

    def __init__(self) -> None:
        self._found: list[str] = []

    @contextmanager
    def noted(self) -> Generator[None]:
        """Note the `SchemaError` that ends the block, and go on."""
        try:
            yield
        except SchemaError as error:
            self._found.append(str(error))

    def __bool__(self) -> bool:
        """Whether something was noted."""
        return bool(self._found)

    def raise_noted(self) -> None:
        """End here when something was noted.

        Raises:
            SchemaError: With every note.

        """
        if self._found:
            raise SchemaError("\n".join(self._found))
