"""The server that the lane started for this run of pytest."""

from __future__ import annotations

from functools import cache

import pytest
from real_server.under_test import VARIABLE, ServerUnderTest


@cache
def server_under_test() -> ServerUnderTest:
    """Return it.

    Raises:
        pytest.UsageError: There is none: a lane that passes because it had nothing to test is worse than none.

    """
    server = ServerUnderTest.from_environment()
    if server is None:
        raise pytest.UsageError(
            f"tests/real_server needs the real server, and {VARIABLE} does not describe one. "
            "Run `python scripts/real_server_lane.py`, which starts it; the ordinary tests run with "
            "`--ignore=tests/real_server`."
        )
    return server
