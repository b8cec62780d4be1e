"""The benchmarks still work: every job runs, counts what it should, gets results in order. No time is judged."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.child import ROOT
from benchmarks.jobs import JOBS, Job
from benchmarks.results import CEILING, OURS, Run

LIMIT = 240.0

Runs = dict[str, dict[str, list[Run]]]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """One quick run of everything but inference-sdk."""
    kept = tmp_path_factory.mktemp("benchmarks") / "runs.json"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--json", str(kept)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == 0, done.stderr
    measured: Runs = json.loads(kept.read_text())
    return measured


def test_every_job_was_done_by_every_client(runs: Runs) -> None:
    assert {name: set(of_job) for name, of_job in runs.items()} == {
        job.name: {OURS, CEILING} if job.ceiling else {OURS} for job in JOBS
    }
    assert all(run["wall"] > 0 and run["cpu"] > 0 for of_job in runs.values() for (run,) in of_job.values())


@pytest.mark.parametrize("job", [job for job in JOBS if job.files], ids=lambda job: job.name)
def test_answers_belong_to_their_files(job: Job, runs: Runs) -> None:
    for client in (OURS, CEILING):
        (run,) = runs[job.name][client]
        assert run["in_order"] == 1
        assert run["results"] == job.quick_count


@pytest.mark.parametrize("job", [job for job in JOBS if job.files], ids=lambda job: job.name)
def test_requests_and_connections_are_counted(job: Job, runs: Runs) -> None:
    (ours,), (ceiling,) = runs[job.name][OURS], runs[job.name][CEILING]
    assert ours["requests"] == job.quick_count + 1  # and the model's description, once
    assert ceiling["requests"] == job.quick_count
    assert job.ceiling is not None
    assert 1 <= ours["connections"] <= min(job.ceiling.window, job.quick_count)
    assert ceiling["connections"] == job.ceiling.window


def test_stopping_it_leaves_no_process_behind() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks", "--quick"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("path")  # the server runs, and so does the next client
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert children
        process.terminate()
        assert process.wait(LIMIT) == 128 + signal.SIGTERM
    assert [child for child in children if Path(f"/proc/{child}").exists()] == []


def test_a_window_is_in_flight(runs: Runs) -> None:
    (run,) = runs["list-8"][OURS]
    assert run["most_in_flight"] == 8


def test_event_loops_are_timed(runs: Runs) -> None:
    for name in ("async-list", "gather"):
        (run,) = runs[name][OURS]
        assert run["lag_worst"] >= run["lag_p95"] > 0


def test_pixels_that_were_sent_are_compared(runs: Runs) -> None:
    (ours,), (ceiling,) = runs["shrink"][OURS], runs["shrink"][CEILING]
    assert ours["fidelity"] == pytest.approx(ceiling["fidelity"], abs=3)
    assert ours["fidelity"] > 25
