"""Every program and every command of README.md and of docs runs, and prints what the page says it prints."""

from __future__ import annotations

import gc
import sys
from collections.abc import Generator
from pathlib import Path

import cv2
import numpy as np
import pytest
from code_blocks import ROOT, pages
from mjpeg import camera
from page_run import PageRun
from page_world import SITE, Addresses, make_folder, page_script, without_network

from inference_ext.local.photographs import photograph
from inference_ext.testing import embedded_server

sys.path.append(str(SITE))

FIRST_PAGE = ROOT / "docs" / "index.md"
SHOWN = ROOT / "docs" / "images" / "found.png"


@pytest.fixture
def page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[PageRun]:
    monkeypatch.chdir(make_folder(tmp_path))
    for name in ("INFERENCE_EXT_PROGRESS", "INFERENCE_EXT_TRACEBACK", "INFERENCE_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)
    coins = cv2.imencode(".jpg", np.asarray(photograph("coins").load()))[1].tobytes()
    with embedded_server(page_script()) as server, camera([coins]) as video, without_network():
        yield PageRun(tmp_path, Addresses(server.removeprefix("http://"), video))
        gc.collect()  # what a page leaves open shows in its own test


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_programs_of_a_page_run(page: Path, page_run: PageRun) -> None:
    page_run.run(page)


def test_picture_on_the_first_page_is_what_its_program_draws(
    page_run: PageRun, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    page_run.run(FIRST_PAGE)
    drawn = (tmp_path / "found.png").read_bytes()
    if request.config.getoption("--write-pages"):
        SHOWN.write_bytes(drawn)
    there, here = (
        cv2.imdecode(np.frombuffer(file, np.uint8), cv2.IMREAD_COLOR) for file in (SHOWN.read_bytes(), drawn)
    )
    assert there.shape == here.shape
    # Another version of OpenCV may draw a line a little differently.
    assert np.abs(there.astype(int) - here).mean() < 1
