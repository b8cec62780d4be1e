"""Pixels of every accepted kind become one kind: a uint8 array (height, width, 3) in colour order BGR.

| array | what is sent |
|---|---|
| uint8 | as it is |
| bool | `False` is 0, `True` is 255 |
| uint16 | divided by 257 and rounded (65535 is 255) |
| other integers | as they are when all lie in 0..255, else refused |
| float, all values in 0..1 | multiplied by 255 and rounded |
| float, all values in 0..255 | rounded |
| anything else | refused |

A float image in 0..255 that happens to hold nothing above 1 (an almost black one) is taken for 0..1: values alone
cannot tell the two. Pass uint8 to be sure. PIL images of mode `I` (32-bit integers, as which Pillow opens some 16-bit
files) are taken for 16 bits when a value exceeds 255. Channels: (height, width) and (height, width, 1) are gray,
2 are gray with alpha, 3 are BGR, 4 are BGR with alpha. Alpha is dropped, as the server does with files.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import InvalidInputFormatError
from .pillow_failures import pillow_failures
from .pixel_limit import MOST_PIXELS, check_pixel_count

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL.Image import Image as PillowImage
else:
    from ..deferred_numpy import np

__all__ = ["BGRPixels", "array_to_bgr", "pillow_to_bgr"]

BGRPixels: TypeAlias = "npt.NDArray[np.uint8]"
"""uint8, shape (height, width, 3), colour order BGR, C-contiguous."""

_MODES_THROUGH_RGB = frozenset({"1", "L", "RGB", "RGBX", "CMYK", "YCbCr", "LAB", "HSV"})
#: A palette counts as one with alpha: Pillow warns when one with transparency is converted straight to RGB.
_MODES_WITH_ALPHA = {"LA": "L", "La": "LA", "P": "RGBA", "PA": "RGBA", "RGBA": "RGB", "RGBa": "RGBA"}


def array_to_bgr(array: npt.NDArray[Any], *, most_pixels: int = MOST_PIXELS, origin: str = "array") -> BGRPixels:
    """Bring a numpy image to uint8 BGR by the module's table.

    Args:
        array: The image.
        most_pixels: Refuse larger ones.
        origin: Words for error messages that tell which input this is.

    Raises:
        InvalidInputFormatError: Shape, dtype or values are none of the table's.

    """
    array = _checked_shape(array, origin)
    check_pixel_count(array.shape[1], array.shape[0], most_pixels, origin)
    return _channels_to_bgr(_values_to_uint8(array, origin))


def pillow_to_bgr(
    image: PillowImage, *, upright: bool, most_pixels: int = MOST_PIXELS, origin: str = "PIL image"
) -> BGRPixels:
    """Bring a PIL image of any mode to uint8 BGR.

    Args:
        image: The image; for an animated one, the frame it stands at.
        upright: Turn it by its EXIF orientation first.
        most_pixels: Refuse larger ones.
        origin: Words for error messages that tell which input this is.

    Raises:
        InvalidInputFormatError: The image is empty, too large, truncated, or of a mode with no defined meaning.

    """
    from PIL import ImageOps

    if 0 in image.size:
        raise InvalidInputFormatError(f"{origin} has no pixels (size {image.size}): pass an image with at least one")
    check_pixel_count(*image.size, most_pixels, origin)
    with pillow_failures(origin):
        image.load()
        check_pixel_count(*image.size, most_pixels, origin)  # an icon's own size may differ from that in its list
        if upright:
            image = ImageOps.exif_transpose(image)
        while image.mode in _MODES_WITH_ALPHA:
            image = image.convert(_MODES_WITH_ALPHA[image.mode])
        if image.mode in _MODES_THROUGH_RGB:
            rgb = np.asarray(image.convert("RGB"))
            return np.ascontiguousarray(rgb[:, :, ::-1])
        values = np.asarray(image)
    to_bgr = partial(array_to_bgr, most_pixels=most_pixels, origin=origin)
    if image.mode.startswith("I;16"):
        return to_bgr(values.astype(np.uint16))
    if image.mode == "I" and values.size and int(values.min()) >= 0 and 255 < int(values.max()) <= 65535:
        # Pillow opens some 16-bit files as 32-bit integers.
        return to_bgr(values.astype(np.uint16))
    if image.mode in ("I", "F"):
        return to_bgr(values)
    raise InvalidInputFormatError(f"{origin} has mode {image.mode!r}: convert it to 'RGB' or 'L' first")


def _checked_shape(array: npt.NDArray[Any], origin: str) -> npt.NDArray[Any]:
    array = np.asarray(array)  # a plain array: numpy's matrix class cannot hold channels
    shape = array.shape
    if array.ndim == 2:
        array = array[:, :, np.newaxis]
    elif array.ndim == 4:
        raise InvalidInputFormatError(f"{origin} of shape {shape} is a batch: pass its images as a list")
    elif array.ndim == 3 and shape[2] not in (1, 2, 3, 4) and shape[0] in (1, 3, 4):
        raise InvalidInputFormatError(
            f"{origin} of shape {shape} has its channels first: expected (height, width, channels); "
            "use array.transpose(1, 2, 0)"
        )
    elif array.ndim != 3 or shape[2] not in (1, 2, 3, 4):
        raise InvalidInputFormatError(
            f"{origin} of shape {shape}: expected (height, width) or (height, width, 1 to 4 channels)"
        )
    if array.size == 0:
        raise InvalidInputFormatError(f"{origin} of shape {shape} has no pixels: pass an image with at least one")
    return array


def _values_to_uint8(array: npt.NDArray[Any], origin: str) -> npt.NDArray[np.uint8]:
    if array.dtype == np.uint8:
        return array
    if array.dtype == np.bool_:
        return np.where(array, np.uint8(255), np.uint8(0))
    if array.dtype.kind == "u" and array.dtype.itemsize == 2:
        return ((array.astype(np.uint32) + 128) // 257).astype(np.uint8)
    if array.dtype.kind in "iu":
        return _checked_range(array, origin).astype(np.uint8)
    if array.dtype.kind == "f":
        if not np.isfinite(array).all():
            raise InvalidInputFormatError(f"{origin} holds NaN or infinite values: expected 0..1 or 0..255")
        _checked_range(array, origin)
        scaled = array * 255.0 if float(array.max()) <= 1.0 else array
        return np.rint(scaled).astype(np.uint8)
    raise InvalidInputFormatError(f"{origin} of dtype {array.dtype}: expected an integer, float or bool image")


def _checked_range(array: npt.NDArray[Any], origin: str) -> npt.NDArray[Any]:
    low, high = array.min(), array.max()
    if low < 0 or high > 255:
        raise InvalidInputFormatError(
            f"{origin} of dtype {array.dtype} has values from {low} to {high}: expected 0..255"
            + (" or 0..1" if array.dtype.kind == "f" else "")
        )
    return array


def _channels_to_bgr(array: npt.NDArray[np.uint8]) -> BGRPixels:
    channels = array.shape[2]
    if channels <= 2:
        array = np.repeat(array[:, :, :1], 3, axis=2)
    elif channels == 4:
        array = array[:, :, :3]
    return np.ascontiguousarray(array)
