"""How far a run is, and its messages, on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from ..errors import MissingDependencyError
from ..execution.progress_bar import is_switched_off, quiet_bar
from .messages import PROGRAM, one_line, report

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["RunReport"]


class RunReport:
    """A bar, if wanted, and single lines that do not disturb it; counts what failed.

    Args:
        show_bar: Show a bar; `None` for where standard error is a terminal, unless the environment variable
            `INFERENCE_EXT_PROGRESS` is 0.

    Raises:
        MissingDependencyError: A bar is asked for and tqdm is not installed.

    """

    def __init__(self, *, show_bar: bool | None) -> None:
        self.done: int = 0
        self.failed: int = 0
        self.skipped: int = 0
        self._bar: Any = None
        is_usual = sys.stderr.isatty() and not is_switched_off()
        self._make_bar = quiet_bar() if (is_usual if show_bar is None else show_bar) else None
        if show_bar and self._make_bar is None:
            raise MissingDependencyError("--progress needs tqdm: pip install 'inference-ext[cli]'")

    def __enter__(self) -> RunReport:
        """Give the report itself; leaving the block takes the bar away."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Leave the bar as it is and go to the next line."""
        if self._bar is not None:
            self._bar.close()

    def begin(self, total: int | None, skipped: int) -> None:
        """Show the bar.

        Args:
            total: How many images there are to do; `None` when it is not known.
            skipped: How many are there already.

        """
        self.skipped = skipped
        if self._make_bar is not None:
            self._bar = self._make_bar(total=total, unit="image", file=sys.stderr, dynamic_ncols=True)

    def succeed(self) -> None:
        """Count an image or frame that is done."""
        self.done += 1
        self._advance()

    def fail(self, *texts: str) -> None:
        """Count an image or frame that failed, and say why, a line for each text."""
        self.failed += 1
        for text in texts:
            self.say(f"error: {text}")
        self._advance()

    def fail_beside(self, text: str) -> None:
        """Count a failure that is not one of the images `begin` was told of, and say what it is."""
        self.failed += 1
        self.say(f"error: {text}")

    def _advance(self) -> None:
        if self._bar is not None:
            if self.failed:
                self._bar.set_postfix(failed=self.failed, refresh=False)
            self._bar.update()

    def say(self, text: str) -> None:
        """Say something in one line."""
        if self._bar is None:
            report(text)
        else:
            self._bar.write(f"{PROGRAM}: {one_line(text)}", file=sys.stderr)

    def sum_up(self) -> None:
        """Say how many images there were, unless every one is done now."""
        parts = [f"{self.done} done"]
        parts += [f"{self.failed} failed"] if self.failed else []
        parts += [f"{self.skipped} there already"] if self.skipped else []
        if len(parts) > 1:
            self.say(", ".join(parts))
