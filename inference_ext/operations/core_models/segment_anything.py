"""Segment Anything: the first model, its successors SAM 2 and SAM 3, and SAM 3D.

All of them take one image per request. Coordinates in prompts are pixels of the image that is sent, at full size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from attrs import frozen

from ...configuration.state import checked_model_id
from ...errors import InvalidParameterError
from ...images import is_image_list
from ...results.rle import encode_rle
from ..arguments import (
    checked_choice,
    checked_flag,
    checked_fraction,
    checked_json,
    checked_objects,
    checked_text,
    optional_text,
)
from .answers import objects, reader_for_format
from .core_model import Split

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    from ...deferred_numpy import np

__all__ = [
    "SegmentAnythingRequest",
    "checked_image_id",
    "sam2_embedding",
    "sam2_segmentation",
    "sam3_3d",
    "sam3_concept_segmentation",
    "sam3_embedding",
    "sam3_visual_segmentation",
    "sam_embedding",
]

_MASK_FORMATS = ("json", "rle", "binary")
_CONCEPT_MASK_FORMATS = ("polygon", "json", "rle", "binary")


@frozen
class SegmentAnythingRequest:
    """A checked call to one of the routes, but for its images."""

    path: str
    fields: dict[str, Any]
    read: Split


def checked_image_id(image_id: object, inference_input: object) -> str | None:
    """Check the name under which the server caches an image's embedding.

    Raises:
        InvalidParameterError: It is no text, or it would name several images, so that each got the first one's masks.

    """
    if image_id is not None and is_image_list(inference_input) and len(inference_input) > 1:
        raise InvalidParameterError(
            f"image_id {image_id!r}: names one image, got {len(inference_input)}; call once for each, or leave it out"
        )
    return optional_text("image_id", image_id)


def sam_embedding(*, image_id: str | None, sam_version_id: str, answer_format: str) -> SegmentAnythingRequest:
    """Describe `POST /sam/embed_image`."""
    answer_format = checked_choice("format", answer_format, ("json", "binary"))
    fields = {
        "sam_version_id": checked_text("sam_version_id", sam_version_id),
        "image_id": image_id,
        "format": answer_format,
    }
    return SegmentAnythingRequest("/sam/embed_image", fields, reader_for_format(answer_format))


def sam2_embedding(*, image_id: str | None, sam2_version_id: str) -> SegmentAnythingRequest:
    """Describe `POST /sam2/embed_image`."""
    fields = {"sam2_version_id": checked_text("sam2_version_id", sam2_version_id), "image_id": image_id}
    return SegmentAnythingRequest("/sam2/embed_image", fields, objects)


def sam2_segmentation(*, sam2_version_id: str, **arguments: Any) -> SegmentAnythingRequest:
    """Describe `POST /sam2/segment_image`."""
    fields = {"sam2_version_id": checked_text("sam2_version_id", sam2_version_id)}
    return _visual_segmentation("/sam2/segment_image", fields, **arguments)


def sam3_embedding(*, image_id: str | None) -> SegmentAnythingRequest:
    """Describe `POST /sam3/embed_image`."""
    return SegmentAnythingRequest("/sam3/embed_image", {"image_id": image_id}, objects)


def sam3_visual_segmentation(**arguments: Any) -> SegmentAnythingRequest:
    """Describe `POST /sam3/visual_segment`."""
    return _visual_segmentation("/sam3/visual_segment", {}, **arguments)


def _visual_segmentation(
    path: str,
    fields: dict[str, Any],
    *,
    prompts: object,
    multimask_output: bool,
    mask_input_format: str,
    image_id: str | None,
    save_logits_to_cache: bool,
    load_logits_from_cache: bool,
) -> SegmentAnythingRequest:
    mask_format = checked_choice("mask_input_format", mask_input_format, _MASK_FORMATS)
    fields = {
        **fields,
        "multimask_output": checked_flag("multimask_output", multimask_output),
        "format": mask_format,
        "prompts": _prompt_set(prompts),
        "image_id": image_id,
        "save_logits_to_cache": checked_flag("save_logits_to_cache", save_logits_to_cache) or None,
        "load_logits_from_cache": checked_flag("load_logits_from_cache", load_logits_from_cache) or None,
    }
    return SegmentAnythingRequest(path, fields, reader_for_format(mask_format))


def sam3_concept_segmentation(
    *, prompts: object, model_id: str, output_prob_thresh: float, nms_iou_threshold: float | None, mask_format: str
) -> SegmentAnythingRequest:
    """Describe `POST /sam3/concept_segment`."""
    concepts = checked_objects("prompts", prompts)
    if not concepts:
        raise InvalidParameterError("prompts: expected at least one concept, such as [{'type': 'text', 'text': 'car'}]")
    mask_format = checked_choice("format", mask_format, _CONCEPT_MASK_FORMATS)
    fields = {
        "model_id": checked_model_id(model_id),
        "prompts": concepts,
        "output_prob_thresh": checked_fraction("output_prob_thresh", output_prob_thresh),
        "nms_iou_threshold": checked_fraction("nms_iou_threshold", nms_iou_threshold),
        "format": mask_format,
    }
    return SegmentAnythingRequest("/sam3/concept_segment", fields, reader_for_format(mask_format))


def sam3_3d(*, mask_input: object, model_id: str, **flags: bool) -> SegmentAnythingRequest:
    """Describe `POST /sam3_3d/infer`."""
    fields = {
        "model_id": checked_model_id(model_id),
        "mask_input": _mask_on_the_wire("mask_input", _checked_mask(mask_input)),
        **{name: checked_flag(name, value) for name, value in flags.items()},
    }
    return SegmentAnythingRequest("/sam3_3d/infer", fields, objects)


def _prompt_set(prompts: object) -> dict[str, Any] | None:
    return None if prompts is None else {"prompts": checked_objects("prompts", prompts)}


def _checked_mask(mask: object) -> object:
    expected = "mask_input: expected a polygon, a run-length encoded mask, a boolean array or a list of these"
    if not _is_collection(mask):
        raise InvalidParameterError(f"{expected}, got {type(mask).__name__}")
    if len(cast("Sequence[object]", mask)) == 0:
        raise InvalidParameterError(f"{expected}, got nothing in it")
    return mask


def _is_collection(value: object) -> bool:
    return isinstance(value, np.ndarray | Mapping | Sequence) and not isinstance(value, str | bytes)


def _mask_on_the_wire(name: str, mask: object) -> Any:
    """Turn boolean masks into run lengths, the only form in which the route takes them; the rest is JSON already."""
    if isinstance(mask, np.ndarray):
        return _array_on_the_wire(name, cast("npt.NDArray[Any]", mask))
    if isinstance(mask, Sequence) and not isinstance(mask, str | bytes):
        entries = cast("Sequence[object]", mask)
        return [_mask_on_the_wire(f"{name}[{position}]", entry) for position, entry in enumerate(entries)]
    return checked_json(name, mask)


def _array_on_the_wire(name: str, mask: npt.NDArray[Any]) -> Any:
    if mask.dtype == np.bool_:
        if mask.ndim != 2 or mask.size == 0:
            raise InvalidParameterError(f"{name}: expected a mask of (height, width), got shape {mask.shape}")
        return encode_rle(mask)
    if mask.ndim == 1 or (mask.ndim == 2 and mask.shape[1] == 2):
        return checked_json(name, mask)
    raise InvalidParameterError(
        f"{name}: an array of {mask.dtype} with shape {mask.shape} is no polygon; pass a mask as a boolean array, "
        "such as mask > 0"
    )
