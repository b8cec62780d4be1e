"""Targets and whether medians of paired runs meet them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from .results import CEILING, OURS, PEER, Results

__all__ = ["AtLeastPeer", "AtMost", "CeilingShare", "Flat", "Lighter", "Ratio", "Target", "Verdict"]


@dataclass(frozen=True)
class Verdict:
    """How one target was met."""

    target: str
    """The target in words, such as `wall 3x`."""

    measured: str
    met: bool | None
    """`None` when what it compares with was not run."""


class Target(Protocol):
    """Something a job has to reach."""

    def judge(self, job: str, results: Results) -> Verdict:
        """Compare with what was measured."""
        ...


@dataclass(frozen=True)
class Ratio:
    """The peer takes at least so many times what we take."""

    figure: str
    least: float

    def judge(self, job: str, results: Results) -> Verdict:
        """Take the median of the pairs' ratios."""
        ratio = results.ratio(job, self.figure, PEER, OURS)
        return _verdict(f"{self.figure} {self.least:g}x", ratio, "{:.1f}x", lambda value: value >= self.least)


@dataclass(frozen=True)
class CeilingShare:
    """We reach at least this share of the minimal client's speed."""

    least: float

    def judge(self, job: str, results: Results) -> Verdict:
        """Take the median of the pairs' ratios."""
        share = results.ratio(job, "wall", CEILING, OURS)
        return _verdict(f"{self.least:.0%} of the ceiling", share, "{:.0%}", lambda value: value >= self.least)


@dataclass(frozen=True)
class AtMost:
    """Our figure does not exceed a limit."""

    figure: str
    limit: float

    def judge(self, job: str, results: Results) -> Verdict:
        """Take the median of our runs."""
        value = results.median(job, OURS, self.figure)
        return _verdict(f"{self.figure} <= {self.limit:g}", value, "{:.1f}", lambda value: value <= self.limit)


@dataclass(frozen=True)
class AtLeastPeer:
    """Our figure, where more is better, is no less than the peer's."""

    figure: str

    def judge(self, job: str, results: Results) -> Verdict:
        """Take the median of the pairs' differences."""
        difference = results.difference(job, self.figure, OURS, PEER)
        return _verdict(f"{self.figure} >= peer", difference, "{:+.1f}", lambda value: value >= 0)


@dataclass(frozen=True)
class Lighter:
    """We take less by so many megabytes."""

    figure: str
    least: float

    def judge(self, job: str, results: Results) -> Verdict:
        """Take the median of the pairs' differences."""
        difference = results.difference(job, self.figure, PEER, OURS)
        words = f"{self.figure} {self.least:g} MB less"
        return _verdict(words, difference, "{:.0f} MB less", lambda value: value >= self.least)


@dataclass(frozen=True)
class Flat:
    """Our figure is at most so many times that of another job."""

    figure: str
    other: str
    most: float

    def judge(self, job: str, results: Results) -> Verdict:
        """Compare our medians."""
        here, there = (results.median(name, OURS, self.figure) for name in (job, self.other))
        ratio = None if here is None or there is None else here / there
        return _verdict(
            f"{self.figure} <= {self.most:g}x of `{self.other}`", ratio, "{:.2f}x", lambda value: value <= self.most
        )


def _verdict(target: str, value: float | None, shown: str, meets: _Test) -> Verdict:
    if value is None:
        return Verdict(target, "", None)
    return Verdict(target, shown.format(value), meets(value))


class _Test(Protocol):
    def __call__(self, value: float, /) -> bool: ...
