"""One job, once, by one client in this process: `python -m benchmarks.worker` in that library's environment.

Reads two lines of JSON from standard input: what to do, and then the word to begin, after which the clock starts.
Writes two: that it is ready, and the figures.
"""

from __future__ import annotations

import asyncio
import base64
import importlib
import json
import os
import sys
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

from .jobs import Job, Situation, Work, find_job
from .measuring import LoopLag, Meter, held_megabytes
from .media import SCALES, Media
from .results import CEILING, Run

__all__ = ["are_in_order", "main"]


def main() -> None:
    """Do one job."""
    # Whatever a library prints must not come between the lines.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    warnings.simplefilter("ignore")
    order = json.loads(sys.stdin.readline())
    job = find_job(order["job"])
    media = Media(Path(order["media"]), SCALES[order["scale"]])
    is_ceiling = order["client"] == CEILING
    library = None if is_ceiling else importlib.import_module(order["client"])
    situation = Situation(library, order["url"], media, order["count"])
    _do(_prepared(job, replace(situation, count=job.warm_up_count), is_ceiling), None)
    work = _prepared(job, situation, is_ceiling)
    print(json.dumps({"ready": True}), file=answers, flush=True)
    sys.stdin.readline()
    lag = LoopLag()
    with Meter() as meter:
        results = _do(work, lag)
    run: Run = {
        "wall": meter.wall,
        "cpu": 1e3 * meter.cpu / situation.count,
        "memory": meter.added_megabytes,
        "peak": meter.peak_megabytes,
        "working": meter.added_megabytes - held_megabytes(results),
        "results": len(results),
    }
    if lag.was_used:
        run |= {"lag_worst": lag.worst_ms, "lag_p95": lag.p95_ms}
    if job.files:
        run["in_order"] = float(are_in_order(results, media.paths(job.files, situation.count)))
    print(json.dumps(run), file=answers, flush=True)


def _prepared(job: Job, situation: Situation, is_ceiling: bool) -> Work:
    if is_ceiling:
        from .ceiling import prepare

        return prepare(job, situation)
    if job.prepare is None:
        raise ValueError(f"the job {job.name} has no calls: start_up.py measures it")
    return job.prepare(situation)


def _do(work: Work, lag: LoopLag | None) -> Any:
    """Do the work, in an event loop when it is a coroutine."""
    done = work()
    if not asyncio.iscoroutine(done):
        return done

    async def run() -> Any:
        if lag is None:
            return await done
        async with lag:
            return await done

    return asyncio.run(run())


def are_in_order(results: list[dict[str, Any]], paths: list[str]) -> bool:
    """Whether every answer belongs to its file.

    The server's `inference_id` is the length of the request it answers; without the base64 text of the file, all
    requests of a run are equally long.
    """
    lengths = {path: len(base64.b64encode(Path(path).read_bytes())) for path in set(paths)}
    rest = {int(result["inference_id"]) - lengths[path] for result, path in zip(results, paths, strict=True)}
    return len(rest) == 1


if __name__ == "__main__":
    main()
