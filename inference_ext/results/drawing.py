"""Draw results onto images."""

from __future__ import annotations

import sys
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from ..errors import HTTPClientError, InvalidParameterError, InvalidResponseError
from ..images import ImageInput, Size, load_pixels
from ..json_types import is_array, is_object
from .encoded_masks import decode_mask_png
from .rle import decode_rle
from .scaling import scale_back

__all__ = ["draw_result"]

_Canvas = npt.NDArray[np.uint8]
_Colour = tuple[int, int, int]

#: BGR; told apart on bright and dark photographs, and by most colour-blind people.
_PALETTE: tuple[_Colour, ...] = (
    (60, 60, 230),
    (70, 180, 40),
    (230, 130, 30),
    (0, 190, 255),
    (190, 60, 170),
    (200, 200, 0),
    (40, 110, 250),
    (150, 90, 60),
)
_MASK_OPACITY = 0.45

#: Pixels of a mask that is decoded, whatever the image; a larger one cannot be the image's.
_FEW_PIXELS = 2**22

#: Pixels. No image is that large, and drawing takes longer the longer a line is.
_FARTHEST = 2**17


def draw_result(result: dict[str, Any], image: ImageInput) -> _Canvas:
    """Draw one image's result onto a copy of the image.

    Boxes with class and confidence, masks, key points, and for classification the leading classes as text.

    Returns:
        uint8, shape (height, width, 3), colour order BGR.

    Raises:
        InvalidParameterError: The image's size is not the one the result reports.
        InvalidResponseError: The result is not one that can be drawn: a coordinate is no number, a mask cannot be read.

    """
    import cv2

    # Of any size: it has been sent, and the result must be about one of the same size.
    canvas = load_pixels(image, most_pixels=sys.maxsize).copy()
    try:
        _draw(canvas, _in_image_pixels(result))
    except HTTPClientError:
        raise
    except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError, RecursionError, cv2.error) as error:
        raise InvalidResponseError(f"the result cannot be drawn ({type(error).__name__}: {error})") from error
    return canvas


def _draw(canvas: _Canvas, result: dict[str, Any]) -> None:
    _check_size(result, canvas)
    predictions = result.get("predictions")
    if is_array(predictions):
        if "top" in result or "anomaly_score" in result:
            _draw_captions(canvas, {entry["class"]: entry["confidence"] for entry in predictions})
        else:
            _draw_objects(canvas, predictions)
    elif is_object(predictions):
        if "segmentation_mask" in predictions:
            _draw_semantic(canvas, predictions)
        else:
            _draw_captions(canvas, {name: score["confidence"] for name, score in predictions.items()})


def _draw_objects(canvas: _Canvas, predictions: list[dict[str, Any]]) -> None:
    # Masks first, so that no mask tints another object's label.
    for prediction in predictions:
        _draw_mask(canvas, prediction)
    for prediction in predictions:
        _draw_box(canvas, prediction)
        _draw_keypoints(canvas, prediction)


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


def _check_size(result: dict[str, Any], canvas: _Canvas) -> None:
    size = result.get("image")
    height, width = canvas.shape[:2]
    if is_object(size) and (size.get("width"), size.get("height")) != (width, height):
        raise InvalidParameterError(
            f"the result is of an image of {size.get('width')}x{size.get('height')} pixels, the one to draw on has "
            f"{width}x{height}: pass the image the result was made from"
        )


def _colour(name: object) -> _Colour:
    # A checksum, not hash(): the same class has the same colour in every run.
    return _PALETTE[zlib.crc32(str(name).encode()) % len(_PALETTE)]


def _longest_side(canvas: _Canvas) -> int:
    return int(max(canvas.shape[:2]))


def _whole(coordinate: float) -> int:
    """Round to a pixel; what lies far outside stays there, but not farther than OpenCV can count."""
    return round(min(max(coordinate, -_FARTHEST), _FARTHEST))


def _line_width(canvas: _Canvas) -> int:
    return max(1, round(_longest_side(canvas) / 400))


def _draw_box(canvas: _Canvas, prediction: dict[str, Any]) -> None:
    import cv2

    left, top = prediction["x"] - prediction["width"] / 2, prediction["y"] - prediction["height"] / 2
    right, bottom = left + prediction["width"], top + prediction["height"]
    colour = _colour(prediction["class"])
    corner = (_whole(left), _whole(top))
    cv2.rectangle(canvas, corner, (_whole(right), _whole(bottom)), colour, _line_width(canvas), cv2.LINE_AA)
    _draw_text(canvas, f"{prediction['class']} {prediction['confidence']:.2f}", corner, colour)


def _draw_text(canvas: _Canvas, text: str, corner: tuple[int, int], background: _Colour) -> None:
    import cv2

    scale = max(0.4, _longest_side(canvas) / 1600)
    (width, height), base = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
    left = max(0, min(corner[0], canvas.shape[1] - width))
    bottom = max(height + base, corner[1])
    cv2.rectangle(canvas, (left, bottom - height - base), (left + width, bottom), background, cv2.FILLED)
    cv2.putText(
        canvas,
        text,
        (left, bottom - base // 2 - 1),
        cv2.FONT_HERSHEY_SIMPLEX,
        scale,
        (255, 255, 255),
        1,
        cv2.LINE_AA,
    )


def _draw_mask(canvas: _Canvas, prediction: dict[str, Any]) -> None:
    import cv2

    mask = np.zeros(canvas.shape[:2], dtype=np.uint8)
    if prediction.get("rle"):
        mask = decode_rle(prediction["rle"], max(mask.size, _FEW_PIXELS)).astype(np.uint8)
    elif len(prediction.get("points") or ()) > 2:
        outline = [[_whole(point["x"]), _whole(point["y"])] for point in prediction["points"]]
        cv2.fillPoly(mask, [np.array(outline, np.int32)], 1)
    if mask.shape != canvas.shape[:2]:
        raise InvalidParameterError(f"the result has a mask of shape {mask.shape}, the image {canvas.shape[:2]}")
    _tint(canvas, mask.astype(bool), _colour(prediction["class"]))


def _tint(canvas: _Canvas, mask: npt.NDArray[np.bool_], colour: _Colour) -> None:
    blended = canvas[mask] * (1 - _MASK_OPACITY) + np.array(colour) * _MASK_OPACITY
    canvas[mask] = np.rint(blended).astype(np.uint8)


def _draw_keypoints(canvas: _Canvas, prediction: dict[str, Any]) -> None:
    import cv2

    for point in prediction.get("keypoints") or ():
        centre = (_whole(point["x"]), _whole(point["y"]))
        cv2.circle(canvas, centre, 2 * _line_width(canvas), _colour(point["class"]), cv2.FILLED, cv2.LINE_AA)


def _draw_semantic(canvas: _Canvas, predictions: dict[str, Any]) -> None:
    ids = decode_mask_png(predictions["segmentation_mask"])
    if ids.shape != canvas.shape[:2]:
        raise InvalidParameterError(f"the result's mask has shape {ids.shape}, the image {canvas.shape[:2]}")
    for key, name in predictions["class_map"].items():
        if int(key) != 0:  # 0 is the background
            _tint(canvas, ids == int(key), _colour(name))


def _draw_captions(canvas: _Canvas, scores: dict[str, float]) -> None:
    leading = sorted(scores.items(), key=lambda item: -item[1])[:3]
    row = max(18, round(_longest_side(canvas) / 40))
    for index, (name, score) in enumerate(leading):
        _draw_text(canvas, f"{name} {score:.2f}", (4, (index + 1) * row), _colour(name))
