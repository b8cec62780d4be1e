"""Flags around routes are read from the server's source, so that a new one does not hide its routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from schema_tools.errors import SchemaError
from schema_tools.layout import Layout
from schema_tools.profile import load_profile
from schema_tools.route_flags import flags_around_routes, unknown_flags

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = """
from fastapi import FastAPI

class HttpInterface:
    def __init__(self):
        app = FastAPI()
        if METRICS_ENABLED:
            app.add_middleware(Metrics)
        if not (LAMBDA or GCP_SERVERLESS):
            @app.get("/info")
            def info():
                if API_LOGGING_ENABLED:
                    log()
            if CORE_MODELS_ENABLED and POSE_ENABLED:
                @app.post("/pose")
                @with_errors
                async def pose():
                    pass
        else:
            @app.get("/hosted")
            def hosted():
                pass
        if ENABLE_BUILDER:
            app.include_router(builder_router)
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "http_api.py"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_only_conditions_around_routes_count(source: Path) -> None:
    found = flags_around_routes(source)
    assert found == {"LAMBDA", "GCP_SERVERLESS", "CORE_MODELS_ENABLED", "POSE_ENABLED", "ENABLE_BUILDER"}


def test_the_profile_lacks_the_new_one(source: Path) -> None:
    assert unknown_flags(source, load_profile(Layout())) == ["POSE_ENABLED"]


@pytest.mark.parametrize("text", ["app = 1\n", "def broken(:\n"])
def test_a_module_without_routes_is_refused(source: Path, text: str) -> None:
    source.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=r"http_api\.py: (declares no routes|the server's routes cannot be read)"):
        flags_around_routes(source)


def test_a_module_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match=r"gone\.py: the server's routes cannot be read there"):
        flags_around_routes(tmp_path / "gone.py")
