from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE))

from loopback import LoopbackServer  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    """The document the package was generated from."""
    return json.loads((HERE.parents[1] / "openapi" / "openapi.json").read_text(encoding="utf-8"))


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    """A server on a loopback port that answers what a test tells it to."""
    with LoopbackServer() as running:
        yield running
