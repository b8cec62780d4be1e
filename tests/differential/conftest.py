"""The comparison that all cases share, and the counts at the end; the lane's script names the peer's Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import ExitStack

import pytest
from recording_server import recording_server

from differential.case import Environment
from differential.intended import Row, read_rows
from differential.libraries import PEER_VARIABLE, Comparator, Library, running_library
from differential.media import make_media

COMPARATOR = pytest.StashKey[Comparator]()


def pytest_configure() -> None:
    """Refuse to run without the other library: a comparison with nothing proves nothing."""
    if not os.environ.get(PEER_VARIABLE):
        raise pytest.UsageError(
            f"tests/differential needs inference-sdk in an environment of its own, and {PEER_VARIABLE} does not name "
            "its Python. Run `python3 scripts/differential_lane.py`, which makes it; the ordinary tests run with "
            "`--ignore=tests/differential`."
        )


@pytest.fixture(scope="session")
def rows() -> list[Row]:
    return read_rows()


@pytest.fixture(scope="session")
def comparator(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Generator[Comparator]:
    folder = tmp_path_factory.mktemp("differential")
    media = make_media(folder / "media")
    with recording_server() as server, ExitStack() as running:

        def start(environment: Environment) -> tuple[Library, Library]:
            peer = running_library("inference_sdk", os.environ[PEER_VARIABLE], folder, environment)
            ours = running_library("inference_ext", sys.executable, folder, environment)
            return running.enter_context(peer), running.enter_context(ours)

        made = Comparator(start, server, media)
        pytestconfig.stash[COMPARATOR] = made
        yield made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print how much was compared."""
    made = config.stash.get(COMPARATOR, None)
    if made is None:
        return
    rows = read_rows()
    places = [(case, found) for case, differences in made.found.items() for found in differences]
    intended = sum(any(row.matches(case, found) for row in rows) for case, found in places)
    equal = sum(not found for found in made.found.values())
    terminalreporter.write_line(
        f"{made.calls} calls compared in {len(made.found)} cases: {equal} cases equal, "
        f"{len(made.found) - equal} with differences at {len(places)} places, "
        f"{intended} of them intended ({len(rows)} rows in docs/differences.md), {len(places) - intended} not"
    )
