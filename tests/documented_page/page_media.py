"""The pictures, the folder and the video that the documented programs name, with known contents."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from inference_ext.local.photographs import photograph

__all__ = ["DIRECTORY", "FRAMES", "GREY_IMAGES", "PAGE_IMAGE", "RED_BOXES", "box_at", "make_page_media"]

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

BGR = {"red": (0, 0, 255), "green": (0, 255, 0), "blue": (255, 0, 0)}

GREY_IMAGES = {"my_image.jpg": 100, "other_image.jpg": 200, "url or your np.array": 150}
"""Images of one grey value, which JPEG keeps. The page's placeholder for an image can be a file's name."""

FRAMES = 5
DIRECTORY = ("a.jpg", "b.png", "c.jpeg")

RED_BOXES = (40, 140, 240, 340, 440)
"""The left edges of the red boxes in the video's frames, and in the directory's files as far as there are any."""


def scene(boxes: dict[str, int]) -> Pixels:
    """A dark picture of 640 x 480 with a box of 100 x 120 pixels per colour, at the given left edge."""
    picture: Pixels = np.full((480, 640, 3), 60, np.uint8)
    for colour, left in boxes.items():
        picture[60:180, left : left + 100] = BGR[colour]
    return picture


def box_at(left: int) -> dict[str, int]:
    """The place of a box, as the server writes it."""
    return {"x": left + 50, "y": 120, "width": 100, "height": 120}


def _encoded(extension: str, picture: Pixels) -> bytes:
    return cv2.imencode(extension, picture)[1].tobytes()


PAGE_IMAGE = _encoded(".jpg", scene({"red": 40, "green": 240, "blue": 440}))
"""The JPEG behind the page's image URL."""


def make_page_media(folder: Path) -> Path:
    """Write everything into a folder; gives the folder."""
    for name, value in GREY_IMAGES.items():
        (folder / name).write_bytes(_encoded(".jpg", np.full((48, 64, 3), value, np.uint8)))
    for name in ("street.jpg", "a.jpg", "b.jpg", "c.jpg"):
        (folder / name).write_bytes(PAGE_IMAGE)
    (folder / "portrait.jpg").write_bytes(_encoded(".jpg", photograph("astronaut").load()))
    directory = folder / "local" / "dir"
    directory.mkdir(parents=True)
    for name, left in reversed(list(zip(DIRECTORY, RED_BOXES, strict=False))):
        (directory / name).write_bytes(_encoded(name[1:], scene({"red": left})))
    (directory / "notes.txt").write_text("no image")
    _write_video(folder / "video.mp4")
    return folder


def _write_video(path: Path) -> None:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, (640, 480))
    assert writer.isOpened()
    for left in RED_BOXES:
        writer.write(scene({"red": left}))
    writer.release()
