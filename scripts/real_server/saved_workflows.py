"""Workflows saved on the server's own disk, which it serves under the workspace `local` without the platform."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["DETECTION", "SAVED", "WORKSPACE", "write_saved_workflows"]

WORKSPACE = "local"

DETECTION: dict[str, Any] = {
    "version": "1.0",
    "inputs": [
        {"type": "InferenceImage", "name": "image"},
        {"type": "InferenceParameter", "name": "confidence", "default_value": 0.4},
    ],
    "steps": [
        {
            "type": "roboflow_core/roboflow_object_detection_model@v2",
            "name": "model",
            "images": "$inputs.image",
            "model_id": "color-boxes/1",
            "confidence": "$inputs.confidence",
        },
        {
            "type": "roboflow_core/bounding_box_visualization@v1",
            "name": "drawn",
            "image": "$inputs.image",
            "predictions": "$steps.model.predictions",
        },
    ],
    "outputs": [
        {"type": "JsonField", "name": "predictions", "selector": "$steps.model.predictions"},
        {"type": "JsonField", "name": "picture", "selector": "$steps.drawn.image"},
    ],
}
"""Finds the coloured rectangles of one image or of a batch, and draws them."""

SAVED = {"find-colours": DETECTION}
"""Definitions by workflow id."""


def write_saved_workflows(model_cache: Path) -> None:
    """Write every definition to where the server looks for it."""
    folder = model_cache / "workflow" / "local"
    folder.mkdir(parents=True)
    for workflow_id, definition in SAVED.items():
        name = hashlib.sha256(workflow_id.encode()).hexdigest()
        config = json.dumps({"specification": definition})
        (folder / f"{name}.json").write_text(json.dumps({"config": config}))
