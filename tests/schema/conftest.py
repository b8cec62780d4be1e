from __future__ import annotations

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parents[1] / "scripts"), str(HERE)]

from schema_project import SchemaProject  # noqa: E402


@pytest.fixture
def project(tmp_path: Path) -> SchemaProject:
    """A copy of the inputs, to be changed freely."""
    return SchemaProject.copy_to(tmp_path)
