"""Pictures for the tests, and decoders that are not the client's own.

What would be sent is always looked at through OpenCV or Pillow directly, so a fault in the client's own reading
cannot hide a fault in its writing.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image

from inference_ext.images import EncodedImage, ImageOptions, Size, prepare_image

Pixels = NDArray[np.uint8]

ORIENTATION = 0x0112


@cache
def photograph() -> Pixels:
    """A real photograph: RGB, uint8, (512, 512, 3)."""
    return np.asarray(skimage.data.astronaut(), dtype=np.uint8)  # type: ignore[no-untyped-call]


@cache
def small_photograph() -> Pixels:
    """A wide piece of it with something everywhere: RGB, uint8, (60, 90, 3)."""
    return np.ascontiguousarray(photograph()[40:220:3, 100:370:3])


def to_bgr(rgb: Pixels) -> Pixels:
    """Swap the colour order."""
    return np.ascontiguousarray(rgb[:, :, ::-1])


def noise(height: int, width: int, seed: int = 0) -> Pixels:
    """Random BGR pixels: no two places look alike, so a swap of axes or channels shows."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def encoded(image: Image.Image | Pixels, file_format: str, **options: Any) -> bytes:
    """The bytes of an image file, written by Pillow; an array is RGB or gray."""
    buffer = io.BytesIO()
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    picture.save(buffer, file_format, **options)
    return buffer.getvalue()


def decoded(data: bytes) -> Pixels:
    """The pixels a server of OpenCV sees: BGR, uint8, turned by EXIF."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert pixels is not None, "what would be sent is not an image"
    return np.asarray(pixels, dtype=np.uint8)


def decoded_unturned(data: bytes) -> Pixels:
    """The pixels as the file stores them: BGR, uint8."""
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    assert pixels is not None, "what would be sent is not an image"
    return np.asarray(pixels, dtype=np.uint8)


def sent(
    value: object, *, limit: Size | None = None, upright: bool = True, image_format: str = "png", quality: int = 95
) -> EncodedImage:
    """What is sent for an input; PNG unless told otherwise, so that pixels can be compared exactly."""
    options = ImageOptions(
        upright=upright,
        limit=limit,
        image_format="png" if image_format == "png" else "jpeg",
        jpeg_quality=quality,
    )
    return prepare_image(value, options, _no_network)


def sent_pixels(value: object, *, limit: Size | None = None, upright: bool = True) -> Pixels:
    """The pixels the server sees for an input."""
    return decoded(sent(value, limit=limit, upright=upright).data)


def psnr(first: NDArray[Any], second: NDArray[Any]) -> float:
    """Likeness of two images in decibels; equal ones give infinity."""
    error = float(np.mean((first.astype(np.float64) - second.astype(np.float64)) ** 2))
    return float("inf") if error == 0 else 10 * float(np.log10(255**2 / error))


def _no_network(url: str) -> bytes:
    raise AssertionError(f"{url} must not be fetched")
