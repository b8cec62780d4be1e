"""The classes of a semantic mask, each with its pixels.

Pixels of value 0 are the background; it is no class here, as it is none for the server's own conversion.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from ..errors import InvalidResponseError
from ..json_types import is_object
from .encoded_masks import decode_mask_png, encode_mask_png

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    from ..deferred_numpy import np

__all__ = ["RegionSize", "SemanticRegion", "keep_regions", "read_regions", "read_sizes"]


@frozen(kw_only=True)
class RegionSize:
    """How much of an image is of one class."""

    class_: str
    """Name of the class; the pixel value as text where the class map has no name for it."""

    class_id: int
    """Value of its pixels in the mask, from 1."""

    pixel_count: int
    """Number of its pixels."""

    share: float
    """Part of the image's pixels, above 0 to 1."""

    confidence: float | None
    """Mean confidence of its pixels, 0 to 1; `None` when the answer has no confidences."""


@frozen(kw_only=True, eq=False)
class SemanticRegion(RegionSize):
    """All pixels of one class of a semantic mask."""

    mask: npt.NDArray[np.bool_] = field(repr=False)
    """True where the image is of this class; shape (height, width)."""


def read_sizes(predictions: Mapping[str, Any]) -> list[RegionSize]:
    """Count the pixels of every class but the background, in the order of the class ids.

    Args:
        predictions: `segmentation_mask`, `confidence_mask` and `class_map` as in the answer.

    Raises:
        EncodingError: A mask is not an image.
        InvalidResponseError: The masks differ in size, or the class map is none.

    """
    ids, confidences = _decode(predictions)
    return _count(ids, confidences, _class_map(predictions))


def read_regions(predictions: Mapping[str, Any]) -> Iterator[SemanticRegion]:
    """Give every class but the background with its mask; see `read_sizes`."""
    ids, confidences = _decode(predictions)
    for size in _count(ids, confidences, _class_map(predictions)):
        yield SemanticRegion(
            class_=size.class_,
            class_id=size.class_id,
            pixel_count=size.pixel_count,
            share=size.share,
            confidence=size.confidence,
            mask=ids == size.class_id,
        )


def keep_regions(
    predictions: Mapping[str, Any], names: frozenset[str] | None, min_confidence: float | None
) -> str | None:
    """Turn the pixels of other classes, and those of lower confidence, into background.

    Args:
        predictions: As for `read_sizes`.
        names: Classes that stay; `None` for all.
        min_confidence: Lowest confidence that stays, 0 to 1.

    Returns:
        The encoded mask; `None` when every pixel stays as it is.

    Raises:
        EncodingError: A mask is not an image.
        InvalidResponseError: The masks differ in size, the class map is none, or there are no confidences to go by.

    """
    ids, confidences = _decode(predictions)
    named = _class_map(predictions)
    kept = np.ones(ids.shape, bool)
    if names is not None:
        present = np.unique(ids)
        kept &= np.isin(ids, [value for value in present.tolist() if _name(named, value) in names])
    if min_confidence is not None:
        if confidences is None:
            raise InvalidResponseError("min_confidence: the result has no confidence_mask to go by")
        kept &= confidences / 255 >= min_confidence
    kept |= ids == 0
    if kept.all():
        return None
    return encode_mask_png(np.where(kept, ids, 0).astype(ids.dtype))


def _decode(predictions: Mapping[str, Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any] | None]:
    ids = decode_mask_png(predictions.get("segmentation_mask") or "")
    encoded = predictions.get("confidence_mask")
    if not encoded:
        return ids, None
    confidences = decode_mask_png(encoded)
    if confidences.shape != ids.shape:
        raise InvalidResponseError(
            f"the confidence mask in the answer has shape {confidences.shape}, the segmentation mask {ids.shape}"
        )
    return ids, confidences


def _class_map(predictions: Mapping[str, Any]) -> dict[str, Any]:
    named = predictions.get("class_map")
    if not is_object(named):
        raise InvalidResponseError(f"class_map in the answer is no object but {type(named).__name__}")
    return named


def _name(named: dict[str, Any], value: int) -> str:
    name = named.get(str(value))
    return name if isinstance(name, str) else str(value)


def _count(ids: npt.NDArray[Any], confidences: npt.NDArray[Any] | None, named: dict[str, Any]) -> list[RegionSize]:
    counts = np.bincount(ids.ravel())
    sums = None if confidences is None else np.bincount(ids.ravel(), weights=confidences.ravel())
    return [
        RegionSize(
            class_=_name(named, value),
            class_id=value,
            pixel_count=int(counts[value]),
            share=int(counts[value]) / ids.size,
            confidence=None if sums is None else float(sums[value]) / int(counts[value]) / 255,
        )
        for value in np.flatnonzero(counts).tolist()
        if value != 0
    ]
