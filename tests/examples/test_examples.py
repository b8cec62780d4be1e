"""The programs of `examples/`, run as users run them: each a process of its own, real images, a server on a port."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest

from inference_ext import InferenceHTTPClient
from inference_ext.local.photographs import photograph
from inference_ext.testing import InferenceScript, embedded_server

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def script() -> InferenceScript:
    """The built-in models, and what a test adds."""
    return InferenceScript()


@pytest.fixture
def url(script: InferenceScript) -> Generator[str]:
    with embedded_server(script) as address:
        yield address


def run(name: str, *arguments: str | Path, folder: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a copy, so that it finds nothing beside it."""
    program = shutil.copy(EXAMPLES / name, folder)
    done = subprocess.run(
        [sys.executable, "-W", "error", program, *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == status, done.stderr
    return done


def expected(image: Any, model: str) -> list[dict[str, Any]]:
    with InferenceHTTPClient.embedded() as client:
        predictions: list[dict[str, Any]] = client.infer(image, model_id=model)["predictions"]
    return predictions


def test_every_example_is_run_here() -> None:
    here = Path(__file__).read_text()
    names = {path.name for path in EXAMPLES.glob("*.py")}
    assert names == set(re.findall(r'"(\w+\.py)"', here)) | {"asyncio_service.py"}


def test_first_predictions(tmp_path: Path) -> None:
    done = run("first_predictions.py", tmp_path / "pictures", folder=tmp_path)
    assert "face" in done.stdout
    assert {path.name for path in (tmp_path / "pictures").iterdir()} == {"coins.png", "faces.png"}


def test_one_image(tmp_path: Path, url: str) -> None:
    image = Path(shutil.copy(photograph("astronaut").path, tmp_path))
    done = run("one_image.py", image, "faces/1", url, folder=tmp_path)
    face = next(each for each in expected(image, "faces/1") if each["confidence"] >= 0.4)
    assert f"face: {face['confidence']:.2f} at ({face['x']:.0f}, {face['y']:.0f})" in done.stdout
    drawn = cv2.imread(str(tmp_path / f"{image.stem}-annotated.png"))
    original = cv2.imread(str(image))
    assert drawn is not None
    assert original is not None
    assert drawn.shape == original.shape
    assert not np.array_equal(drawn, original)


def test_an_error_is_one_line(tmp_path: Path, url: str) -> None:
    done = run("one_image.py", "gone.jpg", "faces/1", url, folder=tmp_path, status=1)
    assert re.fullmatch(r"error: .*gone\.jpg.*\n", done.stderr)


def test_folder_to_csv(tmp_path: Path, url: str) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("astronaut", "coins"):
        shutil.copy(photograph(name).path, folder)
    (folder / "broken.png").write_bytes(b"broken")
    done = run("folder_to_csv.py", folder, "objects/1", tmp_path / "found.csv", url, folder=tmp_path)
    assert "1 images failed" in done.stdout
    assert "3/3" in done.stderr
    with (tmp_path / "found.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for path in folder.iterdir():
        own = [(float(row["x"]), float(row["y"])) for row in rows if Path(row["image"]).name == path.name]
        predictions = [] if path.name == "broken.png" else expected(path, "objects/1")
        assert own == [(each["x"], each["y"]) for each in predictions]


def test_annotate_video(tmp_path: Path, url: str) -> None:
    picture = cv2.imread(str(photograph("coins").path))
    assert picture is not None
    height, width = picture.shape[:2]
    writer = cv2.VideoWriter(str(tmp_path / "clip.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 12, (width, height))
    for shift in range(0, 60, 10):
        writer.write(np.roll(picture, shift, axis=1))
    writer.release()
    run("annotate_video.py", "clip.avi", "objects/1", "annotated.mp4", url, folder=tmp_path)
    source, drawn = cv2.VideoCapture(str(tmp_path / "clip.avi")), cv2.VideoCapture(str(tmp_path / "annotated.mp4"))
    assert drawn.get(cv2.CAP_PROP_FPS) == pytest.approx(12)
    for _ in range(6):
        (had, before), (has, after) = source.read(), drawn.read()
        assert had
        assert has
        assert after.shape == before.shape
        assert np.mean(np.abs(after.astype(int) - before.astype(int)) > 60) > 0.005  # something is drawn
    assert not drawn.read()[0]


def test_run_workflow(tmp_path: Path, url: str, script: InferenceScript) -> None:
    picture = np.full((20, 30, 3), (10, 120, 240), np.uint8)
    workflow = script.workflow("my-team", "count-cars")
    workflow.answers_with({"count": 3, "drawing": picture})
    image = Path(shutil.copy(photograph("coins").path, tmp_path))
    done = run("run_workflow.py", "my-team", "count-cars", image, url, folder=tmp_path)
    assert done.stdout.splitlines() == ["count: 3", "drawing: a picture of 30x20, saved"]
    assert np.array_equal(cv2.imread(str(tmp_path / "drawing.png")), picture)


def test_asyncio_service(tmp_path: Path, url: str, script: InferenceScript) -> None:
    program = shutil.copy(EXAMPLES / "asyncio_service.py", tmp_path)
    command = [sys.executable, "-m", "uvicorn", f"{Path(program).stem}:service", "--port", "0"]
    environment = {**os.environ, "INFERENCE_URL": url, "MODEL": "faces/1"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as service:
        try:
            address = address_of(service)
            image = photograph("astronaut").path.read_bytes()
            found = httpx.post(f"{address}/count", content=image, timeout=30)
            assert (found.status_code, found.json()) == (200, {"face": 1})
            refused = httpx.post(f"{address}/count", content=b"no image", timeout=30)
            assert refused.status_code == 415
            assert "not" in refused.json()["error"]
        finally:
            service.terminate()
    assert len(script.requests) == 1


def address_of(service: subprocess.Popen[str]) -> str:
    """The address a service says it listens on."""
    assert service.stderr is not None
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and (line := service.stderr.readline()):
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0]
    raise AssertionError("the service did not start")
