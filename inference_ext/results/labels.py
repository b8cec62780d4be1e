r"""The name and score of a class, written onto a picture.

The text is between 13 pixels and a sixtieth of the picture's longer side high. Names are written as they are, in
Unicode's composed form; what the font cannot draw (see `fonts`) is written as Python writes it in a string, `\u0e0a`
for one letter of Thai, so that nothing is lost and nothing becomes `?`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from .fonts import load_font
from .palette import Colour, text_colour

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    from ..deferred_numpy import np

__all__ = ["LabelWriter"]

_SMALLEST = 13
"""Pixels; below this, letters run into each other."""

_LONGEST_NAME = 200
"""Characters of a name that are looked at; no picture is wide enough for more."""


class LabelWriter:
    """Writes labels onto one picture, each whole and inside it."""

    def __init__(self, canvas: npt.NDArray[np.uint8]) -> None:
        size = max(_SMALLEST, round(max(canvas.shape[:2]) / 60))
        self._canvas = canvas
        self._taken = np.zeros(canvas.shape[:2], np.bool_)
        self._font = load_font(size)
        self._drawable: dict[str, bool] = {}
        self._margin = max(2, size // 5)
        # Capitals with accents reach so far up, and the tails of g and p so far down, with a pixel to spare.
        self._above_baseline = 1 + round(0.85 * size)
        self.height: int = self._above_baseline + 1 + ceil(0.28 * size)
        """Height of a label, in pixels."""

    def write(self, name: str, score: str, box: tuple[int, int, int, int], background: Colour) -> None:
        """Write the label of a box: above it, or where it hides no other label and is inside the picture.

        A name that is too long for the picture is cut. Nothing is written when not even the score has room.

        Args:
            name: The class.
            score: What stands behind the name.
            box: Left, top, right, bottom; may lie partly outside.
            background: Colour of the label.

        """
        left, top, _, bottom = box
        self.write_at(name, score, left, (top - self.height, max(0, top), bottom, bottom - self.height), background)

    def write_at(self, name: str, score: str, left: int, tops: Sequence[int], background: Colour) -> None:
        """Write a label at the first of some heights where it is inside the picture and hides no other.

        When all of them would hide one, the first inside the picture is taken. See `write`.
        """
        import cv2

        canvas_height, canvas_width = self._canvas.shape[:2]
        text = self._fitting(name, score, canvas_width - 2 * self._margin)
        if text is None or self.height > canvas_height:
            return
        width = self._font.width(text) + 2 * self._margin
        left = max(0, min(left, canvas_width - width))
        lowest = canvas_height - self.height
        inside = [top for top in tops if 0 <= top <= lowest] or [max(0, min(tops[0], lowest))]
        top = next((top for top in inside if not self._taken[self._area(left, top, width)].any()), inside[0])
        self._taken[self._area(left, top, width)] = True
        cv2.rectangle(self._canvas, (left, top), (left + width - 1, top + self.height - 1), background, cv2.FILLED)
        baseline = top + self._above_baseline
        self._font.draw(self._canvas, text, left + self._margin, baseline, text_colour(background))

    def _area(self, left: int, top: int, width: int) -> tuple[slice, slice]:
        return slice(top, top + self.height), slice(left, left + width)

    def _fitting(self, name: str, score: str, room: int) -> str | None:
        name = self._readable(name)
        whole = f"{name} {score}"
        if self._font.width(whole) <= room:
            return whole
        for length in range(min(len(name), _LONGEST_NAME), -1, -1):
            cut = f"{name[:length]}… {score}"
            if self._font.width(cut) <= room:
                return cut
        return None

    def _readable(self, name: str) -> str:
        composed = unicodedata.normalize("NFC", name[:_LONGEST_NAME]) + ("…" if len(name) > _LONGEST_NAME else "")
        return "".join(letter if self._can_draw(letter) else _escaped(letter) for letter in composed)

    def _can_draw(self, letter: str) -> bool:
        if letter == " " or "!" <= letter <= "~":
            return True
        if letter not in self._drawable:
            # What is not printable would change the line (a line end) or the letters around it.
            self._drawable[letter] = letter.isprintable() and self._font.draws(letter)
        return self._drawable[letter]


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")
