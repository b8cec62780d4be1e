"""What the doctor finds."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from .messages import one_line

__all__ = ["Finding", "ok", "problem", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's."""

    status: Literal["ok", "warning", "problem"]
    subject: str
    found: str
    advice: str = ""
    """What to do; empty where there is nothing to do."""

    def __str__(self) -> str:
        """Give it as a line."""
        line = f"{self.status:8} {self.subject}: {one_line(self.found)}"
        return f"{line} -> {one_line(self.advice)}" if self.advice else line

    def to_dict(self) -> dict[str, str]:
        """Give the fields as a dictionary."""
        return asdict(self)


def ok(subject: str, found: str, advice: str = "") -> Finding:
    """All is well."""
    return Finding("ok", subject, found, advice)


def warning(subject: str, found: str, advice: str) -> Finding:
    """Something may be missed later."""
    return Finding("warning", subject, found, advice)


def problem(subject: str, found: str, advice: str) -> Finding:
    """Something does not work."""
    return Finding("problem", subject, found, advice)
