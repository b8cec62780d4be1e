"""Texts that must not be seen: an API key, a service secret."""

from __future__ import annotations

__all__ = ["SecretText"]


class SecretText(str):
    """Text that is not shown where a value's `repr` is: in a dictionary, a dataclass, a crash report's variables."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Give three stars, as a text."""
        return "'***'"
