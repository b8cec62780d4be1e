"""Pictures whose right answers are known: pure red, green and blue rectangles on dark grey.

The real server's models (scripts/real_server/inside/networks.py) put a box around each colour. So a scene knows
what the server must answer about it.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

GREY = 60
RGB = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}
CONFIDENCE = {name: float(np.float32(score)) for name, score in (("red", 0.9), ("green", 0.8), ("blue", 0.7))}
"""The networks compute in float32, and the server writes those digits."""
CLASS_ID = {"red": 0, "green": 1, "blue": 2}
KEYPOINT_CONFIDENCE = {
    name: float(np.float32(score)) for name, score in (("center", 0.95), ("top_left", 0.85), ("bottom_right", 0.75))
}

Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Rectangle:
    """A filled rectangle; `right` and `bottom` are exclusive. Pixels, origin in the top left corner."""

    colour: str
    left: int
    top: int
    right: int
    bottom: int

    @property
    def box(self) -> dict[str, float]:
        """The box as the server writes it: centre and size."""
        return {
            "x": (self.left + self.right) / 2,
            "y": (self.top + self.bottom) / 2,
            "width": float(self.right - self.left),
            "height": float(self.bottom - self.top),
        }

    @property
    def detection(self) -> dict[str, object]:
        """What the server must say about it, without the random `detection_id`."""
        return {
            **self.box,
            "confidence": CONFIDENCE[self.colour],
            "class": self.colour,
            "class_id": CLASS_ID[self.colour],
        }

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """First and last column and row inside: left, top, right, bottom, all inclusive."""
        return self.left, self.top, self.right - 1, self.bottom - 1

    @property
    def keypoints(self) -> dict[str, tuple[float, float]]:
        """The places of the three key points, by name."""
        return {
            "center": (self.box["x"], self.box["y"]),
            "top_left": (self.left, self.top),
            "bottom_right": (self.right, self.bottom),
        }

    @property
    def area(self) -> int:
        """Its number of pixels."""
        return (self.right - self.left) * (self.bottom - self.top)


@dataclass(frozen=True)
class Scene:
    """A picture and its rectangles; at most one of each colour, in the order red, green, blue."""

    rectangles: tuple[Rectangle, ...]
    width: int = 640
    height: int = 480

    @cached_property
    def rgb(self) -> Pixels:
        """The pixels, (height, width, 3), RGB, uint8."""
        pixels = np.full((self.height, self.width, 3), GREY, np.uint8)
        for rectangle in self.rectangles:
            rows, columns = slice(rectangle.top, rectangle.bottom), slice(rectangle.left, rectangle.right)
            pixels[rows, columns] = RGB[rectangle.colour]
        return pixels

    @property
    def bgr(self) -> Pixels:
        """The pixels as OpenCV holds them: (height, width, 3), BGR, uint8."""
        return np.ascontiguousarray(self.rgb[:, :, ::-1])

    @property
    def pil(self) -> Image.Image:
        """The picture for Pillow, mode RGB."""
        return Image.fromarray(self.rgb)

    @cached_property
    def png(self) -> bytes:
        """The picture as PNG: every pixel survives, so every answer is exact."""
        return _encoded(self.pil, "PNG")

    @cached_property
    def jpeg(self) -> bytes:
        """The picture as JPEG: edges move by up to a pixel."""
        return _encoded(self.pil, "JPEG")

    @property
    def png_base64(self) -> str:
        """The PNG in base64."""
        return base64.b64encode(self.png).decode("ascii")

    @property
    def colours(self) -> list[str]:
        """The colours that occur."""
        return [rectangle.colour for rectangle in self.rectangles]

    @property
    def class_mask(self) -> Pixels:
        """What semantic segmentation must find: (height, width), 0 for background, else class id + 1."""
        mask = np.zeros((self.height, self.width), np.uint8)
        for rectangle in self.rectangles:
            mask[rectangle.top : rectangle.bottom, rectangle.left : rectangle.right] = CLASS_ID[rectangle.colour] + 1
        return mask

    def instance_mask(self, rectangle: Rectangle, corner: int = 1) -> Pixels:
        """What instance segmentation must find: (height, width), 0 or 1.

        The server enlarges its masks smoothly, which costs each corner a square of `corner` pixels.
        """
        mask = np.zeros((self.height, self.width), np.uint8)
        inside = mask[rectangle.top : rectangle.bottom, rectangle.left : rectangle.right]
        inside[:] = 1
        for rows in (slice(None, corner), slice(-corner, None)):
            for columns in (slice(None, corner), slice(-corner, None)):
                inside[rows, columns] = 0
        return mask

    @property
    def class_scores(self) -> dict[str, float]:
        """What classification must find, per colour: softmax of ten times its share of the picture."""
        share = dict.fromkeys(RGB, 0.0) | {r.colour: r.area / (self.width * self.height) for r in self.rectangles}
        exponentials = {colour: float(np.exp(10 * part)) for colour, part in share.items()}
        return {colour: value / sum(exponentials.values()) for colour, value in exponentials.items()}

    def enlarged(self, factor: int) -> Scene:
        """Return the same scene with every length multiplied."""
        rectangles = tuple(
            Rectangle(r.colour, r.left * factor, r.top * factor, r.right * factor, r.bottom * factor)
            for r in self.rectangles
        )
        return Scene(rectangles, self.width * factor, self.height * factor)


def _encoded(image: Image.Image, media: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format=media, quality=95)  # PNG has no quality and ignores it
    return buffer.getvalue()


# The models see pictures stretched to 640x640 and cut masks at a quarter of that. With x in multiples of 4 and y in
# multiples of 3 (in a 640x480 picture) no edge falls between two of their pixels, and every answer is exact.
THREE = Scene(
    (
        Rectangle("red", 20, 30, 120, 90),
        Rectangle("green", 200, 150, 300, 330),
        Rectangle("blue", 500, 360, 620, 450),
    )
)
GREEN = Scene((Rectangle("green", 200, 210, 440, 300),))
EMPTY = Scene(())
MARCH = tuple(Scene((Rectangle("red", 40 + 60 * step, 60, 140 + 60 * step, 180),)) for step in range(6))
"""A red rectangle that moves right, 60 pixels per picture: a list in the wrong order cannot pass."""
