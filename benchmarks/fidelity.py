"""How much of a photograph is left in what was sent: `python -m benchmarks.fidelity REQUEST.json PHOTOGRAPH.jpg`.

Prints the peak signal-to-noise ratio, in dB, of the sent image's brightness against the whole photograph shrunk to
the same size by averaging areas.
"""

from __future__ import annotations

import base64
import json
import sys
from pathlib import Path

import cv2
import numpy as np

__all__ = ["fidelity"]


def fidelity(sent: bytes, photograph: bytes) -> float:
    """PSNR in dB of a sent file against the area-averaged photograph, luma only."""
    arrived, whole = (_brightness(data) for data in (sent, photograph))
    reference = cv2.resize(whole, (arrived.shape[1], arrived.shape[0]), interpolation=cv2.INTER_AREA)
    return float(cv2.PSNR(arrived, reference))


def _brightness(data: bytes) -> cv2.typing.MatLike:
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError("not an image")
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)


def main() -> None:
    """Print the figure."""
    request = json.loads(Path(sys.argv[1]).read_bytes())
    sent = base64.b64decode(request["image"]["value"])
    print(fidelity(sent, Path(sys.argv[2]).read_bytes()))


if __name__ == "__main__":
    main()
