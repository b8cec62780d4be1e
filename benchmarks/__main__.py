"""The benchmarks' command line; `python3 scripts/benchmark.py` starts it with both libraries installed.

    python3 scripts/benchmark.py                      all jobs, both libraries and the ceiling, 3 times in turn
    python3 scripts/benchmark.py run path list-8      only these jobs
    python3 scripts/benchmark.py growth               time and memory against the number and size of images
    python3 scripts/benchmark.py profile              where the time of one call goes
    python3 scripts/benchmark.py [...] --write        also write the figures into docs/performance.md

Exit codes: 0 all was measured, whatever came out; 1 something could not be.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from .child import BenchmarkError
from .growth import LENGTHS, QUICK_LENGTHS, measure_growth
from .jobs import JOBS, find_job
from .media import FULL, QUICK, Media
from .page import PAGE, machine, write_block
from .pairing import Bench, measure_pairs, open_bench
from .stages import measure_stages
from .tables import judged, targets_missed

_REPEATS = 3
_RUN_LIMIT = 180.0


def main() -> int:
    """Run one command and return its exit code."""
    arguments = _parse(sys.argv[1:])
    # Both end the command in order, so that its children are ended on the way out; a shell that starts a command in
    # the background switches Ctrl-C off.
    signal.signal(signal.SIGTERM, _end_in_order)
    signal.signal(signal.SIGINT, _end_in_order)
    scale = QUICK if arguments.quick else FULL
    try:
        with tempfile.TemporaryDirectory(prefix="inference-ext-media-") as temporary:
            folder = (arguments.media or Path(temporary)).absolute() / scale.name
            with open_bench(Media(folder, scale), arguments.peer_python, arguments.limit) as bench:
                _COMMANDS[arguments.command](bench, arguments)
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(bench: Bench, arguments: argparse.Namespace) -> None:
    jobs = [find_job(name) for name in arguments.jobs] or JOBS
    before = os.getloadavg()[0]
    results = measure_pairs(bench, jobs, arguments.repeats, quick=arguments.quick, tell=_tell)
    if arguments.json is not None:
        results.write(arguments.json)
    load = f"Load average when it began: {before:.1f}."
    how = f"{arguments.repeats} runs of each in turn, medians. {machine(bench.peer_python)} {load}"
    text = f"{how}\n\n{judged(jobs, results)}"
    print(f"\n{text}\n")
    missed = targets_missed(jobs, results)
    print("\n".join([f"{len(missed)} targets missed", *missed]))
    if arguments.write:
        write_block("jobs", text)


def _growth(bench: Bench, arguments: argparse.Namespace) -> None:
    lengths = QUICK_LENGTHS if arguments.quick else LENGTHS
    growth = measure_growth(bench, lengths, arguments.repeats, quick=arguments.quick, tell=_tell)
    print(f"\n{growth.tables()}")
    if arguments.write:
        for name, drawn in growth.charts().items():
            (PAGE.parent / "images" / name).write_text(drawn, encoding="utf-8")
        write_block("growth", growth.tables())


def _profile(bench: Bench, arguments: argparse.Namespace) -> None:
    text = measure_stages(bench)
    print(text)
    if arguments.write:
        write_block("profile", text)


_COMMANDS = {"run": _run, "growth": _growth, "profile": _profile}


def _parse(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmark.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", nargs="?", choices=list(_COMMANDS), default="run")
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"of `run`: {', '.join(job.name for job in JOBS)}")
    parser.add_argument("--repeats", type=int, help=f"runs of each client (default {_REPEATS}, quick 1)")
    parser.add_argument("--quick", action="store_true", help="small images, few of them: tries the harness only")
    parser.add_argument("--write", action="store_true", help=f"write the figures into docs/{PAGE.name}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="of `run`: keep every run's figures")
    parser.add_argument("--limit", type=float, default=_RUN_LIMIT, help="seconds for one run (default %(default)g)")
    parser.add_argument("--media", type=Path, metavar="FOLDER", help="keep the images here (default: made every time)")
    parser.add_argument("--peer-python", type=Path, metavar="PYTHON", help="the Python that has inference-sdk")
    arguments = parser.parse_args(words)
    names = {job.name for job in JOBS}
    if unknown := [name for name in arguments.jobs if name not in names]:
        parser.error(f"no such job: {', '.join(unknown)}; there are: {', '.join(names)}")
    if arguments.write and arguments.quick:
        parser.error("--quick tries the harness: its figures are not for the page")
    if arguments.repeats is None:
        arguments.repeats = 1 if arguments.quick else _REPEATS
    return arguments


def _tell(line: str) -> None:
    print(line, flush=True)


def _end_in_order(number: int, frame: FrameType | None) -> None:
    del frame
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
