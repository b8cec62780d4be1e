"""Nothing that the lane starts outlives it: not the children of a server, and not after the lane was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from real_server.process_group import stop_group

SCRIPTS = Path(__file__).parents[3] / "scripts"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); "
CHILD = STUBBORN + "time.sleep(60)"
START_CHILD = (
    "import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', sys.argv[1]], stdout=subprocess.PIPE); "
    "child.stdout.readline(); print(child.pid, flush=True); "
)
LIMIT = 20.0


@contextmanager
def started(code: str, *arguments: str, kept: tuple[int, ...] = ()) -> Generator[tuple[subprocess.Popen[bytes], int]]:
    """Start a process as the lane starts a server; gives it and its child's id."""
    process = subprocess.Popen(
        [sys.executable, "-c", START_CHILD + code, CHILD, *arguments],
        stdout=subprocess.PIPE,
        start_new_session=True,
        pass_fds=kept,
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
    )
    assert process.stdout is not None
    with process, process.stdout:
        try:
            yield process, int(process.stdout.readline())
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def assert_ends(child: int) -> None:
    deadline = time.monotonic() + LIMIT
    while is_alive(child):
        assert time.monotonic() < deadline, f"process {child} goes on"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"  # nobody may be there to take leave of it


@pytest.mark.parametrize("code", ["child.wait()", STUBBORN + "child.wait()"], ids=["obedient", "stubborn"])
def test_a_stopped_server_takes_its_children_along(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("real_server.process_group.STOP_LIMIT", 1.0)
    with started(code) as (process, child):
        assert is_alive(child)
        stop_group(process)
        assert process.returncode is not None
        assert_ends(child)


def test_a_server_that_died_by_itself_leaves_no_children() -> None:
    with started("sys.exit(3)") as (process, child):
        process.wait(LIMIT)
        assert is_alive(child)
        stop_group(process)
        assert_ends(child)


def test_a_killed_lane_takes_the_server_along() -> None:
    """The server watches a pipe whose other end closes with the lane, also when the lane could not clean up."""
    watched, held = os.pipe()
    code = "from real_server.inside.serve import end_with; end_with(int(sys.argv[2]))"
    with started(code, str(watched), kept=(watched,)) as (process, child):
        os.close(watched)
        time.sleep(0.2)
        assert process.poll() is None
        os.close(held)
        process.wait(LIMIT)
        assert_ends(child)
