"""Pictures drawn by the server, in the form the caller chose."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import pybase64

from ..configuration import VisualisationResponseFormat
from ..errors import EncodingError
from .encoded_picture import check_size, is_complete_picture

if TYPE_CHECKING:
    import numpy as np
else:
    from ..deferred_numpy import np

__all__ = ["present_encoded_picture", "present_picture"]


def present_picture(value: Any, output_format: VisualisationResponseFormat) -> Any:
    """Turn base64 text of a picture into the chosen form.

    Raises:
        EncodingError: It is not the base64 text of a complete picture.

    """
    if output_format is VisualisationResponseFormat.BASE64:
        return value
    try:
        data = pybase64.b64decode(value, validate=True)
    except (TypeError, ValueError) as error:
        raise EncodingError(f"the visualization in the answer is not base64 text: {error}") from error
    return present_encoded_picture(data, output_format)


def present_encoded_picture(data: bytes, output_format: VisualisationResponseFormat) -> Any:
    """Turn the bytes of a JPEG or PNG into the chosen form.

    Returns:
        `str` of base64, a uint8 BGR array (height, width, 3), or a PIL image in RGB, fully decoded.

    Raises:
        EncodingError: It is not a complete picture.

    """
    if output_format is VisualisationResponseFormat.BASE64:
        return pybase64.b64encode(data).decode("ascii")
    if not is_complete_picture(data):
        raise EncodingError("the visualization in the answer is not a complete picture that can be decoded")
    check_size(data, "the visualization in the answer", EncodingError)
    if output_format is VisualisationResponseFormat.NUMPY:
        import cv2

        try:
            pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        except cv2.error as error:
            raise EncodingError(f"the visualization in the answer is not a picture: {error}") from error
        if pixels is None:
            raise EncodingError("the visualization in the answer is not a complete picture that can be decoded")
        return pixels
    from PIL import Image

    try:
        return Image.open(BytesIO(data)).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise EncodingError(f"the visualization in the answer is not a complete picture: {error}") from error
