"""Takes the server away at random times and brings it back, on the same port."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import time
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from real_server.errors import LaneError

from soaking.world import MODELS

if TYPE_CHECKING:
    import threading
    from collections.abc import Generator

    from real_server.server import PreparedServer

    from soaking.outages import Outages

__all__ = ["HOST", "Fault", "FaultyServer"]

QUIET_SECONDS = (16.0, 26.0)
"""Between the end of one outage and the next; with the outages themselves, a fault comes every 30 to 45 s."""
FROZEN_SECONDS = (4.0, 16.0)
"""Shorter and longer than the clients' `request_timeout`."""
DOWN_SECONDS = (0.0, 4.0)
"""Before the server is started again, which takes its own time."""
END_LIMIT = 10.0
"""Seconds to answer what is under way after SIGTERM."""
LOAD_LIMIT = 60.0
"""Seconds in which a started server must have loaded the models."""
HOST = "127.0.0.1"


class Fault(StrEnum):
    """What happens to the server."""

    KILL = "SIGKILL"
    END = "SIGTERM"
    FREEZE = "SIGSTOP"


class FaultyServer:
    """A server, running from the start of its block to the end but for the faults.

    Args:
        prepared: Where it is started from.
        outages: Is told of every fault.
        seed: Of the times and of the order of the faults.

    """

    def __init__(self, prepared: PreparedServer, outages: Outages, seed: int) -> None:
        # Pipelines are not soaked, and without the process that manages them the server starts sooner.
        self._prepared = replace(prepared, variables={**prepared.variables, "ENABLE_STREAM_API": "False"})
        self._outages = outages
        self._random = random.Random(seed)  # noqa: S311 - a seed gives the same run again
        self._running = ExitStack()
        self._process: subprocess.Popen[bytes]

    @contextmanager
    def serving(self) -> Generator[None]:
        """Run the server."""
        try:
            self._start()
            yield
        finally:
            self._running.close()

    def make_faults(self, until: float, over: threading.Event) -> None:
        """Make one fault after another; each kind comes as often as the others.

        Args:
            until: Value of `time.monotonic()` after which none begins.
            over: Ends it early.

        """
        bag: list[Fault] = []
        while not over.wait(self._random.uniform(*QUIET_SECONDS)) and time.monotonic() < until:
            if self._process.poll() is not None:
                raise LaneError(f"The server ended by itself, with exit code {self._process.returncode}.")
            if not bag:
                bag = [*Fault]
                self._random.shuffle(bag)
            fault = bag.pop()
            started = time.monotonic()
            with self._outages.outage(fault):
                self._make(fault, over)
            print(f"{fault}: away for {time.monotonic() - started:.1f} s", flush=True)

    def _make(self, fault: Fault, over: threading.Event) -> None:
        if fault is Fault.FREEZE:
            os.killpg(self._process.pid, signal.SIGSTOP)
            try:
                over.wait(self._random.uniform(*FROZEN_SECONDS))
            finally:
                os.killpg(self._process.pid, signal.SIGCONT)
            self._load_models()
            return
        if fault is Fault.KILL:
            os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.terminate()
        with suppress(subprocess.TimeoutExpired):  # what does not end by itself is ended below
            self._process.wait(END_LIMIT)
        self._running.close()
        over.wait(self._random.uniform(*DOWN_SECONDS))
        self._start()

    def _start(self) -> None:
        begun = time.monotonic()
        self._process = self._running.enter_context(self._prepared.started())
        answered = time.monotonic()
        self._load_models()
        print(
            f"Started: answers after {answered - begun:.1f} s, models loaded after {time.monotonic() - answered:.1f} s",
            flush=True,
        )

    def _load_models(self) -> None:
        """Have the server load every model, as the calls of all clients do at the same time.

        Raises:
            LaneError: It does not.

        """
        limit = time.monotonic() + LOAD_LIMIT
        for model in MODELS:
            body = json.dumps({"model_id": model.model_id, "api_key": "unused"})
            while not _is_accepted(self._prepared.port, "/model/add", body):
                if time.monotonic() > limit:
                    raise LaneError(f"The server did not load {model.model_id} within {LOAD_LIMIT:.0f} s.")
                time.sleep(0.2)


def _is_accepted(port: int, path: str, body: str) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=LOAD_LIMIT)
    try:
        connection.request("POST", path, body, {"content-type": "application/json"})
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        return False
    else:
        return answer.status == http.client.OK
    finally:
        connection.close()
