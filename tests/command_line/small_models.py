"""Small pictures, cut out of photographs, and a model that is fast on them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from inference_ext.local import Detection, LocalBackend
from inference_ext.local.photographs import photograph

__all__ = ["MODEL", "SLOW_MODEL", "cut_outs", "small_backend", "write_pictures", "write_video"]

Image = npt.NDArray[np.uint8]

MODEL = "bright/1"
SLOW_MODEL = "slow/1"
SLOW_SECONDS = 0.1
SIDE = 96


def bright_regions(image: Image) -> list[Detection]:
    """A box around each large bright region."""
    grey = cv2.GaussianBlur(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), (5, 5), 0)
    _, bright = cv2.threshold(grey, 130, 255, cv2.THRESH_BINARY)
    _, _, boxes, _ = cv2.connectedComponentsWithStats(bright)
    return [
        Detection(x, y, x + width, y + height, "large" if area > 1000 else "small", min(0.99, 0.3 + area / 4000))
        for x, y, width, height, area in boxes[1:].tolist()
        if area > 100
    ]


def small_backend() -> LocalBackend:
    """The built-in models, one that is fast on small pictures, and the same made slow."""
    backend = LocalBackend()
    names = ["large", "small"]
    backend.register(MODEL, task="object-detection", class_names=names, predict=bright_regions)

    @backend.register(SLOW_MODEL, task="object-detection", class_names=names)
    def slow(image: Image) -> list[Detection]:
        time.sleep(SLOW_SECONDS)
        return bright_regions(image)

    return backend


def cut_outs(number: int) -> list[Image]:
    """Different squares of a photograph of coins."""
    coins = photograph("coins").load()
    steps = ((37 * index % (coins.shape[0] - SIDE), 53 * index % (coins.shape[1] - SIDE)) for index in range(number))
    return [coins[top : top + SIDE, left : left + SIDE] for top, left in steps]


def write_pictures(folder: Path, names: Sequence[str] | int) -> list[Path]:
    """Write pictures under these names, or so many as `000.png` and on."""
    wanted = [f"{number:03}.png" for number in range(names)] if isinstance(names, int) else names
    paths = [folder / name for name in wanted]
    for path, picture in zip(paths, cut_outs(len(paths)), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        assert cv2.imwrite(str(path), picture)
    return paths


def write_video(path: Path, frames: int, frames_a_second: float = 12.5) -> Path:
    """Write a video of MPEG-4 frames."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), frames_a_second, (SIDE, SIDE))
    assert writer.isOpened()
    for picture in cut_outs(frames):
        writer.write(picture)
    writer.release()
    return path
