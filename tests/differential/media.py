"""The pictures, directories and videos that both libraries are given; smooth, so that JPEG changes them little."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

__all__ = ["make_media"]


def make_media(folder: Path) -> Path:
    """Write all media into a new folder."""
    folder.mkdir()
    bgr = smooth(90, 120, 0)
    np.save(folder / "bgr.npy", bgr)
    np.save(folder / "gray.npy", bgr[:, :, 1])
    np.save(folder / "float.npy", bgr.astype(np.float32) / 255)
    np.save(folder / "wide16.npy", bgr.astype(np.uint16) * 256)
    np.save(folder / "large.npy", smooth(1000, 1200, 0))
    np.save(folder / "odd.npy", smooth(101, 333, 0))
    written(folder / "small.png", bgr)
    written(folder / "small.jpg", bgr)
    written(folder / "large.png", smooth(1000, 1200, 0))
    for number in range(3):
        written(folder / f"picture{number}.png", smooth(90, 120, 60 * number))
    Image.fromarray(bgr[:, :, ::-1]).convert("RGBA").save(folder / "rgba.png")
    turned = Image.fromarray(np.ascontiguousarray(bgr[:, :, ::-1]))
    exif = turned.getexif()
    exif[0x0112] = 6
    turned.save(folder / "turned.jpg", quality=95, exif=exif)
    (folder / "text.txt").write_text("not an image")
    _directory(folder / "directory")
    _video(folder / "clip.avi")
    return folder


def smooth(height: int, width: int, start: int) -> np.ndarray[Any, Any]:
    """A slow gradient, uint8 BGR; `start` tells pictures apart."""
    down, along = np.mgrid[0:height, 0:width]
    blue = start + 60 * down / height
    green = 40 + 120 * along / width
    red = 200 - 50 * (down / height + along / width)
    return np.stack([blue, green, red], axis=2).astype(np.uint8)


def written(path: Path, pixels: np.ndarray[Any, Any]) -> None:
    assert cv2.imwrite(str(path), pixels)


def _directory(folder: Path) -> None:
    folder.mkdir()
    for number in range(3):
        written(folder / f"frame{number}.png", smooth(60, 80, 60 * number))
    (folder / "notes.txt").write_text("not an image")


def _video(path: Path) -> None:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (80, 60))
    assert writer.isOpened()
    for number in range(4):
        writer.write(smooth(60, 80, 40 * number))
    writer.release()
