"""A live source either waits for the consumer or goes on with its newest frame."""

from __future__ import annotations

from collections.abc import Generator
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from left_behind import wait_until, worker_threads
from mjpeg import SECONDS_PER_FRAME, camera
from taking_streams import TAKERS, Take

from inference_ext import InferenceConfiguration, InferenceHTTPClient

SHADES = [10 * number for number in range(25)]
BEHIND = 8 * SECONDS_PER_FRAME
"""Seconds the consumer takes for each frame."""


@pytest.fixture
def url() -> Generator[str]:
    pictures = [cv2.imencode(".jpg", np.full((48, 64, 3), shade, np.uint8))[1].tobytes() for shade in SHADES]
    with camera(pictures) as address:
        yield address


both = pytest.mark.parametrize("take", TAKERS.values(), ids=TAKERS.keys())


def check_that_frames_are_what_their_numbers_say(items: list[tuple[int, Any, Any]]) -> None:
    for number, pixels, result in items:
        shade = SHADES[number % len(SHADES)]
        assert abs(int(pixels.mean()) - shade) <= 3
        assert abs(result["predictions"][0]["class_id"] - shade) <= 6


@both
def test_dropping_goes_on_with_the_newest_frame(take: Take, client: InferenceHTTPClient, url: str) -> None:
    client.configure(InferenceConfiguration(source_buffer_filling_strategy="drop_oldest", max_concurrent_requests=1))
    items = take(client, url, 5, BEHIND)
    check_that_frames_are_what_their_numbers_say(items)
    numbers = [number for number, _, _ in items]
    # The first two come at once; each later one is read when the consumer took the one before, 8 frames later.
    assert all(later - earlier >= 5 for earlier, later in pairwise(numbers[1:])), numbers
    # The frame that was being read when the stream was left.
    assert wait_until(lambda: not worker_threads(), 5)


@both
def test_waiting_takes_every_frame(take: Take, client: InferenceHTTPClient, url: str) -> None:
    client.configure(InferenceConfiguration(max_concurrent_requests=1))
    items = take(client, url, 5, BEHIND)
    check_that_frames_are_what_their_numbers_say(items)
    assert [number for number, _, _ in items] == [0, 1, 2, 3, 4]


@both
def test_a_file_never_drops_frames(take: Take, client: InferenceHTTPClient, tmp_path: Path) -> None:
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for shade in SHADES[:4]:
        writer.write(np.full((48, 64, 3), shade, np.uint8))
    writer.release()
    client.configure(InferenceConfiguration(source_buffer_filling_strategy="drop_oldest", max_concurrent_requests=1))
    for source in (str(path), path, path.as_uri()):
        assert [number for number, _, _ in take(client, source, 4, BEHIND)] == [0, 1, 2, 3]


@both
def test_the_end_of_a_live_source_is_the_end_of_the_stream(take: Take, client: InferenceHTTPClient) -> None:
    """A camera that hangs up: what was read last is still handed on."""
    picture = cv2.imencode(".jpg", np.full((48, 64, 3), 50, np.uint8))[1].tobytes()
    client.configure(InferenceConfiguration(source_buffer_filling_strategy="drop_oldest"))
    with camera([picture], frames_sent=3) as address:
        items = take(client, address, 100, BEHIND)
    assert items
    assert items[-1][0] == 2
