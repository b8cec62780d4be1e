"""The code blocks of README.md run one after another, as in one session at the prompt."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from page_media import box_at
from page_session import PageSession
from recording_server import RecordingServer

from inference_ext import ObjectDetectionResult

README = Path(__file__).parents[2] / "README.md"


def test_readme(run: Callable[..., PageSession], server: RecordingServer) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert blocks
    done = run(*blocks)
    first, awaited = done.values["result"]
    for result in (first, awaited, *done.only("results")):
        assert isinstance(result, ObjectDetectionResult)
        assert [box.class_ for box in result.predictions] == ["red", "green", "blue"]
        assert [box.x for box in result.predictions] == pytest.approx(
            [box_at(left)["x"] for left in (40, 240, 440)], abs=2.5
        )
    assert len(done.only("results")) == 3
    assert [box["class"] for box in done.only("plain")["predictions"]] == ["red", "green", "blue"]
    assert [line.split()[0] for line in done.output.splitlines()] == ["red", "green", "blue"]
    (face,) = done.only("faces").predictions
    assert (face.x, face.y) == pytest.approx((224, 115), abs=15)  # the middle of her face
    asked = [request for request in server.requests if request.path.startswith("/infer/")]
    assert [request.json.get("confidence") for request in asked] == [0.5, None, None, None, None, None]
