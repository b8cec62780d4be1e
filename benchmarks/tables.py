"""The results as tables: Markdown that can be read in a terminal too."""

from __future__ import annotations

from collections.abc import Sequence

from .jobs import Job
from .results import CEILING, OURS, PEER, Results

__all__ = ["judged", "table", "targets_missed"]

_NOTHING = "-"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table with aligned columns; the first row is its head, columns but the first stand to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["| " + " | ".join(_cells(row, widths)) + " |" for row in rows]
    rule = "|" + "|".join(f"{'-' * (width + 1)}{':' if column else '-'}" for column, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    return [
        cell.rjust(width) if column else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]


def judged(jobs: Sequence[Job], results: Results) -> str:
    """Everything there is to say about the jobs that were run: targets, times, and what they cost."""
    run = [job for job in jobs if job.name in results.runs]
    names = "\n".join(f"- `{job.name}`: {job.what}" for job in run)
    return "\n\n".join([names, _targets(run, results), _times(run, results), _costs(run, results)])


def targets_missed(jobs: Sequence[Job], results: Results) -> list[str]:
    """The targets that were judged and not met, in words."""
    judged_ones = [(job.name, target.judge(job.name, results)) for job in jobs for target in job.targets]
    return [f"{name}: {one.target}, measured {one.measured}" for name, one in judged_ones if one.met is False]


def _targets(jobs: Sequence[Job], results: Results) -> str:
    rows = [["job", "target", "measured", "met"]]
    for job in jobs:
        for target in job.targets:
            verdict = target.judge(job.name, results)
            met = {True: "yes", False: "**no**", None: _NOTHING}[verdict.met]
            rows.append([f"`{job.name}`", verdict.target, verdict.measured or _NOTHING, met])
    return table(rows)


def _times(jobs: Sequence[Job], results: Results) -> str:
    head = ["job", "peer s", "ours s", "ratio", "ceiling s", "of ceiling", "possible"]
    rows = [[*head, "peer CPU ms", "ours CPU ms", "ratio", "ceiling CPU ms"]]
    for job in jobs:
        name = job.name
        rows.append(
            [
                f"`{name}`",
                _shown(results.median(name, PEER, "wall"), "{:.3f}"),
                _shown(results.median(name, OURS, "wall"), "{:.3f}"),
                _shown(results.ratio(name, "wall", PEER, OURS), "{:.1f}x"),
                _shown(results.median(name, CEILING, "wall"), "{:.3f}"),
                _shown(results.ratio(name, "wall", CEILING, OURS), "{:.0%}"),
                _shown(results.ratio(name, "wall", PEER, CEILING), "{:.1f}x"),
                _shown(results.median(name, PEER, "cpu"), "{:.2f}"),
                _shown(results.median(name, OURS, "cpu"), "{:.2f}"),
                _shown(results.ratio(name, "cpu", PEER, OURS), "{:.1f}x"),
                _shown(results.median(name, CEILING, "cpu"), "{:.2f}"),
            ]
        )
    return table(rows)


def _costs(jobs: Sequence[Job], results: Results) -> str:
    head = ["job", "connections", "requests", "in flight", "memory MB", "peak MB", "lag ms p95", "lag ms worst"]
    rows = [[*head, "fidelity dB", "server CPU ms"]]
    for job in jobs:

        def both(figure: str, shown: str, name: str = job.name) -> str:
            values = [_shown(results.median(name, client, figure), shown) for client in (PEER, OURS)]
            return _NOTHING if values == [_NOTHING, _NOTHING] else " / ".join(values)

        rows.append(
            [
                f"`{job.name}`",
                both("connections", "{:.0f}"),
                both("requests", "{:.0f}"),
                both("most_in_flight", "{:.0f}"),
                both("memory", "{:.1f}"),
                both("peak", "{:.0f}"),
                both("lag_p95", "{:.1f}"),
                both("lag_worst", "{:.1f}"),
                both("fidelity", "{:.1f}"),
                both("server_cpu", "{:.2f}"),
            ]
        )
    return table(rows)


def _shown(value: float | None, how: str) -> str:
    return _NOTHING if value is None else how.format(value)
