"""Which detections stay: confidence threshold, non-maximum suppression, limit.

The real server does the same for a model whose network has no suppression of its own: it compares in 32-bit floats,
keeps what is *above* the threshold, sorts by confidence and drops a box whose overlap with a better box of the same
class is *above* the IoU threshold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def kept_detections(
    boxes: npt.NDArray[np.float32],
    confidences: npt.NDArray[np.float32],
    class_ids: npt.NDArray[np.int64],
    *,
    threshold: float,
    iou_threshold: float,
    class_agnostic: bool,
    max_detections: int,
) -> list[int]:
    """Indices of the detections that stay, the most confident first.

    Args:
        boxes: (N, 4) as x_min, y_min, x_max, y_max.
        confidences: (N,) fractions.
        class_ids: (N,) class ids.
        threshold: Confidences have to be greater than this.
        iou_threshold: Overlap above which the less confident box goes.
        class_agnostic: Whether boxes of different classes suppress each other.
        max_detections: At most so many stay.

    """
    # A stable sort: equally confident boxes stay in the order in which the model gave them.
    order = np.argsort(-confidences, kind="stable")
    kept: list[int] = []
    for index in order.tolist():
        if not confidences[index] > np.float32(threshold):
            continue
        rivals = [better for better in kept if class_agnostic or class_ids[better] == class_ids[index]]
        # The server's suppression compares 32-bit overlaps with a 64-bit threshold.
        if not rivals or not bool(np.any(overlaps(boxes[index], boxes[rivals]).astype(np.float64) > iou_threshold)):
            kept.append(index)
    return kept[:max_detections] if len(kept) > max_detections else kept


def overlaps(box: npt.NDArray[np.float32], others: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Intersection over union of one box with each of (N, 4) others; 0 where both have no area."""
    width = np.minimum(box[2], others[:, 2]) - np.maximum(box[0], others[:, 0])
    height = np.minimum(box[3], others[:, 3]) - np.maximum(box[1], others[:, 1])
    shared = np.clip(width, 0, None) * np.clip(height, 0, None)
    areas = (others[:, 2] - others[:, 0]) * (others[:, 3] - others[:, 1])
    union = (box[2] - box[0]) * (box[3] - box[1]) + areas - shared
    ratios: npt.NDArray[np.float32] = np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)
    return ratios
