"""The map of depth estimation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pybase64

from ..errors import InvalidResponseError
from .encoded_picture import check_size, is_complete_picture

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    from ..deferred_numpy import np

__all__ = ["decode_depth_map"]

#: The value of the nearest point, by bytes per pixel: a PNG has 8 or 16 bits.
_HIGHEST = {1: 255, 2: 65535}


def decode_depth_map(value: Any) -> Any:
    """Decode the base64 text of a grey PNG to a float32 array (height, width), 0 (farthest) to 1 (nearest).

    8-bit values are divided by 255 and 16-bit ones by 65535. A map that came as nested lists is handed on as it is.

    Raises:
        InvalidResponseError: It is not the text of a complete grey PNG.

    """
    return _decode_png(value) if isinstance(value, str) else value


def _decode_png(text: str) -> npt.NDArray[np.float32]:
    import cv2

    try:
        data = pybase64.b64decode(text, validate=True)
    except ValueError as error:
        raise InvalidResponseError(f"the depth map in the answer is not base64 text: {error}") from error
    # OpenCV fills what is missing of a file that was cut short with zeros: far away, and wrong.
    if not is_complete_picture(data, "image/png"):
        raise InvalidResponseError("the depth map in the answer is not a complete PNG")
    check_size(data, "the depth map in the answer", InvalidResponseError)
    try:
        levels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise InvalidResponseError(f"the depth map in the answer cannot be decoded: {error}") from error
    if levels is None:
        raise InvalidResponseError("the depth map in the answer cannot be decoded")
    if levels.ndim != 2:
        raise InvalidResponseError(f"the depth map in the answer has {levels.shape[2]} channels instead of one")
    depth = levels.astype(np.float32)
    depth /= np.float32(_HIGHEST[levels.dtype.itemsize])
    return depth
