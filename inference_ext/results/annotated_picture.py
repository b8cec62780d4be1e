"""A picture with a result drawn on it, to look at or to save."""

from __future__ import annotations

import os
from pathlib import PurePath
from typing import TYPE_CHECKING

from attrs import field, frozen

from ..errors import EncodingError, InvalidParameterError
from .saving import write_file

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["AnnotatedPicture"]

#: Pixels of the longer side that a notebook shows; the file of a notebook holds every picture it shows.
_LONGEST_SHOWN = 1600


@frozen(eq=False)
class AnnotatedPicture:
    """A picture with a result drawn on it; as the last value of a notebook's cell it is shown."""

    pixels: npt.NDArray[np.uint8] = field(repr=False)
    """uint8, shape (height, width, 3), colour order BGR, in the size of the image the result is of."""

    def __repr__(self) -> str:
        height, width = self.pixels.shape[:2]
        return f"<AnnotatedPicture: {width}x{height}>"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture to a file; one that is there is replaced.

        Args:
            path: Name of the file. Its ending says the format: `.png`, `.jpg`, `.webp`, `.bmp`, `.tif`, or another
                that OpenCV writes.

        Raises:
            InvalidParameterError: The ending is of no such format, or the file cannot be written.
            EncodingError: The format cannot hold the picture, which is so for a very large one.

        """
        if not isinstance(path, str | os.PathLike):
            raise InvalidParameterError(f"path: expected the name of a file, got {type(path).__name__}")
        ending = PurePath(os.fsdecode(path)).suffix
        write_file(path, _encode(self.pixels, ending))

    def _repr_png_(self) -> bytes:
        """Give the picture as PNG, not longer than 1600 pixels on a side; asked for by notebooks."""
        import cv2

        height, width = self.pixels.shape[:2]
        factor = _LONGEST_SHOWN / max(height, width)
        if factor >= 1:
            return _encode(self.pixels, ".png")
        size = (max(1, round(width * factor)), max(1, round(height * factor)))
        return _encode(cv2.resize(self.pixels, size, interpolation=cv2.INTER_AREA), ".png")


def _encode(pixels: object, ending: str) -> bytes:
    import cv2
    import numpy as np

    array = np.asarray(pixels, np.uint8)
    if not ending or not cv2.haveImageWriter(f"picture{ending}"):
        raise InvalidParameterError(
            f"path: expected the ending of a format that OpenCV writes, such as .png or .jpg; got {ending!r}"
        )
    try:
        done, data = cv2.imencode(ending, array)
    except cv2.error as error:
        raise EncodingError(f"a picture of shape {array.shape} cannot be written as {ending}: {error}") from error
    if not done:
        raise EncodingError(f"a picture of shape {array.shape} cannot be written as {ending}")
    return data.tobytes()
