"""The two libraries, each in a process of its own, and one recording server for both."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from recording_server import RecordingServer, Reply, Request

from differential.case import Case, Environment
from differential.comparison import Difference, compare_observations
from differential.observation import Tree, observe

__all__ = ["PEER_VARIABLE", "Comparator", "Library", "running_library"]

PEER_VARIABLE = "INFERENCE_EXT_PEER_PYTHON"
"""Environment variable: the Python that has inference-sdk."""

RUNNER = Path(__file__).with_name("runner.py")
SECONDS_PER_CASE = 60.0

#: Both libraries read these when they start. Loopback pictures are allowed, because the recording server serves them.
_VARIABLES = {"ALLOW_URL_TO_NON_GLOBAL_ADDRESSES": "True", "NO_PROXY": "*", "WORKFLOW_RUN_RETRIES_ENABLED": "True"}
_PASSED_ON = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ")
_WRONG_CASE = re.compile("unexpected keyword argument|Client' object has no attribute|required positional argument")


class Library:
    """A running `runner.py`."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.name = name
        self._process = process

    def run(self, message: dict[str, Any]) -> list[Any]:
        """Run one case; gives the outcome of each of its steps."""
        sending, answering = self._process.stdin, self._process.stdout
        assert sending is not None
        assert answering is not None
        print(json.dumps(message), file=sending, flush=True)
        ready, _, _ = select.select([answering], [], [], SECONDS_PER_CASE)
        line = answering.readline() if ready else ""
        if not line:
            what = "ended" if self._process.poll() is not None else f"said nothing for {SECONDS_PER_CASE:.0f} s"
            raise RuntimeError(f"the runner of {self.name} {what}; its words are on standard error")
        outcomes: list[Any] = json.loads(line)
        return outcomes


@contextmanager
def running_library(name: str, python: str, folder: Path, environment: Environment) -> Generator[Library]:
    """Start the runner of one library; it ends with the block."""
    passed_on = {variable: os.environ[variable] for variable in _PASSED_ON if variable in os.environ}
    variables = {**passed_on, **_VARIABLES, **environment}
    process = subprocess.Popen(
        [python, str(RUNNER), name],
        cwd=folder,
        env={variable: value for variable, value in variables.items() if value is not None},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Library(name, process)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


class Comparator:
    """Sends cases through both libraries and keeps what it found."""

    def __init__(
        self, start: Callable[[Environment], tuple[Library, Library]], server: RecordingServer, media: Path
    ) -> None:
        self._start = start
        self._running: dict[str, tuple[Library, Library]] = {}
        self._server = server
        self._media = media
        self.found: dict[str, list[Difference]] = {}
        """The differences of each case that was compared, by its id."""

        self.calls = 0
        """Calls made with each library."""

    def compare(self, case: Case) -> list[Difference]:
        """Run a case through both libraries, unless it was run before."""
        if case.id not in self.found:
            peer, ours = self._libraries(case.environment)
            self.found[case.id] = compare_observations(self._observe(peer, case), self._observe(ours, case))
            self.calls += sum(step.kind == "call" for step in case.steps)
        return self.found[case.id]

    def _libraries(self, environment: Environment) -> tuple[Library, Library]:
        """Give both libraries, started in this environment: most of its variables are read but once."""
        name = json.dumps(environment, sort_keys=True)
        if name not in self._running:
            self._running[name] = self._start(environment)
        return self._running[name]

    def _observe(self, library: Library, case: Case) -> Tree:
        answer = case.server()
        self._server.requests.clear()
        self._server.answer = lambda request: self._picture(request) or answer(request)
        outcomes = library.run(case.message(str(self._media), self._server.url))
        for outcome in outcomes:
            # Two equal refusals of a misspelt argument would look like agreement.
            if _WRONG_CASE.search(outcome.get("text", "")):
                raise ValueError(f"the case {case.id} does not fit {library.name}: {outcome['text']}")
        return observe(outcomes, list(self._server.requests), self._server.url, unordered=case.unordered)

    def _picture(self, request: Request) -> Reply | None:
        if not request.path.startswith("/media/"):
            return None
        return Reply((self._media / Path(request.path).name).read_bytes(), headers={"Content-Type": "image/png"})
