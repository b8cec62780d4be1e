"""Time and memory against the number of images and against their size, judged by a fit.

Expected: time grows at most in proportion to the number of images and to their pixels (a power of 1), and the memory
that a list needs beyond its results does not grow with its length.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from .chart import Panel, draw
from .fitting import exponent, slope
from .jobs import ARRAYS_OF_ANY_SIZE, LIST_OF_ANY_LENGTH, PATHS_OF_ANY_SIZE, Job
from .pairing import Bench
from .results import CEILING, OURS, PEER
from .tables import table

__all__ = ["LENGTHS", "QUICK_LENGTHS", "Growth", "measure_growth"]

LENGTHS = (10, 100, 1000, 10000)
QUICK_LENGTHS = (5, 10, 20)

_NAMES = {OURS: "inference-ext", PEER: "inference-sdk"}
_LEAST_MEMORY = 0.05
"""Megabytes; below, memory is pages and chance, and has no logarithm worth fitting."""

_MOST_TIME_POWER = 1.1
_MOST_PER_THOUSAND = 1.0
"""Megabytes: a few words for each image of the list, as the list itself has, but no image."""

Curve = list[tuple[float, float]]


@dataclass(frozen=True)
class _Curves:
    """Seconds and megabytes of each client against one size."""

    seconds: Mapping[str, Curve]
    megabytes: Mapping[str, Curve]


@dataclass(frozen=True)
class Growth:
    """Everything that was measured."""

    lengths: _Curves
    """Against the number of images: seconds of the list, and megabytes beyond the results."""

    path_sizes: _Curves
    """Against megapixels: milliseconds of a call with a JPEG path, and megabytes."""

    array_sizes: _Curves
    """Against megapixels: milliseconds of a call with an array, and megabytes."""

    def charts(self) -> dict[str, str]:
        """SVG texts by the name of their file."""
        lengths, paths, arrays = self.lengths, self.path_sizes, self.array_sizes
        number, size = "images in the list", "megapixels"
        return {
            "growth-length.svg": draw(
                [
                    Panel("Time of a list", number, "seconds", _named(lengths.seconds)),
                    Panel("Memory of a list, without its results", number, "megabytes", _named(lengths.megabytes)),
                ]
            ),
            "growth-size.svg": draw(
                [
                    Panel("Time of one call, JPEG path", size, "milliseconds", _named(paths.seconds)),
                    Panel("Time of one call, array", size, "milliseconds", _named(arrays.seconds)),
                ]
            ),
        }

    def tables(self) -> str:
        """What was measured and what the fits say."""
        return "\n\n".join(
            [
                _points_table("images", "s", self.lengths, "{:,.0f}", "{:.3f}"),
                _points_table("megapixels, JPEG path", "ms", self.path_sizes, "{:.2f}", "{:.2f}"),
                _points_table("megapixels, array", "ms", self.array_sizes, "{:.2f}", "{:.2f}"),
                self._fits(),
            ]
        )

    def _fits(self) -> str:
        rows = [["fit", *(_NAMES[client] for client in self.lengths.seconds), "expected of ours", "met"]]
        rows += [
            _fit_row("time ~ length ^", self.lengths.seconds, exponent, "{:.2f}", _MOST_TIME_POWER),
            _fit_row("MB per 1,000 more images", self.lengths.megabytes, _per_thousand, "{:.1f}", _MOST_PER_THOUSAND),
            _fit_row("time ~ pixels ^, JPEG path", self.path_sizes.seconds, exponent, "{:.2f}", _MOST_TIME_POWER),
            _fit_row("time ~ pixels ^, array", self.array_sizes.seconds, exponent, "{:.2f}", _MOST_TIME_POWER),
        ]
        return table(rows)


def measure_growth(
    bench: Bench, lengths: Sequence[int], repeats: int, *, quick: bool, tell: Callable[[str], None]
) -> Growth:
    """Run everything, each point `repeats` times; the medians count."""
    clients = [client for client in bench.clients_of(LIST_OF_ANY_LENGTH) if client != CEILING]

    def point(job: Job, client: str, count: int, figure: str) -> tuple[float, float]:
        runs = [bench.run(job, client, count) for _ in range(repeats)]
        wall = median(run["wall"] for run in runs)
        megabytes = max(_LEAST_MEMORY, median(run[figure] for run in runs))
        tell(f"{job.name:13} {client:14} {count:6} images {wall:7.3f} s {megabytes:7.2f} MB")
        return wall, megabytes

    def against_length() -> _Curves:
        curves = _Curves({client: [] for client in clients}, {client: [] for client in clients})
        for length in lengths:
            for client in clients:
                wall, megabytes = point(LIST_OF_ANY_LENGTH, client, length, "working")
                curves.seconds[client].append((length, wall))
                curves.megabytes[client].append((length, megabytes))
        return curves

    def against_size(jobs: Mapping[str, Job]) -> _Curves:
        curves = _Curves({client: [] for client in clients}, {client: [] for client in clients})
        for kind, job in jobs.items():
            width, height = bench.media.scale.sides[kind]
            count = job.quick_count if quick else job.count
            for client in clients:
                wall, megabytes = point(job, client, count, "memory")
                curves.seconds[client].append((width * height / 1e6, 1e3 * wall / count))
                curves.megabytes[client].append((width * height / 1e6, megabytes))
        return curves

    return Growth(against_length(), against_size(PATHS_OF_ANY_SIZE), against_size(ARRAYS_OF_ANY_SIZE))


def _named(curves: Mapping[str, Curve]) -> dict[str, Curve]:
    return {_NAMES[client]: curve for client, curve in curves.items()}


def _per_thousand(curve: Curve) -> float:
    return 1000 * slope(curve)


def _points_table(size: str, unit: str, curves: _Curves, size_shown: str, shown: str) -> str:
    clients = list(curves.seconds)
    rows = [[size, *(f"{_NAMES[client]} {what}" for client in clients for what in (unit, "MB"))]]
    for index, (value, _) in enumerate(curves.seconds[OURS]):
        row = [size_shown.format(value)]
        for client in clients:
            row += [shown.format(curves.seconds[client][index][1]), f"{curves.megabytes[client][index][1]:.1f}"]
        rows.append(row)
    return table(rows)


def _fit_row(
    name: str, curves: Mapping[str, Curve], fit: Callable[[Curve], float], shown: str, most: float
) -> list[str]:
    fitted = {client: fit(curve) for client, curve in curves.items()}
    met = "yes" if fitted[OURS] <= most else "**no**"
    return [name, *(shown.format(value) for value in fitted.values()), f"<= {most:g}", met]
