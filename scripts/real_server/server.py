"""Starts the real server, waits until it answers, and stops all of it."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from real_server.cache import EnvironmentFolder, runs_folder
from real_server.commands import run_logged
from real_server.errors import LaneError, tail
from real_server.saved_workflows import write_saved_workflows
from real_server.settings import Engine, Profile, server_variables

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["RunningServer", "running_server"]

HOST = "127.0.0.1"
START_LIMIT = 300.0
"""Seconds until the server must answer; 15 to 45 are usual."""
PREPARE_LIMIT = 120.0
STOP_LIMIT = 5.0
SCRIPTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class RunningServer:
    """A server that answers."""

    url: str
    process: subprocess.Popen[bytes]
    folder: Path
    log: Path
    seconds_to_start: float


@contextmanager
def running_server(
    environment: EnvironmentFolder, engine: Engine, profile: Profile, port: int | None = None
) -> Generator[RunningServer]:
    """Run a server on loopback while the block runs.

    Its working folder (models, caches, log) lies in the cache and stays there for its log, until the next
    server on the same port.

    Args:
        environment: The complete environment to run in.
        engine: The model engine.
        profile: The set of routes.
        port: A TCP port; `None` takes a free one.

    Raises:
        LaneError: The models could not be written, or the server did not come up; with the end of the log.

    """
    chosen = _free_port(port or 0)
    folder = runs_folder() / f"{engine}-{chosen}"
    _prepare_folder(folder)
    variables = server_variables(engine, profile, model_cache=folder / "cache", python_path=SCRIPTS)
    _write_models(environment, engine, folder, variables)
    write_saved_workflows(folder / "cache")

    log = folder / "server.log"
    started = time.monotonic()
    # The server watches this pipe: when the lane ends, however it ends, the server's whole group ends too.
    watched, held = os.pipe()
    try:
        process = _start(environment, folder, variables, chosen, log, watched)
    finally:
        os.close(watched)
    try:
        _wait_until_healthy(process, chosen, log)
        yield RunningServer(f"http://{HOST}:{chosen}", process, folder, log, time.monotonic() - started)
    finally:
        _stop_group(process)
        os.close(held)


def _prepare_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "cache").mkdir(parents=True)
    landing = folder / "inference" / "landing" / "out"
    # The server mounts these and refuses to start without them.
    (landing / "static").mkdir(parents=True)
    (landing / "_next" / "static").mkdir(parents=True)
    (landing / "index.html").touch()


def _write_models(environment: EnvironmentFolder, engine: Engine, folder: Path, variables: dict[str, str]) -> None:
    target = folder if engine is Engine.LOCAL else folder / "cache"
    command = [
        str(environment.python),
        "-m",
        "real_server.inside.write_models",
        "--layout",
        engine,
        str(target),
    ]
    run_logged(
        "Writing the analytic models",
        command,
        log=folder / "models.log",
        limit=PREPARE_LIMIT,
        folder=folder,
        variables=variables,
    )


def _start(
    environment: EnvironmentFolder,
    folder: Path,
    variables: dict[str, str],
    port: int,
    log: Path,
    watched: int,
) -> subprocess.Popen[bytes]:
    command = [str(environment.python), "-m", "real_server.inside.serve", "--host", HOST, "--port", str(port)]
    with log.open("wb") as output:
        return subprocess.Popen(
            [*command, "--watch", str(watched)],
            cwd=folder,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a group of its own, so that all of it can be stopped
            pass_fds=[watched],
        )


def _wait_until_healthy(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        code = process.poll()
        if code is not None:
            raise LaneError(f"The server ended with exit code {code} before it answered.\n{tail(log)}")
        if _is_healthy(port):
            return
        time.sleep(0.2)
    raise LaneError(f"The server did not answer GET /healthz within {START_LIMIT:.0f} s.\n{tail(log)}")


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False  # it is not listening yet
    finally:
        connection.close()


def _stop_group(process: subprocess.Popen[bytes]) -> None:
    """Stop the server and everything it started; its stream manager's children ignore SIGTERM."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_LIMIT)
    with suppress(ProcessLookupError):  # the group may be empty by now
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(STOP_LIMIT)


def _free_port(wanted: int) -> int:
    """Return `wanted`, or any free port for 0."""
    with socket.socket() as probe:
        # As the server itself does: a port whose last connections are still winding down is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError as error:
            raise LaneError(f"Port {wanted} on {HOST} cannot be used ({error}); choose another with --port.") from error
        port: int = probe.getsockname()[1]
        return port
