"""Segmentation with the first Segment Anything model: from an image, its embedding, or one the server has cached."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

import pybase64
from attrs import frozen

from ...errors import InvalidParameterError
from ...json_types import is_array
from ..arguments import checked_choice, checked_flag, checked_json, checked_text
from ..exchange import Exchange, Steps
from ..single_job import call_job
from .answers import reader_for_format
from .core_model import CoreModelCall
from .segment_anything import SegmentAnythingRequest

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    from ...deferred_numpy import np

__all__ = ["Guidance", "sam_segmentation", "segment_without_image"]


@frozen
class Guidance:
    """What tells the model which object to segment."""

    point_coords: object
    point_labels: object
    mask_input: object
    has_mask_input: bool | None
    use_mask_input_cache: bool


def sam_segmentation(
    guidance: Guidance,
    *,
    has_image: bool,
    embeddings: object,
    orig_im_size: object,
    image_id: str | None,
    sam_version_id: str,
    answer_format: str,
) -> SegmentAnythingRequest:
    """Describe `POST /sam/segment_image`.

    Raises:
        InvalidParameterError: An argument is not acceptable, or they do not fit together.

    """
    if not has_image and embeddings is None and image_id is None:
        raise InvalidParameterError("inference_input: pass an image, its embeddings, or the image_id of a cached one")
    if has_image and embeddings is not None:
        raise InvalidParameterError("embeddings: pass either an image or its embeddings, not both")
    if (embeddings is None) != (orig_im_size is None):
        raise InvalidParameterError("orig_im_size: (height, width) of the image goes together with embeddings")
    answer_format = checked_choice("format", answer_format, ("json", "binary"))
    fields = {
        "sam_version_id": checked_text("sam_version_id", sam_version_id),
        "image_id": image_id,
        "format": answer_format,
        "embeddings": _embeddings(embeddings),
        "orig_im_size": _size(orig_im_size),
        **_points(guidance),
        **_mask(guidance),
    }
    return SegmentAnythingRequest("/sam/segment_image", fields, reader_for_format(answer_format))


def segment_without_image(sam: CoreModelCall, request: SegmentAnythingRequest) -> Steps[list[Any]]:
    """Send a request that names or holds an embedding instead of an image; gives its one result in a list."""

    def exchange() -> Exchange[Sequence[Any]]:
        return Exchange(sam.request(request.path, request.fields), lambda answer: request.read(answer, 1))

    yield from sam.check(request.path, request.fields)
    return [(yield from call_job(exchange))]


def _points(guidance: Guidance) -> dict[str, Any]:
    coordinates = checked_json("point_coords", guidance.point_coords)
    labels = checked_json("point_labels", guidance.point_labels)
    if coordinates is None and labels is None:
        return {}
    if not is_array(coordinates) or not is_array(labels) or len(coordinates) != len(labels):
        raise InvalidParameterError("point_labels: expected one label (1 on the object, 0 beside it) per point_coords")
    return {"point_coords": coordinates, "point_labels": labels}


def _mask(guidance: Guidance) -> dict[str, Any]:
    mask = guidance.mask_input
    refines = mask is not None if guidance.has_mask_input is None else guidance.has_mask_input
    fields: dict[str, Any] = {
        "has_mask_input": checked_flag("has_mask_input", refines),
        "use_mask_input_cache": checked_flag("use_mask_input_cache", guidance.use_mask_input_cache),
    }
    if isinstance(mask, np.ndarray):
        text = _file_text(cast("npt.NDArray[Any]", mask))
        return {**fields, "mask_input": text, "mask_input_format": "binary"}
    if mask is not None:
        fields |= {"mask_input": checked_json("mask_input", mask), "mask_input_format": "json"}
    return fields


def _file_text(mask: npt.NDArray[Any]) -> str:
    """Give the base64 text of an array's .npy file."""
    if mask.dtype.kind not in "biuf":
        raise InvalidParameterError(f"mask_input: expected an array of numbers, got {mask.dtype}")
    file = BytesIO()
    np.save(file, mask, allow_pickle=False)
    return pybase64.b64encode(file.getvalue()).decode("ascii")


def _embeddings(embeddings: object) -> Any:
    if embeddings is None:
        return None
    array = _load(embeddings) if isinstance(embeddings, bytes) else _array(embeddings)
    if array.ndim != 4 or array.dtype.kind != "f" or not np.isfinite(array).all():
        raise InvalidParameterError(
            "embeddings: expected what sam_embed_image gave, finite numbers of shape (1, channels, height, width), "
            f"got {array.dtype} of shape {array.shape}"
        )
    return np.ascontiguousarray(array, dtype=np.float32)


def _array(embeddings: object) -> npt.NDArray[Any]:
    try:
        return np.asarray(embeddings)
    except ValueError as error:
        raise InvalidParameterError(f"embeddings: the nested lists are not an array: {error}") from error


def _load(file: bytes) -> npt.NDArray[Any]:
    try:
        return np.asarray(np.load(BytesIO(file), allow_pickle=False))
    except (ValueError, EOFError, OSError) as error:
        raise InvalidParameterError(f"embeddings: not the bytes of a .npy file: {error}") from error


def _size(size: object) -> list[int] | None:
    if size is None:
        return None
    sides = checked_json("orig_im_size", size)
    if not is_array(sides) or len(sides) != 2 or not all(type(side) is int and side > 0 for side in sides):
        raise InvalidParameterError(f"orig_im_size: expected (height, width) in pixels, got {size!r}")
    return sides
