"""Bring results of a shrunk image back to the caller's pixels.

The two axes have their own factor: shrinking rounds each side to whole pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeGuard

from attrs import frozen

from ..errors import EncodingError, InvalidResponseError
from ..images import Size
from ..json_types import is_array, is_object
from .encoded_masks import decode_mask_png, encode_mask_png
from .rle import decode_rle, encode_rle

if TYPE_CHECKING:
    import numpy as np
else:
    from ..deferred_numpy import np

__all__ = ["scale_back"]


#: Pixels of a mask of any image: it may have the model's input size, which the image need not have.
_FEW_PIXELS = 2**22


@frozen
class _Scale:
    original: Size
    x: float
    y: float

    @property
    def most_mask_pixels(self) -> int:
        return max(self.original.width * self.original.height, _FEW_PIXELS)


def scale_back(result: dict[str, Any], original: Size, sent: Size) -> dict[str, Any]:
    """Give the result in coordinates of the original image.

    Boxes, key points, polygons, run-length masks, semantic masks, mask grids and the reported image size change;
    scores, classes and the server's drawn picture do not.

    Args:
        result: One image's answer. It is not changed.
        original: Size of the caller's image.
        sent: Size that was sent.

    Raises:
        InvalidResponseError: A run-length mask or a mask grid cannot be read.
        EncodingError: A semantic mask cannot be read.

    """
    metadata = result.get("mask_metadata")
    if is_object(metadata) and metadata.get("coordinate_system") == "mask_grid":
        return _mask_grid(result, metadata, original)
    scale = _Scale(original, original.width / sent.width, original.height / sent.height)
    scaled = dict(result)
    if is_object(result.get("image")):
        scaled["image"] = {**result["image"], "width": original.width, "height": original.height}
    predictions = result.get("predictions")
    if is_array(predictions):
        scaled["predictions"] = [_prediction(item, scale) for item in predictions]
    elif is_object(predictions) and "segmentation_mask" in predictions:
        scaled["predictions"] = _semantic(predictions, scale)
    return scaled


def _mask_grid(result: dict[str, Any], metadata: dict[str, Any], original: Size) -> dict[str, Any]:
    """Scale a result in the coordinates of its mask grid: they stay, what changes is how the grid maps."""
    size = {"width": original.width, "height": original.height}
    width, height = metadata.get("width"), metadata.get("height")
    if not (_is_length(width) and _is_length(height)):
        raise InvalidResponseError("the mask grid in the answer has no width and height")
    mapping = {"scale_x": original.width / width, "scale_y": original.height / height}
    described = result.get("original_image")
    return {
        **result,
        "original_image": {**(described if is_object(described) else {}), **size},
        "mask_metadata": {**metadata, **mapping},
    }


def _is_length(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _prediction(prediction: Any, scale: _Scale) -> Any:
    """Scale one prediction by what it holds: each is judged by itself, never by its neighbours."""
    if not is_object(prediction):
        return prediction
    scaled: dict[str, Any] = dict(prediction)
    for name, change in _FIELDS.items():
        if scaled.get(name) is not None:
            scaled[name] = change(scaled[name], scale)
    return scaled


def _along_x(value: Any, scale: _Scale) -> Any:
    return value * scale.x if isinstance(value, int | float) else value


def _along_y(value: Any, scale: _Scale) -> Any:
    return value * scale.y if isinstance(value, int | float) else value


def _points(points: Any, scale: _Scale) -> Any:
    if not is_array(points):
        return points
    return [_prediction(point, scale) if is_object(point) else point for point in points]


def _rle(rle: Any, scale: _Scale) -> Any:
    if not is_object(rle):
        return rle
    mask = decode_rle(rle, scale.most_mask_pixels)
    if mask.size == 0:
        raise InvalidResponseError("a run-length encoded mask in the answer has no pixels")
    return encode_rle(_resized(mask, scale.original))


_FIELDS: dict[str, Callable[[Any, _Scale], Any]] = {
    "x": _along_x,
    "y": _along_y,
    "width": _along_x,
    "height": _along_y,
    "points": _points,
    "keypoints": _points,
    "rle": _rle,
}


def _resized(mask: Any, size: Size) -> Any:
    import cv2

    # EXACT takes the pixel at the centre; plain INTER_NEAREST moves every edge right and down, by up to a pixel.
    shape = (size.width, size.height)
    return cv2.resize(np.asarray(mask, dtype=np.uint8), shape, interpolation=cv2.INTER_NEAREST_EXACT).astype(bool)


def _semantic(predictions: dict[str, Any], scale: _Scale) -> dict[str, Any]:
    import cv2

    scaled = dict(predictions)
    size = (scale.original.width, scale.original.height)
    for name, interpolation in (
        ("segmentation_mask", cv2.INTER_NEAREST_EXACT),  # class ids: nothing in between has a meaning
        ("confidence_mask", cv2.INTER_LINEAR),
    ):
        if isinstance(predictions.get(name), str):
            mask = decode_mask_png(predictions[name])
            try:
                scaled[name] = encode_mask_png(cv2.resize(mask, size, interpolation=interpolation))
            except cv2.error as error:
                raise EncodingError(f"{name} in the answer cannot be resized: {error}") from error
    return scaled
