"""The analytic models of the real server, and the routes of their tasks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Model:
    """A model id, its task as the registry names it, and the task's v1 route."""

    model_id: str
    task: str
    route: str


BOXES = Model("color-boxes/1", "object-detection", "/infer/object_detection")
MASKS = Model("color-masks/1", "instance-segmentation", "/infer/instance_segmentation")
POINTS = Model("color-points/1", "keypoint-detection", "/infer/keypoints_detection")
CLASS = Model("color-class/1", "classification", "/infer/classification")
TAGS = Model("color-tags/1", "classification", "/infer/classification")
SEMANTIC = Model("color-sem/1", "semantic-segmentation", "/infer/semantic_segmentation")
ALL = (BOXES, MASKS, POINTS, CLASS, TAGS, SEMANTIC)
MISSING = "nope/1"
"""An id that no model has."""
