"""docs/soak.md: what a run did and how it ended."""

from __future__ import annotations

import os
import platform
import textwrap
from collections import Counter
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from soaking.resources import BLOCKS_LEFT, medians_of_quarters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soaking.ledger import Account
    from soaking.outages import Outage
    from soaking.resources import Sample

__all__ = ["PAGE", "Report"]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "soak.md"
WIDTH = 120
FINDINGS_SHOWN = 20
LETTERS_SHOWN = 200
PACKAGES = ("inference-ext", "httpx", "httpcore", "httptools", "opencv-python", "numpy")
UNITS = {
    "megabytes": "memory (MB)",
    "descriptors": "descriptors",
    "threads": "threads",
    "tasks": "asyncio tasks",
    "blocks": "blocks of Python's memory",
}
INTRODUCTION = """\
# Soak

All kinds of calls at the same time, in one process, against the real server, which is killed (SIGKILL), told to end
(SIGTERM) and frozen (SIGSTOP, SIGCONT) meanwhile and started again on the same port. The clients live on through it.

```sh
{command}
```

- Every input is a picture of its own, and the server's models read the picture: an answer that is wrong, shifted,
  doubled or another input's is noticed. Every input must end in exactly one of: the right answer, an error of this
  package, or, behind the input that ended a list or stream, given up. `finished_results` of a list's error is judged
  like any answer, and must hold every input before the failed one. Some streams are left early and some lists
  cancelled; their rest counts as given up too.
- An error is accepted only from a call that overlaps an outage or the {grace:.0f} s after it, and only when it is one
  that a server causes: no connection, a timeout, a status of 500 or more. Any other error or exception is a finding,
  and so is a call that outlasts its time limits by more than {margin:.0f} s.
- Memory, descriptors, threads and tasks are sampled; of the samples after the warm-up and outside of outages, the last
  quarter must not be above the second by more than 10 % (or 25 MB, 6 descriptors, 8 threads, 15 tasks). When the
  clients are closed, there must be no thread, socket, task or descriptor more than before them, and no more than
  {blocks} blocks of Python's memory: fewer than there were inputs.

A finding ends the command with exit code 1. The page is written by the command; timings are of this one machine.
"""


@dataclass(frozen=True)
class Report:
    """A run, for people."""

    command: str
    minutes: float
    seed: int
    server_version: str
    grace: float
    margin: float
    accounts: dict[str, Account]
    outages: Sequence[Outage]
    first_sample: Sample
    quiet_samples: Sequence[Sample]
    last_sample: Sample
    """When the clients were closed."""
    number_of_findings: int
    findings: Sequence[str]

    def page(self) -> str:
        """Return the page."""
        parts = [
            INTRODUCTION.format(command=self.command, grace=self.grace, margin=self.margin, blocks=BLOCKS_LEFT),
            "## The last run\n",
            self._setting(),
            self._calls(),
            self._errors(),
            self._resources(),
            self._verdict(),
        ]
        return "\n".join(parts)

    def _setting(self) -> str:
        cores = len(os.sched_getaffinity(0))
        versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        kinds = Counter(outage.kind for outage in self.outages)
        away = {
            kind: sum(outage.ended - outage.begun for outage in self.outages if outage.kind == kind and outage.ended)
            for kind in kinds
        }
        faults = ", ".join(
            f"{count} {kind} (away for {away[kind] / count:.0f} s)" for kind, count in sorted(kinds.items())
        )
        setting = (
            f"{self.minutes:g} minutes, seed {self.seed}; {cores} cores ({_processor()}), {platform.system()}, "
            f"CPython {platform.python_version()}; {versions}; server {self.server_version} on the same cores."
        )
        return f"{textwrap.fill(setting, WIDTH)}\n\nFaults: {len(self.outages)}: {faults}.\n"

    def _calls(self) -> str:
        lines = [
            "| calls | number | inputs | right answers | errors in outages | given up | longest (s) |",
            "|---|---:|---:|---:|---:|---:|---:|",
        ]
        for kind, account in self.accounts.items():
            lines.append(_row(kind, account))
        total = Counter[str]()
        for account in self.accounts.values():
            total.update(
                calls=account.calls,
                inputs=account.inputs,
                right=account.right,
                errors=account.errors.total(),
                given_up=account.given_up,
            )
        lines.append(
            f"| **all** | {total['calls']} | {total['inputs']} | {total['right']} | {total['errors']} "
            f"| {total['given_up']} | |\n"
        )
        return "\n".join(lines)

    def _errors(self) -> str:
        errors = Counter[str]()
        for account in self.accounts.values():
            errors.update(account.errors)
        counts = ", ".join(f"{count} {name}" for name, count in errors.most_common()) or "none"
        return f"Errors by class: {counts}.\n"

    def _resources(self) -> str:
        quarters = medians_of_quarters(self.quiet_samples)
        heads = " | ".join(f"{number}. quarter" for number in range(1, len(quarters) + 1))
        lines = [
            f"| held | start | {heads} | end |",
            "|---|---:" + "|---:" * (len(quarters) + 1) + "|",
        ]
        for name, unit in UNITS.items():
            cells = [
                getattr(self.first_sample, name),
                *(quarter[name] for quarter in quarters),
                getattr(self.last_sample, name),
            ]
            lines.append(f"| {unit} | " + " | ".join(f"{cell:.0f}" for cell in cells) + " |")
        return (
            "\n".join(lines)
            + f"\n\nMedians of {len(self.quiet_samples)} samples in quiet times; the start is before the "
            "clients were made; it and\nthe end are without the memory that was freed and is kept for further calls.\n"
        )

    def _verdict(self) -> str:
        # The first line of each tells what it is; the command has printed all of it.
        shown = [f"\n- {finding.splitlines()[0][:LETTERS_SHOWN]}" for finding in self.findings[:FINDINGS_SHOWN]]
        return "\n".join([f"**Findings: {self.number_of_findings}**", *shown, ""])


def _row(kind: str, account: Account) -> str:
    return (
        f"| {kind} | {account.calls} | {account.inputs} | {account.right} | {account.errors.total()} "
        f"| {account.given_up} | {account.longest:.1f} |"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
