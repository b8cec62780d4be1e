"""Tests the client against the real server, offline. Needs Python 3.11 on PATH for the servers themselves.

    python scripts/real_server_lane.py                            each arrangement: install, start, test, stop
    python scripts/real_server_lane.py test --arrangement oldest  one of them; may be given several times
    python scripts/real_server_lane.py test -k registry           all other arguments go to pytest
    python scripts/real_server_lane.py install                    only make the servers' environments
    python scripts/real_server_lane.py start --port 9001          serve in the foreground until Ctrl-C

An arrangement is a server in a setting of its own, with the folders of tests/real_server that it must pass:

    current   the current server, offline                         any_server, current, lane
    platform  the same, with a stand-in for the provider's        with_platform
              platform on loopback; serves only with a key
    legacy    the current server on its older model engine        tasks and lists of any_server
    oldest    the oldest supported server, with the stand-in      any_server, with_platform

A test that a server cannot pass because it lacks the feature says so (tests/real_server/features.py); it is left out
and counted, with the reason. Nothing is ever skipped: what cannot be installed or started ends this command with exit
code 10 and the end of the log.

The environments are kept in ~/.cache/inference-ext (INFERENCE_EXT_CACHE names another place): several GB and several
minutes the first time, nothing afterwards. The servers run there too, not in the checkout; the tests run in the
project's `.venv`, as those of scripts/test.py do.
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
from real_server.arrangements import ARRANGEMENTS, Arrangement
from real_server.environment import ensure_environment as ensure_server
from real_server.errors import LaneError, tail
from real_server.run_report import VARIABLE as REPORT_VARIABLE
from real_server.run_report import RunReport
from real_server.server import running_server
from real_server.settings import Profile
from real_server.under_test import VARIABLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import FrameType

TESTS = "tests/real_server"
CANNOT_RUN = 10  # apart from pytest's own codes, 0 to 5
NO_TESTS = 5  # pytest's code when all were deselected, by -k for instance


def install() -> int:
    """Make the servers' environments."""
    for requirements in dict.fromkeys(arrangement.requirements for arrangement in ARRANGEMENTS.values()):
        print(f"The environment of server {requirements.server_version}: {ensure_server(requirements).path}")
    return 0


def start(arrangement: Arrangement, profile: Profile, port: int) -> int:
    """Serve in the foreground."""
    with running_server(arrangement, profile, port) as server:
        print(
            f"Serving at {server.under_test.url} after {server.seconds_to_start:.0f} s; log: {server.log}\n"
            f"For pytest: export {VARIABLE}='{server.under_test.to_json()}'",
            flush=True,
        )
        code = server.process.wait()
        raise LaneError(f"The server ended with exit code {code}.\n{tail(server.log)}")


def test(arrangements: Sequence[Arrangement], pytest_arguments: list[str]) -> int:
    """Run the lane's tests against each server and return the first exit code of pytest's that is not 0."""
    python = ensure_environment(extras=["all"], groups=["dev"])
    codes: list[int] = []
    summary: list[str] = []
    for arrangement in arrangements:
        print(f"\n=== {arrangement.description}", flush=True)
        started = time.monotonic()
        code, report = test_one(python, arrangement, pytest_arguments)
        verdict = "ok    " if code in (0, NO_TESTS) else "FAILED"
        summary.append(f"{verdict} {arrangement.description}: {report} in {time.monotonic() - started:.0f} s")
        codes.append(code)
    print("\n" + "\n".join(summary), flush=True)
    # One arrangement may well have none of the tests that were chosen, but not all of them.
    failed = [code for code in codes if code not in (0, NO_TESTS)]
    return failed[0] if failed else min(codes)


def test_one(python: Path, arrangement: Arrangement, pytest_arguments: list[str]) -> tuple[int, RunReport]:
    """Run one arrangement's tests; gives pytest's exit code and the counts."""
    with running_server(arrangement) as server:
        print(f"It answers at {server.under_test.url} after {server.seconds_to_start:.0f} s", flush=True)
        report_file = server.folder / "report.json"
        code = subprocess.run(
            [str(python), "-m", "pytest", "-q", *(f"{TESTS}/{name}" for name in arrangement.tests), *pytest_arguments],
            cwd=ROOT,
            env={**os.environ, VARIABLE: server.under_test.to_json(), REPORT_VARIABLE: str(report_file)},
            check=False,
        ).returncode
        report = RunReport.read(report_file)
        if server.process.poll() is not None:
            raise LaneError(f"The server died during the tests.\n{tail(server.log)}")
    if code in (0, NO_TESTS):
        shutil.rmtree(server.folder)
    else:
        print(f"The server's log: {server.log}", flush=True)
    return code, report


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line; without a command the lane's tests run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("install", help="make the servers' environments")
    starting = commands.add_parser("start", help="serve in the foreground until Ctrl-C")
    starting.add_argument("--arrangement", choices=list(ARRANGEMENTS), default="current")
    starting.add_argument("--profile", type=Profile, choices=list(Profile), default=Profile.DEFAULT)
    starting.add_argument("--port", type=int, default=9001)
    testing = commands.add_parser("test", help="run the tests (the default); all other arguments go to pytest")
    testing.add_argument("--arrangement", choices=list(ARRANGEMENTS), action="append", default=[])
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
                return start(ARRANGEMENTS[arguments.arrangement], arguments.profile, arguments.port)
            case _:
                names = arguments.arrangement or ARRANGEMENTS
                return test([ARRANGEMENTS[name] for name in names], arguments.pytest_arguments)
    except LaneError as error:
        print(error, file=sys.stderr)
        return CANNOT_RUN


def end_in_order(number: int, frame: FrameType | None) -> None:
    """Turn a request to end into an exception."""
    del frame
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
