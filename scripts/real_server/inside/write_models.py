"""Writes the analytic models in the layout that one of the server's engines reads.

    python -m real_server.inside.write_models --layout local  FOLDER    FOLDER is the server's working folder
    python -m real_server.inside.write_models --layout legacy FOLDER    FOLDER is its MODEL_CACHE_DIR

Each model becomes FOLDER/<project>/1/.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from real_server.inside import networks
from real_server.inside.networks import COLOURS, HALF, IMAGENET, KEYPOINTS, SIDE, Normalisation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MULTI_LABEL = "multi-label-classification"
KEYPOINT_TASK = "keypoint-detection"
DISPLAY_COLOURS = {"red": "#FF0000", "green": "#00FF00", "blue": "#0000FF", "background": "#888888"}
NMS = {"type": "nms", "fused": False}


@dataclass(frozen=True)
class Model:
    """What both layouts need to know about one model."""

    project: str
    network: Callable[[], bytes]
    task: str
    architecture: str
    """As the current engine calls it."""
    legacy_type: str
    """As the legacy engine calls it."""
    post_processing: Mapping[str, object] | None
    normalisation: Normalisation | None = None
    classes: tuple[str, ...] = tuple(COLOURS)

    @property
    def model_id(self) -> str:
        """The id that clients ask for."""
        return f"{self.project}/1"


MODELS = [
    Model("color-boxes", networks.detection, "object-detection", "yolov8", "yolov8n", NMS),
    Model("color-masks", networks.instance_segmentation, "instance-segmentation", "yolov8", "yolov8n-seg", NMS),
    Model("color-points", networks.keypoint_detection, KEYPOINT_TASK, "yolov8", "yolov8n-pose", NMS),
    Model(
        "color-class",
        networks.classification,
        "classification",
        "yolov8",
        "yolov8n",
        {"type": "softmax", "fused": False},
        HALF,
    ),
    Model(
        "color-tags",
        networks.multi_label_classification,
        MULTI_LABEL,
        "resnet",
        "yolov8n",
        {"type": "sigmoid", "fused": True},
        HALF,
    ),
    Model(
        "color-sem",
        networks.semantic_segmentation,
        "semantic-segmentation",
        "deep-lab-v3-plus",
        "deeplabv3plus",
        None,
        IMAGENET,
        ("background", *COLOURS),
    ),
]


def write_model(model: Model, layout: str, root: Path) -> Path:
    """Write one model below `root` and return its folder."""
    folder = root / model.project / "1"
    folder.mkdir(parents=True, exist_ok=True)
    descriptions = local_layout(model) if layout == "local" else legacy_layout(model)
    for name, content in descriptions.items():
        (folder / name).write_text(json.dumps(content, indent=1))
    (folder / "class_names.txt").write_text("\n".join(model.classes) + "\n")
    if model.task == KEYPOINT_TASK:
        (folder / "keypoints_metadata.json").write_text(json.dumps(keypoint_skeletons(), indent=1))
    (folder / "weights.onnx").write_bytes(model.network())
    return folder


def local_layout(model: Model) -> dict[str, object]:
    """Return the description files of the current engine's local packages."""
    normalisation = model.normalisation
    inference: dict[str, object] = {
        "network_input": {
            "training_input_size": {"height": SIDE, "width": SIDE},
            "dynamic_spatial_size_supported": False,
            "color_mode": "rgb",
            "resize_mode": "stretch",
            "input_channels": 3,
            "scaling_factor": 255,
            "normalization": [normalisation.mean, normalisation.deviation] if normalisation else None,
        },
        "forward_pass": {"max_dynamic_batch_size": 16},
    }
    if model.post_processing is not None:
        inference["post_processing"] = model.post_processing
    identity = {
        "model_id": model.model_id,
        "model_architecture": model.architecture,
        "task_type": model.task,
        "backend_type": "onnx",
    }
    return {"model_config.json": identity, "inference_config.json": inference}


def legacy_layout(model: Model) -> dict[str, object]:
    """Return the description files of the legacy engine's model cache."""
    # To the legacy engine multi-label is classification with a switch.
    task = "classification" if model.task == MULTI_LABEL else model.task
    identity = {"project_task_type": task, "model_type": model.legacy_type, "model_id": model.model_id}
    resize = {"enabled": True, "format": "Stretch to", "width": SIDE, "height": SIDE}
    environment = {
        "PREPROCESSING": json.dumps({"resize": resize}),
        "CLASS_MAP": {str(index): name for index, name in enumerate(model.classes)},
        "COLORS": {name: DISPLAY_COLOURS[name] for name in model.classes},
        "MULTICLASS": model.task == MULTI_LABEL,
        "RESOLUTION": SIDE,
        "BATCH_SIZE": 1,
    }
    return {"model_type.json": identity, "environment.json": environment}


def keypoint_skeletons() -> list[dict[str, object]]:
    """Return, per class, the names of the key points and the lines between them."""
    names = {str(index): name for index, name in enumerate(KEYPOINTS)}
    edges = [{"from": 0, "to": 1}, {"from": 0, "to": 2}]
    return [{"object_class_id": index, "keypoints": names, "edges": edges} for index in range(len(COLOURS))]


def main() -> None:
    """Write all six models."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layout", choices=["local", "legacy"], required=True)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    arguments = parser.parse_args()
    for model in MODELS:
        folder = write_model(model, arguments.layout, arguments.folder)
        print(f"{model.model_id}: {model.task}, {(folder / 'weights.onnx').stat().st_size} bytes")


if __name__ == "__main__":
    main()
