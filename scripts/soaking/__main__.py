"""`python -m soaking`, started by scripts/soak.py: one run, from the server's start to the verdict."""

from __future__ import annotations

import argparse
import faulthandler
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
import traceback
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from real_server.arrangements import ARRANGEMENTS
from real_server.errors import LaneError
from real_server.server import PreparedServer, prepared_server
from real_server.under_test import VARIABLE

from soaking.async_load import AsyncLoad
from soaking.faults import HOST, FaultyServer
from soaking.ledger import Ledger
from soaking.leftovers import Baseline
from soaking.loads import BLOCKING_LOADS
from soaking.outages import Outages
from soaking.page import PAGE, Report
from soaking.pictures import numbers
from soaking.resources import Sample, find_growth, find_kept_memory, take_sample, take_settled_sample
from soaking.world import MARGIN, SETTINGS, Media, World, open_clients

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

FAILED = 1
CANNOT_RUN = 10  # as in the lanes
GRACE = SETTINGS.request_timeout
SAMPLE_EVERY = 1.0
WARM_UP = 120.0
"""Seconds, or a third of a short run; every thread that allocates takes some memory for later."""
QUIET_END = GRACE + 2.0
"""Seconds without faults at the end, so that all calls can end well."""
END_LIMIT = 150.0
"""Seconds the calls under way have to end."""
PORTS = range(21037, 21057)
"""Below those that systems give to outgoing connections: one of them could take the port while the server is away."""


class Run:
    """One run.

    Args:
        prepared: The server.
        arguments: Those of the command line.

    """

    def __init__(self, prepared: PreparedServer, arguments: argparse.Namespace) -> None:
        self._prepared = prepared
        self._arguments = arguments
        self._outages = Outages(GRACE)
        self._ledger = Ledger(self._outages)
        self._samples: list[Sample] = []
        self._over = threading.Event()

    def run(self, folder: Path) -> Report:
        """Do it all; files go into `folder`."""
        server = FaultyServer(self._prepared, self._outages, self._arguments.seed)
        counter = numbers(1)
        media = Media.write(folder, counter)
        with server.serving(), self._odd_errors_found():
            # What a first call loads and keeps for good is no leftover.
            open_and_close(self._prepared.under_test.url)
            baseline, first = Baseline(self._prepared.port), take_settled_sample()
            clients = open_clients(self._prepared.under_test.url)
            version = self._prepared.under_test.version
            world = World(clients, media, self._ledger, counter, version, self._over)
            began = time.monotonic()
            print(f"Soaking for {self._arguments.minutes:g} minutes", flush=True)
            self._soak(world, server, began + self._arguments.minutes * 60)
            clients.close()
            for left in baseline.find_leftovers():
                self._ledger.find(left)
            last = take_settled_sample()
        warm = began + min(WARM_UP, self._arguments.minutes * 60 / 3)
        quiet = [s for s in self._samples if s.time > warm and not self._outages.explain(s.time, s.time)]
        for growth in [*find_growth(quiet), *find_kept_memory(first, last)]:
            self._ledger.find(growth)
        return self._report(first, quiet, last)

    def _soak(self, world: World, server: FaultyServer, end: float) -> None:
        asynchronous = AsyncLoad(world)
        loads: list[Callable[[], None]] = [lambda load=load: load(world) for load in BLOCKING_LOADS]
        loads.append(asynchronous.run)
        threads = [threading.Thread(target=load, name=f"load {index}", daemon=True) for index, load in enumerate(loads)]
        faults = threading.Thread(target=self._make_faults, args=(server, end - QUIET_END), name="faults", daemon=True)
        for thread in [*threads, faults]:
            thread.start()
        while (time.monotonic() < end or faults.is_alive()) and not self._over.is_set():
            time.sleep(SAMPLE_EVERY)
            self._samples.append(take_sample(asynchronous.number_of_tasks()))
            self._ledger.find_overdue()
            ended = [thread.name for thread in threads if not thread.is_alive()]
            if ended:
                self._ledger.find(f"ended before their time: {ended}")
                break
        self._over.wait(0 if self._over.is_set() else QUIET_END)
        self._over.set()
        limit = time.monotonic() + END_LIMIT
        for thread in [*threads, faults]:
            thread.join(max(0.0, limit - time.monotonic()))
        stuck = [thread.name for thread in [*threads, faults] if thread.is_alive()]
        if stuck:
            faulthandler.dump_traceback()
            self._ledger.find(f"did not end within {END_LIMIT:.0f} s: {stuck}")

    def _make_faults(self, server: FaultyServer, until: float) -> None:
        try:
            server.make_faults(until, self._over)
        except LaneError as error:
            self._ledger.find(f"the run broke off: {error}")
            self._over.set()

    @contextmanager
    def _odd_errors_found(self) -> Generator[None]:
        """Have errors that nobody could catch be findings: in threads of the package, in finalisers."""

        def in_thread(arguments: threading.ExceptHookArgs) -> None:
            lines = traceback.format_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
            self._ledger.find(f"in thread {arguments.thread}: {''.join(lines)}")

        def unraisable(arguments: Any) -> None:
            self._ledger.find(f"in {arguments.object!r}: {arguments.exc_value!r}")

        threading.excepthook, sys.unraisablehook = in_thread, unraisable
        try:
            with warnings.catch_warnings():
                # Raised in a finaliser, where they become errors that nobody can catch.
                warnings.simplefilter("error", ResourceWarning)
                warnings.filterwarnings("error", message="coroutine .* was never awaited")
                yield
        finally:
            threading.excepthook, sys.unraisablehook = threading.__excepthook__, sys.__unraisablehook__

    def _report(self, first: Sample, quiet: list[Sample], last: Sample) -> Report:
        chosen = f"--minutes {self._arguments.minutes:g} --seed {self._arguments.seed}"
        return Report(
            command=f"python3 scripts/soak.py {chosen} --write",
            minutes=self._arguments.minutes,
            seed=self._arguments.seed,
            server_version=self._prepared.under_test.version,
            grace=GRACE,
            margin=MARGIN,
            accounts=self._ledger.accounts(),
            outages=self._outages.all(),
            first_sample=first,
            quiet_samples=quiet,
            last_sample=last,
            number_of_findings=self._ledger.number_of_findings,
            findings=self._ledger.findings,
        )


def open_and_close(url: str) -> None:
    """Make clients, use them, close them."""
    open_clients(url).close()


def free_port() -> int:
    """Return the first of some ports that is free.

    Raises:
        LaneError: None is.

    """
    for port in PORTS:
        with socket.socket() as probe:
            # As the server itself does: a port whose last connections are still winding down is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise LaneError(f"All ports from {PORTS[0]} to {PORTS[-1]} on {HOST} are taken.")


def parse() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="scripts/soak.py", description="Soak the client; see the script's docstring.")
    parser.add_argument("--minutes", type=float, default=10.0, help="how long the calls go on")
    parser.add_argument("--seed", type=int, default=1, help="of the times and the order of the faults")
    parser.add_argument("--write", action="store_true", help="write docs/soak.md")
    arguments = parser.parse_args()
    if not 1 <= arguments.minutes <= 24 * 60:
        parser.error("--minutes: expected 1 to 1440")
    return arguments


def main() -> int:
    """Run, report, and return the exit code."""
    arguments = parse()
    faulthandler.enable()
    signal.signal(signal.SIGTERM, end_in_order)
    signal.signal(signal.SIGINT, end_in_order)
    try:
        with (
            prepared_server(ARRANGEMENTS["current"], port=free_port()) as prepared,
            tempfile.TemporaryDirectory() as folder,
        ):
            # The checks of the answers, which the tests of the real server share, ask for it.
            os.environ[VARIABLE] = prepared.under_test.to_json()
            report = Run(prepared, arguments).run(Path(folder))
            if not report.number_of_findings:
                shutil.rmtree(prepared.folder, ignore_errors=True)
            else:
                print(f"The server's log: {prepared.log}", flush=True)
    except LaneError as error:
        print(error, file=sys.stderr)
        return CANNOT_RUN
    page = report.page()
    print(page)
    if arguments.write:
        PAGE.write_text(page, encoding="utf-8")
    return FAILED if report.number_of_findings else 0


def end_in_order(number: int, frame: FrameType | None) -> None:
    """Turn a request to end into an exception, so that the server is stopped on the way out."""
    del frame
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
