"""Directories and videos: order, frame numbers, bounded look-ahead, and an end that leaves nothing open."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from recording_server import RecordingServer

from inference_ext import InferenceConfiguration, InferenceHTTPClient, InvalidInputFormatError

Collect = Callable[..., list[Any]]


def _blocking(client: InferenceHTTPClient, source: Any, limit: int | None = None) -> list[Any]:
    items: list[Any] = []
    stream = client.infer_on_stream(source, model_id="p/1")
    for item in stream:
        items.append(item)
        if len(items) == limit:
            break
    stream.close()
    return items


def _asyncio(client: InferenceHTTPClient, source: Any, limit: int | None = None) -> list[Any]:
    async def run() -> list[Any]:
        items: list[Any] = []
        stream = client.infer_on_stream_async(source, model_id="p/1")
        async for item in stream:
            items.append(item)
            if len(items) == limit:
                break
        await stream.aclose()
        return items

    return asyncio.run(run())


both = pytest.mark.parametrize("collect", [_blocking, _asyncio], ids=["blocking", "asyncio"])


def picture(value: int) -> bytes:
    return cv2.imencode(".png", np.full((8, 8, 3), value, np.uint8))[1].tobytes()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for value in (30, 4, 12, 7, 25):
        (tmp_path / f"frame-{value:03}.png").write_bytes(picture(value))
    (tmp_path / "notes.txt").write_text("not an image")
    (tmp_path / "frame-999.webp").write_bytes(picture(99))
    (tmp_path / "sub.png").mkdir()
    return tmp_path


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    assert writer.isOpened()
    for value in range(12):
        writer.write(np.full((48, 64, 3), value * 20, np.uint8))
    writer.release()
    return path


@both
def test_directory_is_sorted_and_sends_the_files_own_bytes(
    collect: Collect, client: InferenceHTTPClient, directory: Path
) -> None:
    items = collect(client, directory)
    assert [Path(path).name for path, _, _ in items] == [f"frame-{n:03}.png" for n in (4, 7, 12, 25, 30)]
    assert [int(pixels[0, 0, 0]) for _, pixels, _ in items] == [4, 7, 12, 25, 30]
    assert [result["predictions"][0]["class_id"] for _, _, result in items] == [4, 7, 12, 25, 30]


@both
def test_video_frames_are_numbered_to_the_last(collect: Collect, client: InferenceHTTPClient, video: Path) -> None:
    items = collect(client, str(video))
    assert [number for number, _, _ in items] == list(range(12))
    for number, pixels, result in items:
        assert pixels.shape == (48, 64, 3)
        assert abs(int(pixels.mean()) - number * 20) <= 3
        assert abs(result["predictions"][0]["class_id"] - number * 20) <= 6


@both
def test_look_ahead_is_bounded_and_leaving_early_stops(
    collect: Collect, client: InferenceHTTPClient, server: RecordingServer, tmp_path: Path
) -> None:
    for value in range(60):
        (tmp_path / f"{value:03}.png").write_bytes(picture(value))
    client.configure(InferenceConfiguration(max_concurrent_requests=2))
    before = threading.active_count()
    assert len(collect(client, tmp_path, limit=3)) == 3
    assert sum(path.startswith("POST /infer/") for path in server.paths()) <= 3 + 2 * 2
    assert sum("inference-ext" in thread.name for thread in threading.enumerate()) == 0
    assert threading.active_count() <= before + 40  # the recording server's own threads


@both
def test_unreadable_file_follows_on_error(collect: Collect, client: InferenceHTTPClient, directory: Path) -> None:
    (directory / "frame-010.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    with pytest.raises(InvalidInputFormatError, match=r"frame-010\.png") as caught:
        collect(client, directory)
    assert caught.value.input_index == 2
    client.configure(InferenceConfiguration(on_error="return"))
    items = collect(client, directory)
    assert len(items) == 6
    assert isinstance(items[2][2], InvalidInputFormatError)
    assert items[2][1].shape == (0, 0, 3)


@both
def test_source_that_does_not_open_is_told(collect: Collect, client: InferenceHTTPClient, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputFormatError, match="no such file"):
        collect(client, tmp_path / "missing.mp4")
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no video")
    with pytest.raises(InvalidInputFormatError, match="cannot be opened"):
        collect(client, broken)


@both
def test_empty_directory_gives_nothing(collect: Collect, client: InferenceHTTPClient, tmp_path: Path) -> None:
    assert collect(client, tmp_path) == []
