"""Drawing a line of text, with the fonts that come with OpenCV or, where it has none, with Pillow's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .palette import Colour

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    from ..deferred_numpy import np

__all__ = ["Font", "load_font"]


class Font(Protocol):
    """One font in one size."""

    def draws(self, character: str) -> bool:
        """Whether there is a picture for a character that is printable and no space."""
        ...

    def width(self, text: str) -> int:
        """Width of a line, in pixels."""
        ...

    def draw(self, canvas: npt.NDArray[np.uint8], text: str, left: int, baseline: int, colour: Colour) -> None:
        """Draw a line; what lies outside the canvas is left out."""
        ...


def load_font(size: int) -> Font:
    """Give the font in a size, in pixels from one line to the next.

    OpenCV has letters since version 5: Latin, Greek, Cyrillic, Chinese, Japanese, Korean. Pillow's own font, taken with
    an older OpenCV, has little beyond ASCII.
    """
    import cv2

    if hasattr(cv2, "FontFace"):
        # Not "sans": a glyph of it looks like the last weight that was asked for, anywhere in the process.
        face = cv2.FontFace("uni")
        if face.getName() == "uni":
            return _OpenCVFont(face, size)
    return _PillowFont(size)


class _OpenCVFont:
    def __init__(self, face: Any, size: int) -> None:
        self._face = face
        self._size = size
        # What it draws for every character that it does not have.
        self._unknown = self._picture("?")

    def draws(self, character: str) -> bool:
        return character == "?" or bool((self._picture(character) != self._unknown).any())

    def _picture(self, character: str) -> npt.NDArray[np.uint8]:
        import cv2

        canvas = np.zeros((48, 64, 3), np.uint8)
        cv2.putText(canvas, character, (16, 32), (255, 255, 255), self._face, 24)
        return canvas

    def width(self, text: str) -> int:
        import cv2

        _, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), self._face, self._size)
        return int(width)

    def draw(self, canvas: npt.NDArray[np.uint8], text: str, left: int, baseline: int, colour: Colour) -> None:
        import cv2

        cv2.putText(canvas, text, (left, baseline), colour, self._face, self._size)


class _PillowFont:
    def __init__(self, size: int) -> None:
        from PIL import ImageFont

        self._font = ImageFont.load_default(size)
        self._size = size
        # What it draws for every character that it does not have; the last code point will never be one.
        self._unknown = self._picture("\U0010ffff")

    def draws(self, character: str) -> bool:
        picture = self._picture(character)
        return any(picture) and picture != self._unknown

    def _picture(self, character: str) -> bytes:
        from PIL import Image, ImageDraw

        ink = Image.new("L", (3 * self._size, 3 * self._size))
        ImageDraw.Draw(ink).text((self._size, 2 * self._size), character, fill=255, font=self._font, anchor="ls")
        return ink.tobytes()

    def width(self, text: str) -> int:
        return round(self._font.getlength(text))

    def draw(self, canvas: npt.NDArray[np.uint8], text: str, left: int, baseline: int, colour: Colour) -> None:
        from PIL import Image, ImageDraw

        top, bottom = max(0, baseline - self._size), min(canvas.shape[0], baseline + self._size // 2)
        right = min(canvas.shape[1], left + self.width(text) + self._size // 4)
        if top >= bottom or left >= right:
            return
        ink = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(ink).text((0, baseline - top), text, fill=255, font=self._font, anchor="ls")
        share = (np.asarray(ink, np.float32) / 255)[:, :, None]
        area = canvas[top:bottom, left:right]
        area[:] = np.rint(area * (1 - share) + np.array(colour, np.float32) * share).astype(np.uint8)
