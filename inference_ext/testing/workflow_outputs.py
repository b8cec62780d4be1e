"""The outputs of a scripted workflow in the form they have on the wire."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any, cast

import cv2
import numpy as np
import numpy.typing as npt

from ..errors import InvalidParameterError
from .plain_json import plain_json

__all__ = ["plain_outputs"]


def plain_outputs(outputs: object, place: str) -> dict[str, Any] | list[dict[str, Any]]:
    """Give a workflow's outputs with pictures as the server sends them.

    Args:
        outputs: One dictionary, or a list of them.
        place: Whose outputs they are, for messages.

    Raises:
        InvalidParameterError: They are something else, or hold what has no JSON form.

    """
    if isinstance(outputs, Mapping):
        return cast("dict[str, Any]", plain_json(_with_pictures(outputs, place), place))
    if not isinstance(outputs, Sequence) or isinstance(outputs, str | bytes):
        raise InvalidParameterError(
            f"{place} has to be a dictionary from output names to values, or a list of such dictionaries; "
            f"got {type(outputs).__name__}"
        )
    items = cast("Sequence[object]", outputs)
    for index, output in enumerate(items):
        if not isinstance(output, Mapping):
            raise InvalidParameterError(f"{place}[{index}] has to be a dictionary, got {type(output).__name__}")
    return cast("list[dict[str, Any]]", plain_json(_with_pictures(items, place), place))


def _with_pictures(value: Any, place: str) -> Any:
    if isinstance(value, np.ndarray):
        return _picture(cast("npt.NDArray[Any]", value), place)
    if isinstance(value, Mapping):
        fields = cast("Mapping[object, object]", value)
        return {name: _with_pictures(inner, f"{place}[{name!r}]") for name, inner in fields.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        items = cast("Sequence[object]", value)
        return [_with_pictures(inner, f"{place}[{index}]") for index, inner in enumerate(items)]
    return value


def _picture(pixels: npt.NDArray[Any], place: str) -> dict[str, Any]:
    if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise InvalidParameterError(
            f"{place} is an array of {pixels.dtype} {pixels.shape}; a picture is uint8 of shape (height, width, 3) in "
            "BGR, and other arrays are written as lists (tolist())"
        )
    _, data = cv2.imencode(".png", pixels)
    return {"type": "base64", "value": base64.b64encode(data.tobytes()).decode("ascii")}
