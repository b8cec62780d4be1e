"""Decisions out of bytes, so that whatever changes the bytes changes what is tried."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

__all__ = ["Choices"]

T = TypeVar("T")


class Choices:
    """Takes decisions from the front of some bytes; when they are used up, always the first possibility."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def below(self, count: int) -> int:
        """Give a whole number from 0 to `count - 1`; a count above 256 takes two bytes."""
        number = self._byte()
        if count > 256:
            number = number << 8 | self._byte()
        return number % count

    def pick(self, options: Sequence[T]) -> T:
        """Give one of the options."""
        return options[self.below(len(options))]

    def flag(self) -> bool:
        """Give a yes or no."""
        return bool(self.below(2))

    def take(self, count: int) -> bytes:
        """Give the next bytes, fewer where there are no more."""
        taken = self._data[self._position : self._position + count]
        self._position += len(taken)
        return taken

    def rest(self) -> bytes:
        """Give all that is left."""
        return self.take(len(self._data))

    def _byte(self) -> int:
        taken = self.take(1)
        return taken[0] if taken else 0
