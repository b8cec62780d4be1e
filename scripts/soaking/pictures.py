"""Numbered pictures: every input of a run is another one, so that no answer can pass for another's."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import cv2

from tests.real_server.scenes import RGB, Rectangle, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = ["numbered_scene", "numbers", "write_directory", "write_video"]

SIZE = (320, 240)
# As in tests/real_server/scenes.py: x in multiples of 2 and y in multiples of 3, so that every answer is exact.
RECTANGLE = (28, 42)
COLUMNS, ROWS = 39, 66
"""Places of a rectangle in its third of the picture."""
PLACES = COLUMNS * ROWS
STEP = 1201
"""Has no factor in common with `PLACES`, and brings neighbours far apart: videos are judged with a tolerance."""


def numbered_scene(number: int) -> Scene:
    """Return the scene of a number; no two numbers below six million have the same."""
    places = (number * STEP % PLACES, (number * STEP + number // PLACES) % PLACES, number // PLACES % PLACES)
    return Scene(
        tuple(_rectangle(colour, index, place) for index, (colour, place) in enumerate(zip(RGB, places, strict=True))),
        *SIZE,
    )


def _rectangle(colour: str, index: int, place: int) -> Rectangle:
    left, top = 106 * index + 2 * (place % COLUMNS), 3 * (place // COLUMNS)
    return Rectangle(colour, left, top, left + RECTANGLE[0], top + RECTANGLE[1])


def numbers(first: int = 0) -> Iterator[int]:
    """Count on; `next` is safe in any thread."""
    return itertools.count(first)


def write_directory(folder: Path, chosen: Sequence[int]) -> list[Path]:
    """Write pictures as PNG files whose names are in the order of the numbers."""
    folder.mkdir(parents=True)
    paths = [folder / f"{index:04d}.png" for index in range(len(chosen))]
    for path, number in zip(paths, chosen, strict=True):
        path.write_bytes(numbered_scene(number).png)
    return paths


def write_video(path: Path, chosen: Sequence[int]) -> None:
    """Write pictures as the frames of a video, each a JPEG of its own."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, SIZE)
    writer.set(cv2.VIDEOWRITER_PROP_QUALITY, 100)
    for number in chosen:
        writer.write(numbered_scene(number).bgr)
    writer.release()
