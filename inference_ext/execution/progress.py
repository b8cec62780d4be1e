"""How far a long call has come: what a callback or a view is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from attrs import frozen

__all__ = ["Progress", "ProgressOption", "ProgressView"]


@frozen
class Progress:
    """How far a call about many inputs has come."""

    done: int
    """Inputs that are finished, failed ones included."""

    failed: int
    """Inputs that failed; above 0 only with `on_error="return"`, or when the call is about to raise."""

    total: int | None
    """All inputs of the call; `None` when nobody knows (a camera, a stream, a video without an index)."""

    seconds: float
    """Time since the call began to work on them."""


ProgressOption: TypeAlias = bool | Callable[[Progress], object]
"""`True` for a bar on stderr, `False` for none, or a function that is told after every input."""


class ProgressView(Protocol):
    """Shows progress to somebody."""

    def show(self, progress: Progress) -> None:
        """Show the state; called in the thread or task of the call, in order."""
        ...

    def close(self) -> None:
        """End; there is nothing more to show."""
        ...
