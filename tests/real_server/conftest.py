"""The server under test and clients for it; `scripts/real_server_lane.py` starts the one and describes it to us."""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# For `tests.real_server` and for `real_server`, the lane's own package, wherever pytest is started.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from real_server.run_report import VARIABLE as REPORT_VARIABLE
from real_server.run_report import RunReport

from inference_ext import InferenceHTTPClient
from tests.real_server.features import missing_feature
from tests.real_server.under_test import server_under_test

if TYPE_CHECKING:
    from collections.abc import Iterator

    from real_server.under_test import ServerUnderTest

OUTCOMES = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
LEFT_OUT = pytest.StashKey[Counter[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, and refuse to run without a server."""
    config.addinivalue_line("markers", "needs(*features): only servers with these features can pass the test")
    server_under_test()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the server cannot pass, and count it by reason."""
    reasons = config.stash[LEFT_OUT] = Counter[str]()
    left_out: list[pytest.Item] = []
    applicable: list[pytest.Item] = []
    for item in items:
        missing = missing_feature(item)
        if missing is None:
            applicable.append(item)
        else:
            reasons[missing.what] += 1
            left_out.append(item)
    config.hook.pytest_deselected(items=left_out)
    items[:] = applicable


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """List what was left out, and tell the lane how the tests ended."""
    reasons = config.stash.get(LEFT_OUT, Counter[str]())
    path = os.environ.get(REPORT_VARIABLE)
    if path:
        outcomes = {name: len(terminalreporter.stats.get(name, [])) for name in OUTCOMES}
        RunReport(outcomes, dict(reasons)).write(Path(path))
    if reasons:
        terminalreporter.write_line(f"{reasons.total()} tests do not apply to this server. They need")
        for reason, count in reasons.most_common():
            terminalreporter.write_line(f"  {count:4d}  {reason}")


@pytest.fixture(scope="session")
def server() -> ServerUnderTest:
    """The server and its surroundings."""
    return server_under_test()


@pytest.fixture(scope="session")
def base(server: ServerUnderTest) -> str:
    """The server's URL, without a trailing slash."""
    return server.url


@pytest.fixture(autouse=True)
def model_files(server: ServerUnderTest) -> None:
    """All models on the server's disk, whichever the test before unloaded."""
    server.model_files.restore()


@pytest.fixture
def client(base: str) -> Iterator[InferenceHTTPClient]:
    """A client in its default mode for this address, v1."""
    with InferenceHTTPClient(base, api_key="unused") as client:
        yield client
