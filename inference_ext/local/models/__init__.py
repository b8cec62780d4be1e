"""The built-in models, one module each. Each is real, if classical, computer vision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inference_ext.local.models import codes, exposure, faces, foreground, markers, objects, sharpness

if TYPE_CHECKING:
    from typing import Any, Protocol

    class Register(Protocol):
        """`LocalBackend.register`, called with a function."""

        def __call__(self, model_id: str, *, task: Any, class_names: Any, predict: Any, keypoint_names: Any) -> object:
            """Make the function a model."""
            ...


def register_builtin_models(register: Register) -> None:
    """Register all of them; none runs, and scikit-image is not imported, before its first image."""
    for model_id, task, module in (
        ("faces/1", "object-detection", faces),
        ("codes/1", "object-detection", codes),
        ("objects/1", "instance-segmentation", objects),
        ("markers/1", "keypoint-detection", markers),
        ("foreground/1", "semantic-segmentation", foreground),
        ("sharpness/1", "classification", sharpness),
        ("exposure/1", "multi-label-classification", exposure),
    ):
        register(
            model_id,
            task=task,
            class_names=module.CLASS_NAMES,
            predict=module.predict,
            keypoint_names=getattr(module, "KEYPOINT_NAMES", ()),
        )
