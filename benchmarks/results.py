"""The figures of all runs, and what the pairs say."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from statistics import median

__all__ = ["CEILING", "OURS", "PEER", "Results", "Run"]

OURS = "inference_ext"
PEER = "inference_sdk"
CEILING = "ceiling"

Run = dict[str, float]
"""The figures of one run by name; a figure that does not apply is missing.

`wall` s; `cpu` ms per image; `memory` MB at most beyond what was held before, `working` without the results
in it, `peak` MB in all; `lag_worst`, `lag_p95` ms;
`connections`, `requests`, `most_in_flight`; `server_cpu` ms per request; `fidelity` dB; `in_order` 1 or 0.
"""


class Results:
    """All runs, by job and client, in the order in which they were made: equal positions are pairs."""

    def __init__(self) -> None:
        self.runs: dict[str, dict[str, list[Run]]] = {}

    def add(self, job: str, client: str, run: Run) -> None:
        """Note a run."""
        self.runs.setdefault(job, {}).setdefault(client, []).append(run)

    def median(self, job: str, client: str, figure: str) -> float | None:
        """The median of a figure; `None` when no run has it."""
        values = [run[figure] for run in self._of(job, client) if figure in run]
        return median(values) if values else None

    def ratio(self, job: str, figure: str, above: str, below: str) -> float | None:
        """The median of the pairs' ratios of a figure; `None` without pairs."""
        return self._of_pairs(job, figure, above, below, lambda first, second: first / max(second, 1e-9))

    def difference(self, job: str, figure: str, first: str, second: str) -> float | None:
        """The median of the pairs' differences of a figure; `None` without pairs."""
        return self._of_pairs(job, figure, first, second, lambda one, other: one - other)

    def write(self, path: Path) -> None:
        """Keep all runs in a JSON file."""
        path.write_text(json.dumps(self.runs, indent=1), encoding="utf-8")

    def _of(self, job: str, client: str) -> list[Run]:
        return self.runs.get(job, {}).get(client, [])

    def _of_pairs(
        self, job: str, figure: str, first: str, second: str, compare: Callable[[float, float], float]
    ) -> float | None:
        pairs = zip(self._of(job, first), self._of(job, second), strict=False)
        values = [compare(one[figure], other[figure]) for one, other in pairs if figure in one and figure in other]
        return median(values) if values else None
