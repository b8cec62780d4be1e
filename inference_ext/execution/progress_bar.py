"""Progress as a bar on stderr, by tqdm."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ..errors import MissingDependencyError
from .progress import Progress, ProgressView

__all__ = ["bar_maker", "is_switched_off", "quiet_bar"]

_SWITCH = "INFERENCE_EXT_PROGRESS"


def bar_maker() -> Callable[[], ProgressView] | None:
    """Give what makes a bar; `None` when the environment variable `INFERENCE_EXT_PROGRESS` switches bars off.

    Raises:
        MissingDependencyError: The extra `progress` is not installed.

    """
    if is_switched_off():
        return None
    kind = quiet_bar()
    if kind is None:
        raise MissingDependencyError(
            "a progress bar needs the extra 'progress': pip install 'inference-ext[progress]', or pass a function as "
            "progress"
        )
    return lambda: _Bar(kind)


def is_switched_off() -> bool:
    """Whether the environment variable `INFERENCE_EXT_PROGRESS` says that no bars are wanted."""
    return os.environ.get(_SWITCH, "").strip().lower() in ("0", "false", "no", "off")


def quiet_bar() -> Callable[..., Any] | None:
    """Give tqdm's bar, the one for notebooks in a notebook; `None` when tqdm is not installed."""
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None

    class QuietBar(tqdm):  # type: ignore[type-arg]  # generic for type checkers only
        # Without the thread that tqdm otherwise leaves running to redraw bars that stand still.
        monitor_interval = 0

    return QuietBar


class _Bar:
    def __init__(self, kind: Callable[..., Any]) -> None:
        self._kind = kind
        self._bar: Any = None

    def show(self, progress: Progress) -> None:
        if self._bar is None:
            self._bar = self._kind(total=progress.total, unit="image", dynamic_ncols=True)
        bar = self._bar
        bar.total = progress.total
        if progress.failed:
            bar.set_postfix(failed=progress.failed, refresh=False)
        bar.update(progress.done - bar.n)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()
