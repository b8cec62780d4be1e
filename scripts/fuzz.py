"""Fuzzes what parses bytes of others, guided by coverage: `python3 scripts/fuzz.py [--seconds N] [TARGET...]`.

    python3 scripts/fuzz.py                          every target for a minute
    python3 scripts/fuzz.py --seconds 600 results    one target for ten minutes
    python3 scripts/fuzz.py --replay FILE results    one input again, with the traceback

Makes what it needs in `.venv`. Each target has a process of its own with a limit on memory and on the time one input
may take. Inputs that led somewhere new are kept for the next run, in ~/.cache/inference-ext (INFERENCE_EXT_CACHE names
another place); what crashed too. The exit code is 1 when something crashed. The targets are in tests/fuzzing; the
quick tests run them as well.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from _environment import ROOT, ensure_environment
from real_server.cache import cache_root

#: What one input may take. Those of the tests take milliseconds; the machine may be busy.
SECONDS_PER_INPUT = 30
MEGABYTES = 2560

_LIST_TARGETS = "from fuzzing.targets import TARGETS; print(*TARGETS)"
_WRITE_SEEDS = (
    "import sys, pathlib; from fuzzing.targets import TARGETS\n"
    "for number, seed in enumerate(TARGETS[sys.argv[1]].seeds):\n"
    "    pathlib.Path(sys.argv[2], f'seed-{number}').write_bytes(seed)"
)


@dataclass(frozen=True)
class Run:
    """What came of one target."""

    target: str
    executions: int
    coverage_before: int
    coverage: int
    crash: Path | None
    log: Path

    def __str__(self) -> str:
        """One line."""
        outcome = "no crash" if self.crash is None else f"CRASH, kept in {self.crash}; the traceback is in {self.log}"
        new = self.coverage - self.coverage_before
        return (
            f"{self.target}: {self.executions} executions, {new} new places covered ({self.coverage} in all), {outcome}"
        )


def fuzz(python: Path, target: str, seconds: int, folder: Path) -> Run:
    """Run one target for some seconds."""
    corpus, crashes, log = folder / "corpus" / target, folder / "crashes" / target, folder / f"{target}.log"
    for made in (corpus, crashes):
        made.mkdir(parents=True, exist_ok=True)
    _call(python, "-c", _WRITE_SEEDS, target, str(corpus))
    known = set(crashes.iterdir())
    arguments = [
        f"-max_total_time={seconds}",
        f"-timeout={SECONDS_PER_INPUT}",
        f"-rss_limit_mb={MEGABYTES + 1024}",
        "-max_len=4096",
        "-len_control=0",
        "-print_final_stats=1",
        f"-artifact_prefix={crashes}/",
        str(corpus),
    ]
    with log.open("wb") as output:
        command = [python, "-m", "fuzzing.coverage_guided", target, str(MEGABYTES), *arguments]
        process = subprocess.Popen(command, cwd=ROOT / "tests", stdout=output, stderr=subprocess.STDOUT)
        try:
            status = process.wait(seconds + 10 * SECONDS_PER_INPUT)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
    text = log.read_text(encoding="utf-8", errors="replace")
    # Not its "slow-unit" files: what takes too long is a "timeout".
    kept = sorted(file for file in set(crashes.iterdir()) - known if not file.name.startswith("slow-unit"))
    crash = kept[0] if kept else log if status else None
    coverage = [int(number) for number in re.findall(r" cov: (\d+)", text)] or [0]
    executions = re.search(r"stat::number_of_executed_units:\s*(\d+)", text)
    last = re.findall(r"^#(\d+)\s", text, re.MULTILINE)
    done = int(executions[1]) if executions else int(last[-1]) if last else 0
    before = re.search(r"INITED cov: (\d+)", text)
    return Run(target, done, int(before[1]) if before else coverage[0], coverage[-1], crash, log)


def replay(python: Path, target: str, file: Path) -> int:
    """Run one input without the engine, so that the traceback is the interpreter's own."""
    code = "import sys, pathlib; from fuzzing.targets import TARGETS\n"
    code += "TARGETS[sys.argv[1]].run(pathlib.Path(sys.argv[2]).read_bytes())"
    command = [python, "-c", code, target, str(file.absolute())]
    return subprocess.run(command, cwd=ROOT / "tests", check=False).returncode


def _call(python: Path, *arguments: str) -> str:
    command = [python, *arguments]
    return subprocess.run(command, cwd=ROOT / "tests", check=True, capture_output=True, text=True).stdout


def main() -> int:
    """Run the targets one after another and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="for each target; default: 60")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="an input to run once, for one target")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="default: all")
    chosen = parser.parse_args()
    python = ensure_environment(extras=["local"], groups=["test", "fuzz"])
    known = _call(python, "-c", _LIST_TARGETS).split()
    targets: list[str] = chosen.targets or known
    if unknown := sorted(set(targets) - set(known)):
        parser.error(f"no such target: {', '.join(unknown)}; there are {', '.join(known)}")
    if chosen.replay is not None:
        if len(targets) != 1:
            parser.error("--replay needs one target")
        return replay(python, targets[0], chosen.replay)
    crashed = False
    for target in targets:
        run = fuzz(python, target, chosen.seconds, cache_root() / "fuzzing")
        print(run, flush=True)
        crashed = crashed or run.crash is not None
    return int(crashed)


if __name__ == "__main__":
    sys.exit(main())
