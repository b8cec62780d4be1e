"""The part of the picture inside each box."""

from __future__ import annotations

import sys
from math import floor
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import InvalidParameterError, InvalidResponseError
from ..images import ImageInput, load_pixels
from ..json_types import is_array, is_object
from .plain import AnyResult, plain_result

__all__ = ["crop_boxes"]

_Pixels = npt.NDArray[np.uint8]


def crop_boxes(result: AnyResult, image: ImageInput, *, padding: int = 0) -> list[_Pixels]:
    """Cut the boxes of a result out of the image it was made from.

    The sides of a box are rounded to whole pixels, at least one each way, and cut at the edges of the picture.

    Args:
        result: A typed result, or the dictionary that `infer` gives: of boxes, instances or key points.
        image: The image the result was made from, in any accepted form but a URL.
        padding: Pixels to add on each side, as far as the picture goes.

    Returns:
        One uint8 array (height, width, 3) in BGR for each prediction, in order; each a copy. A box wholly outside the
        picture gives one of shape (0, 0, 3), so that crops and predictions stay side by side.

    Raises:
        InvalidInputFormatError: The image cannot be read.
        InvalidParameterError: The image's size is not the one the result reports, `padding` is no number of pixels, or
            the result has no boxes.
        InvalidResponseError: A side of a box is not a finite number.

    """
    if type(padding) is not int or padding < 0:
        raise InvalidParameterError(f"padding: expected a whole number of pixels, 0 or more; got {padding!r:.80}")
    plain = plain_result(result)
    predictions = plain.get("predictions")
    if not is_array(predictions):
        raise InvalidParameterError("result: expected one with boxes; this one has no list of predictions")
    # Of any size: it has been sent, and the result must be about one of the same size.
    pixels = load_pixels(image, most_pixels=sys.maxsize)
    scale = _scale(plain, pixels)
    return [_crop(pixels, _sides(prediction, number), scale, padding) for number, prediction in enumerate(predictions)]


def _scale(result: dict[str, Any], pixels: _Pixels) -> tuple[float, float]:
    """Give the pixels of the image per unit of the result's coordinates, along x and y."""
    height, width = pixels.shape[:2]
    grid, original = result.get("mask_metadata"), result.get("original_image")
    is_reduced = is_object(grid) and is_object(original)
    size = original if is_reduced else result.get("image")
    if is_object(size) and (size.get("width"), size.get("height")) != (width, height):
        raise InvalidParameterError(
            f"the result is of an image of {size.get('width')}x{size.get('height')} pixels, the one to crop has "
            f"{width}x{height}: pass the image the result was made from"
        )
    if not (is_reduced and is_object(grid)):
        return 1.0, 1.0
    columns, rows = grid.get("width"), grid.get("height")
    if not all(isinstance(side, int | float) and side > 0 for side in (columns, rows)):
        raise InvalidResponseError("the mask grid in the answer has no width and height")
    return width / float(columns or 1), height / float(rows or 1)


def _sides(prediction: Any, number: int) -> tuple[float, float, float, float]:
    """Give left, top, right, bottom."""
    if not is_object(prediction):
        raise InvalidResponseError(f"predictions[{number}] is no object but {type(prediction).__name__}")
    x, y, width, height = (_finite(prediction.get(name), number, name) for name in ("x", "y", "width", "height"))
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _finite(value: Any, number: int, name: str) -> float:
    # Far more than any picture has pixels, and far from where sums of such numbers are no numbers any more.
    if isinstance(value, int | float) and not isinstance(value, bool) and -1e15 <= value <= 1e15:
        return float(value)
    raise InvalidResponseError(
        f"predictions[{number}].{name}: expected a finite number of pixels, the answer has {value!r:.80}"
    )


def _crop(
    pixels: _Pixels, sides: tuple[float, float, float, float], scale: tuple[float, float], padding: int
) -> _Pixels:
    height, width = pixels.shape[:2]
    columns = _span(sides[0] * scale[0], sides[2] * scale[0], width, padding)
    rows = _span(sides[1] * scale[1], sides[3] * scale[1], height, padding)
    if columns is None or rows is None:
        return np.zeros((0, 0, 3), np.uint8)
    return pixels[rows, columns].copy()


def _span(one: float, other: float, length: int, padding: int) -> slice | None:
    """Give the pixels between two coordinates; `None` when there are none in the picture."""
    low, high = sorted((one, other))
    if high <= 0 or low >= length:
        return None
    first, end = round(low), round(high)
    if first >= end:  # thinner than a pixel: the one that its middle is in
        first = floor((low + high) / 2)
    first = min(max(first, 0), length - 1)
    end = min(max(end, first + 1), length)
    return slice(max(0, first - padding), min(length, end + padding))
