"""What can go wrong before the server answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["LaneError", "tail"]

LINES_SHOWN = 40


class LaneError(Exception):
    """The lane cannot go on; the message says why and what to do."""


def tail(log: Path, lines: int = LINES_SHOWN) -> str:
    """Return the last `lines` lines of a log, headed by its path."""
    text = log.read_text(errors="replace") if log.exists() else "(the log was never written)"
    return "\n".join([f"--- the end of {log}", *text.splitlines()[-lines:], "---"])
