"""What a request asks for, the same for both API generations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from inference_ext.local.http_errors import with_message


@dataclass(frozen=True)
class InferenceOptions:
    """Checked options of one inference request.

    Attributes:
        request_id: The answer's `inference_id`.
        confidence: Threshold 0..1, or `best` / `default`, which mean the task's own default here.
        iou_threshold: Two boxes of one class that overlap by more than this count as one.
        class_agnostic_nms: Whether boxes of different classes suppress each other too.
        class_filter: Class names to keep; empty keeps all.
        max_detections: How many of the most confident detections to keep, before `class_filter`.
        visualize: Whether to draw the predictions.
        visualize_labels: Whether the drawing carries labels.
        stroke_width: Line width of the drawing in pixels.
        mask_format: `polygon` or `rle`.
        auto_orient: Whether EXIF orientation is applied.

    """

    request_id: str
    confidence: float | str = 0.4
    iou_threshold: float = 0.3
    class_agnostic_nms: bool = False
    class_filter: tuple[str, ...] = ()
    max_detections: int = 300
    visualize: bool = False
    visualize_labels: bool = False
    stroke_width: int = 1
    mask_format: str = "polygon"
    auto_orient: bool = True
    mask_decode_mode: str = "accurate"
    tradeoff_factor: float = 0.0

    def threshold(self, task_default: float) -> float:
        """The confidence threshold as a number; `best` and `default` give the task's default."""
        # Nothing changes outside 0..1, but far outside a number does not fit into the 32-bit floats of the scores.
        return task_default if isinstance(self.confidence, str) else min(max(self.confidence, -1.0), 2.0)

    def refuse_bad_mask_decoding(self) -> None:
        """Refuse a mask decode mode or trade-off that does not exist, as segmentation models do.

        Raises:
            HTTPAnswerError: 400.

        """
        known = self.mask_decode_mode in ("accurate", "fast", "tradeoff")
        if known and (self.mask_decode_mode != "tradeoff" or 0.0 <= self.tradeoff_factor <= 1.0):
            return
        raise with_message(
            400,
            "Invalid mask decode argument sent. tradeoff_factor must be in [0.0, 1.0], "
            "mask_decode_mode: must be one of ['accurate', 'fast', 'tradeoff']",
        )


OPTION_OF_FIELD = {
    "confidence": "confidence",
    "iou_threshold": "iou_threshold",
    "overlap": "iou_threshold",
    "class_agnostic_nms": "class_agnostic_nms",
    "max_detections": "max_detections",
    "visualize_predictions": "visualize",
    "visualization_labels": "visualize_labels",
    "labels": "visualize_labels",
    "visualization_stroke_width": "stroke_width",
    "stroke": "stroke_width",
    "mask_decode_mode": "mask_decode_mode",
    "tradeoff_factor": "tradeoff_factor",
}
"""Wire names of both generations to the attribute they set."""


def options_from(values: dict[str, Any], request_id: str) -> InferenceOptions:
    """Options from checked fields; what is absent or null keeps its default."""
    chosen: dict[str, Any] = {
        attribute: values[name] for name, attribute in OPTION_OF_FIELD.items() if values.get(name) is not None
    }
    if values.get("response_mask_format") in ("polygon", "rle"):
        chosen["mask_format"] = values["response_mask_format"]
    return InferenceOptions(
        request_id=request_id,
        class_filter=tuple(values.get("class_filter") or ()),
        auto_orient=not values.get("disable_preproc_auto_orient"),
        **chosen,
    )
