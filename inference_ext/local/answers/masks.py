"""Object masks on the wire: polygons and COCO run-length encoding."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


def polygon_of_mask(mask: npt.NDArray[np.bool_]) -> list[dict[str, float]]:
    """Outline of a mask as `{"x", "y"}` points in pixels.

    The wire has room for one polygon per object. As the real server does, the outer contour with the most corners
    stands for the object; holes and further parts are lost. An empty mask gives no points.
    """
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return []
    longest = max(contours, key=len).reshape(-1, 2)
    return [{"x": float(x), "y": float(y)} for x, y in longest.tolist()]


def mask_of_polygon(polygon: Sequence[tuple[float, float]], width: int, height: int) -> npt.NDArray[np.bool_]:
    """Boolean mask (H, W) of the polygon's inside and edge."""
    canvas = np.zeros((height, width), np.uint8)
    # Far outside the picture it makes no difference how far; OpenCV draws with 16-bit coordinates.
    corners = np.rint(np.clip(np.asarray(polygon, np.float64), -30_000, 30_000)).astype(np.int32)
    cv2.fillPoly(canvas, [corners], (1,))
    return canvas.astype(np.bool_)


def run_lengths(mask: npt.NDArray[np.bool_]) -> list[int]:
    """Lengths of the runs of equal pixels, column by column, beginning with false (the first may be 0)."""
    pixels = np.concatenate(([False], mask.ravel(order="F")))
    starts = np.flatnonzero(np.diff(pixels)).tolist()
    edges = [0, *starts, mask.size]
    return [after - before for before, after in pairwise(edges)]


def rle_of_mask(mask: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """COCO's compressed run-length encoding: `{"size": [height, width], "counts": text}`."""
    counts = run_lengths(mask)
    characters: list[str] = []
    for position, count in enumerate(counts):
        # From the fourth run on, the difference to the run two before is stored: edges of neighbouring columns
        # lie close together, so these numbers are small.
        number = count - counts[position - 2] if position > 2 else count
        characters.append(_compressed(number))
    return {"size": list(mask.shape), "counts": "".join(characters)}


def _compressed(number: int) -> str:
    """A signed number as 5-bit groups, lowest first; bit 6 says that more follow, characters start at '0'."""
    text = ""
    while True:
        group = number & 0x1F
        number >>= 5
        last = number == (-1 if group & 0x10 else 0)
        text += chr((group if last else group | 0x20) + 48)
        if last:
            return text
