"""Progress as a bar on stderr, by tqdm."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from ..errors import MissingDependencyError
from .progress import Progress, ProgressView

__all__ = ["bar_maker"]

_SWITCH = "INFERENCE_EXT_PROGRESS"


def bar_maker() -> Callable[[], ProgressView] | None:
    """Give what makes a bar; `None` when the environment variable `INFERENCE_EXT_PROGRESS` switches bars off.

    Raises:
        MissingDependencyError: The extra `progress` is not installed.

    """
    if os.environ.get(_SWITCH, "").strip().lower() in ("0", "false", "no", "off"):
        return None
    try:
        from tqdm.auto import tqdm
    except ImportError as error:
        raise MissingDependencyError(
            "a progress bar needs the extra 'progress': pip install 'inference-ext[progress]', or pass a function as "
            "progress"
        ) from error

    class QuietBar(tqdm):  # type: ignore[type-arg]  # generic for type checkers only
        # Without the thread that tqdm otherwise leaves running to redraw bars that stand still.
        monitor_interval = 0

    return lambda: _Bar(QuietBar)


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
