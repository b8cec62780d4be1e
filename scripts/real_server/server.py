"""Starts the real server, waits until it answers, and stops all of it."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from real_server.cache import runs_folder
from real_server.commands import run_logged
from real_server.environment import ensure_environment
from real_server.errors import LaneError, tail
from real_server.model_files import ModelFiles
from real_server.platform_stand_in import WORKSPACE, platform_stand_in
from real_server.process_group import stop_group
from real_server.saved_workflows import write_saved_workflows
from real_server.settings import Engine, Profile, platform_variables, server_variables
from real_server.under_test import ServerUnderTest

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from real_server.arrangements import Arrangement
    from real_server.cache import EnvironmentFolder

__all__ = ["PreparedServer", "RunningServer", "prepared_server", "running_server"]

HOST = "127.0.0.1"
START_LIMIT = 300.0
"""Seconds until the server must answer; 15 to 45 are usual."""
UP = "/info"
"""Old servers have no /healthz; this route asks for no key either."""
PREPARE_LIMIT = 120.0
SCRIPTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class RunningServer:
    """A server that answers."""

    under_test: ServerUnderTest
    process: subprocess.Popen[bytes]
    folder: Path
    log: Path
    seconds_to_start: float


@dataclass(frozen=True)
class PreparedServer:
    """A server's working folder and settings, from which it is started, also again on the same port."""

    under_test: ServerUnderTest
    folder: Path
    log: Path
    environment: EnvironmentFolder
    variables: Mapping[str, str]
    port: int

    @contextmanager
    def started(self) -> Generator[subprocess.Popen[bytes]]:
        """Run the server while the block runs; it answers when the block begins.

        Raises:
            LaneError: It did not come up; with the end of the log.

        """
        with _process(self.environment, self.folder, self.variables, self.port, self.log) as process:
            _wait_until_up(process, self.port, self.log)
            yield process


@contextmanager
def running_server(
    arrangement: Arrangement, profile: Profile = Profile.DEFAULT, port: int | None = None
) -> Generator[RunningServer]:
    """Run a server on loopback while the block runs; see `prepared_server`.

    Raises:
        LaneError: The server could not be prepared or did not come up; with the end of the log.

    """
    with prepared_server(arrangement, profile, port) as prepared:
        started = time.monotonic()
        with prepared.started() as process:
            seconds = time.monotonic() - started
            yield RunningServer(prepared.under_test, process, prepared.folder, prepared.log, seconds)


@contextmanager
def prepared_server(
    arrangement: Arrangement, profile: Profile = Profile.DEFAULT, port: int | None = None
) -> Generator[PreparedServer]:
    """Make a server ready to be started on loopback while the block runs; installs it first when it is missing.

    Its working folder (models, caches, log) lies in the cache and stays there for its log, until the next
    server on the same port.

    Args:
        arrangement: The server and its surroundings.
        profile: The set of routes.
        port: A TCP port; `None` takes a free one.

    Raises:
        LaneError: The server could not be installed, or the models could not be written; with the end of the log.

    """
    environment = ensure_environment(arrangement.requirements)
    chosen = _free_port(port or 0)
    folder = runs_folder(arrangement.requirements) / f"{arrangement.name}-{chosen}"
    _prepare_folder(folder)
    engine = arrangement.engine
    variables = server_variables(engine, profile, model_cache=folder / "cache", python_path=SCRIPTS)
    # By default all servers of a machine share one port for their pipelines, and with it each other's pipelines.
    variables["STREAM_MANAGER_PORT"] = str(_free_port_but(chosen))
    # The current engine takes a model id as a folder, relative to where the server runs.
    files = ModelFiles(copies=folder / "models", served=folder if engine is Engine.LOCAL else folder / "cache")
    _write_models(environment, engine, folder, files, variables)
    write_saved_workflows(folder / "cache")
    with platform_stand_in() if arrangement.has_platform else nullcontext() as platform_url:
        accepted = WORKSPACE if arrangement.checks_keys else None
        variables |= platform_variables(platform_url, accepted)
        under_test = ServerUnderTest(
            url=f"http://{HOST}:{chosen}",
            version=arrangement.requirements.server_version,
            engine=engine,
            model_files=files,
            platform_url=platform_url,
            checks_keys=arrangement.checks_keys,
        )
        yield PreparedServer(under_test, folder, folder / "server.log", environment, variables, chosen)


def _prepare_folder(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "cache").mkdir(parents=True)
    (folder / "models").mkdir()
    landing = folder / "inference" / "landing" / "out"
    # The server mounts these and refuses to start without them.
    (landing / "static").mkdir(parents=True)
    (landing / "_next" / "static").mkdir(parents=True)
    (landing / "index.html").touch()


def _write_models(
    environment: EnvironmentFolder, engine: Engine, folder: Path, files: ModelFiles, variables: Mapping[str, str]
) -> None:
    command = [
        str(environment.python),
        "-m",
        "real_server.inside.write_models",
        "--layout",
        engine,
        str(files.copies),
    ]
    run_logged(
        "Writing the analytic models",
        command,
        log=folder / "models.log",
        limit=PREPARE_LIMIT,
        folder=folder,
        variables=variables,
    )
    files.restore()


@contextmanager
def _process(
    environment: EnvironmentFolder, folder: Path, variables: Mapping[str, str], port: int, log: Path
) -> Generator[subprocess.Popen[bytes]]:
    # The server watches this pipe: when the lane ends, however it ends, the server's whole group ends too.
    watched, held = os.pipe()
    try:
        process = _start(environment, folder, variables, port, log, watched)
    finally:
        os.close(watched)
    try:
        yield process
    finally:
        stop_group(process)
        os.close(held)


def _start(
    environment: EnvironmentFolder,
    folder: Path,
    variables: Mapping[str, str],
    port: int,
    log: Path,
    watched: int,
) -> subprocess.Popen[bytes]:
    command = [str(environment.python), "-m", "real_server.inside.serve", "--host", HOST, "--port", str(port)]
    with log.open("ab") as output:
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


def _wait_until_up(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT
    while time.monotonic() < deadline:
        code = process.poll()
        if code is not None:
            raise LaneError(f"The server ended with exit code {code} before it answered.\n{tail(log)}")
        if _is_up(port):
            return
        time.sleep(0.2)
    raise LaneError(f"The server did not answer GET {UP} within {START_LIMIT:.0f} s.\n{tail(log)}")


def _is_up(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", UP)
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False  # it is not listening yet
    finally:
        connection.close()


def _free_port_but(taken: int) -> int:
    """Return any free port that is not `taken`, which nobody listens to yet."""
    while (port := _free_port(0)) == taken:
        pass
    return port


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
