"""The colour of a class."""

from __future__ import annotations

import zlib
from typing import TypeAlias

__all__ = ["Colour", "colour_of", "html_colour", "text_colour"]

Colour: TypeAlias = tuple[int, int, int]
"""Blue, green, red; each 0 to 255."""

#: Told apart on bright and dark photographs, and by most colour-blind people.
_PALETTE: tuple[Colour, ...] = (
    (60, 60, 230),
    (70, 180, 40),
    (230, 130, 30),
    (0, 190, 255),
    (190, 60, 170),
    (200, 200, 0),
    (40, 110, 250),
    (150, 90, 60),
)
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)

#: Brightness, 0 to 255, from which black text is read more easily than white.
_BRIGHT = 120


def colour_of(name: object) -> Colour:
    """Give the colour of a class name: the same in every run and every picture."""
    # A checksum, not hash(), which differs from run to run.
    return _PALETTE[zlib.crc32(str(name).encode(errors="replace")) % len(_PALETTE)]


def text_colour(background: Colour) -> Colour:
    """Give black or white, whichever is read more easily on a colour."""
    blue, green, red = background
    return _BLACK if 0.114 * blue + 0.587 * green + 0.299 * red >= _BRIGHT else _WHITE


def html_colour(colour: Colour) -> str:
    """Write a colour as HTML does, `#rrggbb`."""
    blue, green, red = colour
    return f"#{red:02x}{green:02x}{blue:02x}"
