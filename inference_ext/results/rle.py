"""Run-length encoded masks in COCO's compressed form.

A mask of shape (height, width) is read column by column; the run lengths alternate between background and object,
beginning with background. From the third run on each length is stored as the difference to the one two before,
in groups of five bits, least significant first, as characters from `0` (48) on; bit 5 says that more groups follow.
Source: the mask API of the COCO data set.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import InvalidResponseError
from ..images.pixel_limit import MOST_PIXELS
from ..json_types import is_array

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    from ..deferred_numpy import np

__all__ = ["decode_rle", "encode_rle"]


#: Bits of a run in text; a longer one would cost more time the longer it gets.
_MOST_BITS = 64


def decode_rle(rle: Mapping[str, Any], most_pixels: int = MOST_PIXELS) -> npt.NDArray[np.bool_]:
    """Decode `{"size": [height, width], "counts": text or list}` to a boolean mask (height, width).

    Args:
        rle: The encoded mask.
        most_pixels: Refuse larger masks: a few characters can stand for any number of pixels.

    Raises:
        InvalidResponseError: The runs do not add up to the size, or it is too large.

    """
    try:
        height, width = (int(side) for side in rle["size"])
        counts = rle["counts"]
        runs = [int(run) for run in counts] if is_array(counts) else _runs_of_text(counts)
    except (KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise InvalidResponseError(f"a run-length encoded mask cannot be read: {error}") from error
    if min(height, width, *runs) < 0 or sum(runs) != height * width:
        raise InvalidResponseError(f"a run-length encoded mask does not fill its size {height}x{width}")
    if height * width > most_pixels:
        raise InvalidResponseError(
            f"a run-length encoded mask of {width}x{height} pixels is too large; expected at most {most_pixels} pixels"
        )
    values = np.zeros(len(runs), dtype=bool)
    values[1::2] = True
    return np.repeat(values, runs).reshape((height, width), order="F")


def encode_rle(mask: npt.NDArray[np.bool_]) -> dict[str, Any]:
    """Encode a boolean mask (height, width) to `{"size": [height, width], "counts": text}`."""
    height, width = mask.shape
    flat = np.asarray(mask, dtype=bool).ravel(order="F")
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    runs = np.diff(np.concatenate(([0], edges, [flat.size]))).tolist()
    if flat.size and flat[0]:
        runs.insert(0, 0)
    return {"size": [height, width], "counts": _text_of_runs(runs)}


def _runs_of_text(text: str | bytes) -> list[int]:
    data = text.encode("ascii") if isinstance(text, str) else text
    runs: list[int] = []
    position = 0
    while position < len(data):
        value = shift = 0
        more = True
        while more:
            group = data[position] - 48
            value |= (group & 0x1F) << shift
            more = bool(group & 0x20)
            position += 1
            shift += 5
            if shift > _MOST_BITS:
                raise ValueError("a run without an end")
            if not more and group & 0x10:
                value -= 1 << shift
        runs.append(value + runs[-2] if len(runs) > 2 else value)
    return runs


def _text_of_runs(runs: list[int]) -> str:
    characters: list[str] = []
    for index, run in enumerate(runs):
        value = run - runs[index - 2] if index > 2 else run
        more = True
        while more:
            group = value & 0x1F
            value >>= 5
            more = value != -1 if group & 0x10 else value != 0
            characters.append(chr((group | 0x20 if more else group) + 48))
    return "".join(characters)
