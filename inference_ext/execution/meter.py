"""Counts the finished inputs of a long call and tells whoever wants to know."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any, Self

from ..errors import InvalidParameterError
from .progress import Progress, ProgressView
from .progress_bar import bar_maker

__all__ = ["NO_METER", "Meter", "view_for"]


class _Callback:
    def __init__(self, function: Callable[..., object]) -> None:
        self._function = function

    def show(self, progress: Progress) -> None:
        self._function(progress)

    def close(self) -> None:
        pass


def view_for(option: object) -> Callable[[], ProgressView] | None:
    """Give what makes the view of one call, or `None` for no progress.

    Raises:
        InvalidParameterError: It is neither a truth value nor a function.
        MissingDependencyError: A bar is asked for, and the extra `progress` is not installed.

    """
    if option is True:
        return bar_maker()
    if option is False or option is None:
        return None
    if callable(option):
        function = option
        return lambda: _Callback(function)
    raise InvalidParameterError(
        f"progress is {type(option).__name__}: expected True, False or a function that takes a Progress"
    )


class Meter:
    """Counts finished inputs and shows them; leaving the block closes the view.

    Args:
        view: Made for this call.
        total: All inputs of the call, `None` when nobody knows.

    """

    def __init__(self, view: ProgressView, total: int | None) -> None:
        self._view = view
        self._began = time.monotonic()
        self._done = 0
        self.total = total

    def show(self, done: int, failed: int) -> None:
        """Show that so many inputs are done; nothing happens when it is known already."""
        if done != self._done:
            self._done = done
            self._view.show(Progress(done, failed, self.total, time.monotonic() - self._began))

    def __enter__(self) -> Self:
        """Give the meter."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the view."""
        self._view.close()


NO_METER: AbstractContextManager[Any] = nullcontext()
"""In the place of a meter when nobody wants to know."""
