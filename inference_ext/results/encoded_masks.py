"""Masks that travel as the base64 text of a PNG, one byte or two per pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pybase64

from ..errors import EncodingError
from .encoded_picture import check_size, is_complete_picture

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    from ..deferred_numpy import np

__all__ = ["decode_mask_png", "encode_mask_png"]


def decode_mask_png(text: str) -> npt.NDArray[Any]:
    """Decode to an array (height, width), uint8 or uint16 as the file holds it.

    Raises:
        EncodingError: It is not the base64 text of an image in grey, or too large.

    """
    import cv2

    try:
        data = pybase64.b64decode(text, validate=True)
        if not is_complete_picture(data):
            raise ValueError("not a complete picture")
        check_size(data, "a mask in the answer", EncodingError)
        mask = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except (TypeError, ValueError, cv2.error) as error:
        raise EncodingError(f"a mask in the answer is not an encoded image: {error}") from error
    if mask is None:
        raise EncodingError("a mask in the answer is not an image that can be decoded")
    if mask.ndim != 2:
        raise EncodingError(f"a mask in the answer has {mask.shape[2]} channels instead of one")
    return np.asarray(mask)


def encode_mask_png(mask: npt.NDArray[Any]) -> str:
    """Encode an array (height, width) of uint8 or uint16 as base64 text of a PNG."""
    import cv2

    done, data = cv2.imencode(".png", mask)
    if not done:
        raise EncodingError(f"a mask of shape {mask.shape} could not be encoded")
    return pybase64.b64encode(data.tobytes()).decode("ascii")
