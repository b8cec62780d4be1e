"""Tests the client against the real server, offline. Needs Python 3.11 on PATH for the server itself.

    python scripts/real_server_lane.py                     install if needed, start, run the tests, stop
    python scripts/real_server_lane.py test -k registry    the same with arguments for pytest
    python scripts/real_server_lane.py install             only make the server's environment
    python scripts/real_server_lane.py start --port 9001   serve in the foreground until Ctrl-C

The environment is kept in ~/.cache/inference-ext (INFERENCE_EXT_CACHE names another place): several GB and
several minutes the first time, nothing afterwards. The server runs there too, not in the checkout; the tests run
in the project's `.venv`, as those of scripts/test.py do. Nothing is ever skipped: what cannot be installed or
started ends this command with exit code 10 and the end of the log.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from _environment import ROOT, ensure_environment
from real_server.environment import ensure_environment as ensure_server
from real_server.errors import LaneError, tail
from real_server.server import running_server
from real_server.settings import Engine, Profile

if TYPE_CHECKING:
    from types import FrameType

TESTS = "tests/real_server"
URL_VARIABLE = "INFERENCE_EXT_REAL_SERVER_URL"
CANNOT_RUN = 10  # apart from pytest's own codes, 0 to 5


def install() -> int:
    """Make the server's environment."""
    print(f"The server's environment: {ensure_server().path}")
    return 0


def start(engine: Engine, profile: Profile, port: int) -> int:
    """Serve in the foreground."""
    with running_server(ensure_server(), engine, profile, port) as server:
        print(f"Serving at {server.url} after {server.seconds_to_start:.0f} s; log: {server.log}", flush=True)
        code = server.process.wait()
        raise LaneError(f"The server ended with exit code {code}.\n{tail(server.log)}")


def test(pytest_arguments: list[str]) -> int:
    """Run the lane's tests against a server of their own and return pytest's exit code."""
    python = ensure_environment(extras=["local"], groups=["dev"])
    with running_server(ensure_server(), Engine.LOCAL, Profile.DEFAULT) as server:
        print(f"The real server answers at {server.url} after {server.seconds_to_start:.0f} s", flush=True)
        started = time.monotonic()
        code = subprocess.run(
            [str(python), "-m", "pytest", TESTS, *pytest_arguments],
            cwd=ROOT,
            env={**os.environ, URL_VARIABLE: server.url},
            check=False,
        ).returncode
        print(f"The lane's tests took {time.monotonic() - started:.0f} s", flush=True)
        if server.process.poll() is not None:
            raise LaneError(f"The server died during the tests.\n{tail(server.log)}")
    if code == 0:
        shutil.rmtree(server.folder)
    else:
        print(f"The server's log: {server.log}", flush=True)
    return code


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; without a command the lane's tests run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("install", help="make the server's environment")
    starting = commands.add_parser("start", help="serve in the foreground until Ctrl-C")
    starting.add_argument("--profile", type=Profile, choices=list(Profile), default=Profile.DEFAULT)
    starting.add_argument("--engine", type=Engine, choices=list(Engine), default=Engine.LOCAL)
    starting.add_argument("--port", type=int, default=9001)
    commands.add_parser("test", help="run the tests (the default); all other arguments go to pytest")
    known, others = parser.parse_known_args(arguments or ["test"])
    if others and known.command != "test":
        parser.error(f"unrecognized arguments: {' '.join(others)}")
    known.pytest_arguments = others
    return known


def main() -> int:
    """Run one command and return its exit code."""
    arguments = parse(sys.argv[1:])
    # Both end the command in order, so that the server is stopped on the way out; a shell that starts a command in
    # the background switches Ctrl-C off.
    signal.signal(signal.SIGTERM, end_in_order)
    signal.signal(signal.SIGINT, end_in_order)
    try:
        match arguments.command:
            case "install":
                return install()
            case "start":
                return start(arguments.engine, arguments.profile, arguments.port)
            case _:
                return test(arguments.pytest_arguments)
    except LaneError as error:
        print(error, file=sys.stderr)
        return CANNOT_RUN


def end_in_order(number: int, frame: FrameType | None) -> None:
    """Turn a request to end into an exception."""
    del frame
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
