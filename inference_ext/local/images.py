"""The images of a request: base64 text or an uploaded file, decoded to BGR pixels."""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from inference_ext.local.http_errors import image_problem

if TYPE_CHECKING:
    import numpy.typing as npt

DATA_URI_PREFIX = re.compile(r"^data:image/[a-z]+;base64,")


def decode_image(data: bytes, *, auto_orient: bool = True) -> npt.NDArray[np.uint8]:
    """Pixels of an encoded image file.

    Args:
        data: The file: JPEG, PNG or anything else OpenCV reads.
        auto_orient: Turn the image the way its EXIF orientation says; the server's default.

    Returns:
        BGR `uint8` array (H, W, 3): grey, alpha and 16-bit files are converted, as the real server does.

    Raises:
        HTTPAnswerError: 400 when the data is empty or is no image.

    """
    if not data:
        raise image_problem("Empty image payload.")
    flags = cv2.IMREAD_COLOR if auto_orient else cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    image: npt.NDArray[np.uint8] | None = cv2.imdecode(np.frombuffer(data, np.uint8), flags)  # type: ignore[assignment]
    if image is None:
        raise image_problem("Malformed base64 input image.")
    return image


def decode_base64(text: str | bytes) -> bytes:
    """Bytes of base64 text, which may carry a data-URI prefix.

    Characters outside the base64 alphabet are skipped, as the real server does.

    Raises:
        HTTPAnswerError: 400 when the text is not base64, or is raw image bytes.

    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise image_problem(
                "The body holds raw bytes, not base64 text. Send base64, or multipart/form-data with a part "
                "named 'file'."
            ) from error
    try:
        return base64.b64decode(DATA_URI_PREFIX.sub("", text))
    except (binascii.Error, ValueError) as error:
        raise image_problem("Malformed base64 input image.") from error


def read_image_entry(kind: str, value: Any, *, auto_orient: bool) -> npt.NDArray[np.uint8]:
    """Pixels of one `{"type", "value"}` image of a request.

    Args:
        kind: The declared type; only `base64` (in any case) can be read here.
        value: Base64 text, or the bytes of such text.
        auto_orient: As in `decode_image`.

    Raises:
        HTTPAnswerError: 400 for other types and for unreadable images.

    """
    declared = kind.lower()
    if declared == "base64":
        if not isinstance(value, str | bytes):
            raise image_problem(f"The value of a base64 image has to be text, got {type(value).__name__}.")
        return decode_image(decode_base64(value), auto_orient=auto_orient)
    if declared == "numpy":
        raise image_problem("NumPy image type is not supported in this configuration of `inference`.")
    if declared == "url":
        raise image_problem("The embedded backend has no network and fetches no URLs; send the image as base64.")
    if declared in ("file", "multipart", "pil"):
        raise image_problem(f"The embedded backend does not read images of type '{declared}'; send base64.")
    raise image_problem("Image declaration contains not recognised image type.")
