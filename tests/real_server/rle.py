"""Reads masks in COCO's compressed run-length encoding, written from its description alone.

The client has its own reader; a test that used it could not find a fault in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle
from typing import Any

import numpy as np

from tests.real_server.scenes import Pixels


def mask_of(rle: Mapping[str, Any]) -> Pixels:
    """Return the mask, (height, width), 0 or 1.

    Runs of 0 and 1 alternate, down the columns. Each run is written in characters of 6 bits (from "0" on): 5 bits
    of the value, least significant first, and one bit that says whether more follow; the last one's top bit is
    the sign. From the fourth run on, the value is the difference to the run two before.
    """
    height, width = rle["size"]
    runs: list[int] = []
    value = shift = 0
    for character in rle["counts"]:
        code = ord(character) - 48
        value |= (code & 31) << shift
        shift += 5
        if code & 32:
            continue
        if code & 16:
            value -= 1 << shift
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))
        value = shift = 0
    flat = np.concatenate([np.full(run, bit, np.uint8) for run, bit in zip(runs, cycle((0, 1)), strict=False)])
    return flat.reshape((width, height)).T
