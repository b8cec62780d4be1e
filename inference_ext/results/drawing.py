"""Draw results onto images."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from ..errors import HTTPClientError, InvalidParameterError, InvalidResponseError
from ..images import ImageInput, Size, load_pixels
from ..json_types import is_array, is_object
from .encoded_masks import decode_mask_png
from .labels import LabelWriter
from .palette import Colour, colour_of
from .plain import Dumps, plain_result
from .rle import decode_rle
from .scaling import scale_back

__all__ = ["draw_result"]

_Canvas: TypeAlias = npt.NDArray[np.uint8]

_MASK_OPACITY = 0.45

#: Pixels of a mask that is decoded, whatever the image; a larger one cannot be the image's.
_FEW_PIXELS = 2**22

#: Pixels. No image is that large, and drawing takes longer the longer a line is.
_FARTHEST = 2**17

#: OpenCV's limit.
_WIDEST_LINE = 32767


def draw_result(
    result: Mapping[str, Any] | Dumps, image: ImageInput, *, labels: bool = True, line_width: int | None = None
) -> npt.NDArray[np.uint8]:
    r"""Draw one image's result onto a copy of the image.

    Boxes, masks and key points in the colour of their class, with its name and the confidence; for classification the
    three leading classes as text. Labels stay inside the picture. What a box wholly outside the picture is called is
    not written. A letter that the font does not have is written as `\u0e0a` would be in a Python string.

    Args:
        result: A typed result, or the dictionary that `infer` gives, of any task.
        image: The image the result was made from, in any accepted form but a URL.
        labels: Whether to write names and confidences. Without them a classification leaves the picture as it is.
        line_width: Width of the boxes' lines, in pixels. Default: a four-hundredth of the longer side, at least 1.

    Returns:
        uint8, shape (height, width, 3), colour order BGR.

    Raises:
        InvalidInputFormatError: The image cannot be read.
        InvalidParameterError: The image's size is not the one the result reports, `line_width` is no width, or
            `result` is not one image's result.
        InvalidResponseError: The result is not one that can be drawn: a coordinate is no number, a mask cannot be read.

    """
    import cv2

    plain = plain_result(result)
    _check_line_width(line_width)
    # Of any size: it has been sent, and the result must be about one of the same size.
    canvas = load_pixels(image, most_pixels=sys.maxsize).copy()
    drawing = _Drawing(canvas, writes_labels=labels, line_width=line_width)
    try:
        drawing.draw(_in_image_pixels(plain))
    except HTTPClientError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError, RecursionError, cv2.error) as error:
        raise InvalidResponseError(f"the result cannot be drawn ({type(error).__name__}: {error})") from error
    return canvas


def _check_line_width(line_width: object) -> None:
    if line_width is None or (type(line_width) is int and 0 < line_width <= _WIDEST_LINE):
        return
    raise InvalidParameterError(
        f"line_width: expected a whole number of pixels from 1 to {_WIDEST_LINE}, or None; got {line_width!r}"
    )


def _in_image_pixels(result: dict[str, Any]) -> dict[str, Any]:
    """Bring a result in the coordinates of a reduced mask grid to those of the image it was made from."""
    grid, original = result.get("mask_metadata"), result.get("original_image")
    if not (is_object(grid) and is_object(original)):
        return result
    return scale_back(
        {**result, "mask_metadata": None},
        original=Size(original["width"], original["height"]),
        sent=Size(grid["width"], grid["height"]),
    )


def _whole(coordinate: float) -> int:
    """Round to a pixel; what lies far outside stays there, but not farther than OpenCV can count."""
    return round(min(max(coordinate, -_FARTHEST), _FARTHEST))


def _corners(prediction: dict[str, Any]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom."""
    left, top = prediction["x"] - prediction["width"] / 2, prediction["y"] - prediction["height"] / 2
    return _whole(left), _whole(top), _whole(left + prediction["width"]), _whole(top + prediction["height"])


class _Drawing:
    """One picture while it is drawn on."""

    def __init__(self, canvas: _Canvas, *, writes_labels: bool, line_width: int | None) -> None:
        self._canvas = canvas
        self._height, self._width = canvas.shape[:2]
        self._line = line_width or max(1, round(max(canvas.shape[:2]) / 400))
        self._labels = LabelWriter(canvas) if writes_labels else None

    def draw(self, result: dict[str, Any]) -> None:
        self._check_size(result)
        predictions = result.get("predictions")
        if is_array(predictions):
            if "top" in result or "anomaly_score" in result:
                self._captions({entry["class"]: entry["confidence"] for entry in predictions})
            else:
                self._objects(predictions)
        elif is_object(predictions):
            if "segmentation_mask" in predictions:
                self._semantic(predictions)
            else:
                self._captions({name: score["confidence"] for name, score in predictions.items()})

    def _check_size(self, result: dict[str, Any]) -> None:
        size = result.get("image")
        if is_object(size) and (size.get("width"), size.get("height")) != (self._width, self._height):
            raise InvalidParameterError(
                f"the result is of an image of {size.get('width')}x{size.get('height')} pixels, the one to draw on has "
                f"{self._width}x{self._height}: pass the image the result was made from"
            )

    def _objects(self, predictions: list[dict[str, Any]]) -> None:
        # In layers: no mask tints another object's box, and no box crosses another's label.
        for prediction in predictions:
            self._mask(prediction)
        for prediction in predictions:
            self._box(prediction)
            self._keypoints(prediction)
        for prediction in predictions:
            self._label(prediction)

    def _box(self, prediction: dict[str, Any]) -> None:
        import cv2

        left, top, right, bottom = _corners(prediction)
        colour = colour_of(prediction["class"])
        cv2.rectangle(self._canvas, (left, top), (right, bottom), colour, self._line, cv2.LINE_AA)

    def _label(self, prediction: dict[str, Any]) -> None:
        box = left, top, right, bottom = _corners(prediction)
        name, score = str(prediction["class"]), f"{prediction['confidence']:.2f}"
        is_seen = left < self._width and top < self._height and right >= 0 and bottom >= 0
        if self._labels is not None and is_seen:
            self._labels.write(name, score, box, colour_of(name))

    def _keypoints(self, prediction: dict[str, Any]) -> None:
        import cv2

        for point in prediction.get("keypoints") or ():
            centre = (_whole(point["x"]), _whole(point["y"]))
            radius = max(3, 2 * self._line)
            cv2.circle(self._canvas, centre, radius, colour_of(point["class"]), cv2.FILLED, cv2.LINE_AA)

    def _mask(self, prediction: dict[str, Any]) -> None:
        colour = colour_of(prediction["class"])
        if prediction.get("rle"):
            mask = decode_rle(prediction["rle"], max(self._height * self._width, _FEW_PIXELS))
            if mask.shape != (self._height, self._width):
                raise InvalidParameterError(
                    f"the result has a mask of shape {mask.shape}, the image {(self._height, self._width)}"
                )
            self._tint(mask, colour)
        elif len(prediction.get("points") or ()) > 2:
            outline = [[_whole(point["x"]), _whole(point["y"])] for point in prediction["points"]]
            self._tint_polygon(np.array(outline, np.int32), colour)

    def _tint_polygon(self, outline: npt.NDArray[np.int32], colour: Colour) -> None:
        import cv2

        # Only where it is: most are small, and there may be hundreds.
        left, top = np.maximum(outline.min(axis=0), 0).tolist()
        right, bottom = np.minimum(outline.max(axis=0) + 1, (self._width, self._height)).tolist()
        if left < right and top < bottom:
            filled = np.zeros((bottom - top, right - left), np.uint8)
            cv2.fillPoly(filled, [outline], 1, offset=(-left, -top))
            self._blend(self._canvas[top:bottom, left:right], filled.view(np.bool_), colour)

    def _tint(self, mask: npt.NDArray[np.bool_], colour: Colour) -> None:
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if rows.size:
            area = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
            self._blend(self._canvas[area], mask[area], colour)

    @staticmethod
    def _blend(canvas: _Canvas, mask: npt.NDArray[np.bool_], colour: Colour) -> None:
        blended = canvas[mask] * (1 - _MASK_OPACITY) + np.array(colour) * _MASK_OPACITY
        canvas[mask] = np.rint(blended).astype(np.uint8)

    def _semantic(self, predictions: dict[str, Any]) -> None:
        ids = decode_mask_png(predictions["segmentation_mask"])
        if ids.shape != (self._height, self._width):
            raise InvalidParameterError(
                f"the result's mask has shape {ids.shape}, the image {(self._height, self._width)}"
            )
        for key, name in predictions["class_map"].items():
            if int(key) != 0:  # 0 is the background
                self._tint(ids == int(key), colour_of(name))

    def _captions(self, scores: dict[str, float]) -> None:
        if self._labels is None:
            return
        leading = sorted(scores.items(), key=lambda item: -item[1])[:3]
        for index, (name, score) in enumerate(leading):
            top = 4 + index * (self._labels.height + 1)
            if index == 0 or top + self._labels.height <= self._height:
                self._labels.write_at(str(name), f"{score:.2f}", 4, (top,), colour_of(name))
