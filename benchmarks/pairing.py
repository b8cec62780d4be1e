"""The runs of a benchmark, in turn and each in a process of its own, against one server."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from .child import BenchmarkError, Child, running_child
from .jobs import Job
from .media import Media
from .results import CEILING, OURS, PEER, Results, Run
from .server import ServerReport, ServerSettings

__all__ = ["Bench", "measure_pairs", "open_bench"]

_ORDER_LIMIT = 20.0
_READY_LIMIT = 60.0
_MEDIA_LIMIT = 120.0


@dataclass(frozen=True)
class Bench:
    """What runs are made with."""

    server: Child
    url: str
    media: Media
    peer_python: Path | None
    """The Python that has inference-sdk; `None` leaves it out."""

    run_limit: float
    """Seconds one run may take."""

    def clients_of(self, job: Job) -> list[str]:
        """The clients that can do a job, in the order of their runs."""
        clients = [PEER] if self.peer_python is not None else []
        return [*clients, OURS, *([CEILING] if job.ceiling is not None else [])]

    def run(self, job: Job, client: str, count: int, *, settings: ServerSettings | None = None) -> Run:
        """Do a job once.

        Raises:
            BenchmarkError: It failed, took too long, or lost or mixed up results.

        """
        python = self.peer_python if client == PEER else Path(sys.executable)
        if python is None:
            raise BenchmarkError("there is no Python with inference-sdk")
        self._begin(replace(job.server, latency=0, straggler_latency=0))  # for the warm-up
        name = f"{job.name} by {client}"
        with running_child(name, self._command(job, client, python)) as child:
            if job.start_up_calls is None:
                media = self.media
                child.tell(
                    {
                        "job": job.name,
                        "client": client,
                        "url": self.url,
                        "media": str(media.folder),
                        "scale": media.scale.name,
                        "count": count,
                    }
                )
            child.hear(_READY_LIMIT)
            self._begin(settings or job.server)
            run: Run = child.ask({}, self.run_limit)
        report = ServerReport(**self.server.ask({"report": True}, _ORDER_LIMIT))
        if run["results"] != count or run.get("in_order") == 0:
            raise BenchmarkError(f"{name}: {run['results']:.0f} results for {count} images, in order: {run}")
        run |= {
            "connections": report.connections,
            "requests": report.requests,
            "most_in_flight": report.most_in_flight,
            "server_cpu": 1e3 * report.cpu / max(1, report.requests),
        }
        return run

    def _command(self, job: Job, client: str, python: Path) -> list[str | Path]:
        if job.start_up_calls is None:
            return [python, "-m", "benchmarks.worker"]
        paths = [str(self.media.photograph("1080p"))] * job.start_up_calls
        return [python, "-m", "benchmarks.start_up", client, self.url, *paths]

    def _begin(self, settings: ServerSettings) -> None:
        self.server.ask({"begin": asdict(settings)}, _ORDER_LIMIT)

    def fidelity(self, job: Job, client: str) -> float:
        """How close what a client sends is to the photograph shrunk by averaging, in dB of brightness."""
        with tempfile.TemporaryDirectory() as folder:
            sent = Path(folder) / "request.json"
            self.run(job, client, 1, settings=ServerSettings(record=str(sent)))
            command: list[str | Path] = [sys.executable, "-m", "benchmarks.fidelity", sent, self.media.photograph("4k")]
            with running_child("fidelity", command) as child:
                value: float = json.loads(child.hear(_READY_LIMIT))
                return value


@contextmanager
def open_bench(media: Media, peer_python: Path | None, run_limit: float) -> Generator[Bench]:
    """Make what is missing of the images, and start the server; both end with the block."""
    with running_child("media", [sys.executable, "-m", "benchmarks.media", media.folder, media.scale.name]) as making:
        making.hear(_MEDIA_LIMIT)
    with running_child("server", [sys.executable, "-m", "benchmarks.server"]) as server:
        url = server.hear(_READY_LIMIT)
        yield Bench(server, url, media, peer_python, run_limit)


def measure_pairs(
    bench: Bench, jobs: Sequence[Job], repeats: int, *, quick: bool, tell: Callable[[str], None]
) -> Results:
    """Run all clients of each job in turn, as often as asked for.

    Args:
        bench: What to run with.
        jobs: What to run.
        repeats: Runs of each client.
        quick: Take the small counts of images.
        tell: Gets a line about every run.

    """
    results = Results()
    for job in jobs:
        count = job.quick_count if quick else job.count
        for _ in range(min(repeats, job.most_repeats or repeats)):
            for client in bench.clients_of(job):
                run = bench.run(job, client, count)
                results.add(job.name, client, run)
                tell(f"{job.name:13} {client:14} {_shown(run)}")
        if job.compare_pixels:
            for client in bench.clients_of(job):
                value = bench.fidelity(job, client)
                for run in results.runs[job.name][client]:
                    run["fidelity"] = value
                tell(f"{job.name:13} {client:14} {value:6.1f} dB")
    return results


def _shown(run: Run) -> str:
    text = (
        f"{run['wall']:7.3f} s {run['cpu']:7.2f} ms CPU/image {run['memory']:7.1f} MB "
        f"{run['connections']:4.0f} connections {run['requests']:5.0f} requests"
    )
    return f"{text} {run['lag_worst']:6.1f} ms lag" if "lag_worst" in run else text
