"""What one run of pytest reports back to the lane."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

__all__ = ["VARIABLE", "RunReport"]

VARIABLE = "INFERENCE_EXT_REAL_SERVER_REPORT"
"""The environment variable that names the file the report goes to."""


@dataclass(frozen=True)
class RunReport:
    """How many tests came to which end."""

    outcomes: dict[str, int] = field(default_factory=dict[str, int])
    """By pytest's name of the outcome: passed, failed, error, skipped."""
    left_out: dict[str, int] = field(default_factory=dict[str, int])
    """Tests that need what the server lacks, by what they need."""

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> RunReport:
        """Read it; a run that broke off before its end left none, and the report is empty."""
        return cls(**json.loads(path.read_text())) if path.exists() else cls()

    def __str__(self) -> str:
        """Give the counts in one line."""
        counts = [f"{count} {outcome}" for outcome, count in self.outcomes.items() if count]
        counts += [f"{sum(self.left_out.values())} do not apply"] if self.left_out else []
        return ", ".join(counts) or "no tests"
