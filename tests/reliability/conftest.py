"""The table of faults is one for all tests of this folder."""

from __future__ import annotations

import pytest

from tests.reliability.page import Table


@pytest.fixture(scope="session")
def fault_table() -> Table:
    return Table()
