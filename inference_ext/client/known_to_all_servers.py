"""The calls that every server knows which this package is for, told without loading the generated layer.

The table is short, for the calls that are made most. Whatever is not in it is looked up in the generated tables, so a
name that is missing here costs a little time and nothing else; a test holds what is here against them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..operations.v0_route import V0_ROUTE

__all__ = ["KNOWN_TO_ALL_SERVERS", "is_known_to_all_servers"]

_PREPROCESSING = frozenset(
    {
        "disable_preproc_auto_orient",
        "disable_preproc_contrast",
        "disable_preproc_grayscale",
        "disable_preproc_static_crop",
    }
)
_ANY_TASK = _PREPROCESSING | {
    "active_learning_target_dataset",
    "confidence",
    "countinference",
    "disable_active_learning",
    "service_secret",
    "visualization_stroke_width",
    "visualize_predictions",
}
_BOXES = _ANY_TASK | {
    "class_agnostic_nms",
    "class_filter",
    "fix_batch_size",
    "iou_threshold",
    "max_candidates",
    "max_detections",
    "visualization_labels",
}
_RUN = frozenset({"enable_profiling", "excluded_fields", "use_cache"})
_NOTHING: frozenset[str] = frozenset()

#: By method and path: the options that all servers know, and so does the route.
KNOWN_TO_ALL_SERVERS: Mapping[str, frozenset[str]] = {
    "GET /model/registry": _NOTHING,
    "POST /infer/classification": _ANY_TASK,
    "POST /infer/instance_segmentation": _BOXES | {"mask_decode_mode", "tradeoff_factor"},
    "POST /infer/keypoints_detection": _BOXES | {"keypoint_confidence"},
    "POST /infer/object_detection": _BOXES,
    "POST /model/add": _NOTHING,
    "POST /model/clear": _NOTHING,
    "POST /model/remove": _NOTHING,
    "POST /workflows/run": _RUN,
    "POST /{workspace_name}/workflows/{workflow_id}": _RUN,
    V0_ROUTE: _PREPROCESSING
    | {
        "active_learning_target_dataset",
        "class_agnostic_nms",
        "confidence",
        "disable_active_learning",
        "fix_batch_size",
        "format",
        "keypoint_confidence",
        "labels",
        "mask_decode_mode",
        "max_candidates",
        "max_detections",
        "overlap",
        "stroke",
        "tradeoff_factor",
    },
}


def is_known_to_all_servers(route: str, options: Collection[str]) -> bool:
    """Whether no server lacks the route or one of the options, as far as the table knows."""
    known = KNOWN_TO_ALL_SERVERS.get(route)
    return known is not None and known.issuperset(options)
