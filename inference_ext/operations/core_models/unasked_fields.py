"""What the calls of core models send when the caller chooses nothing: the defaults of the client's arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["UNASKED", "unasked_fields"]

#: By route, the fields that have a value by default; all others are sent only when they are given.
UNASKED: Mapping[str, Mapping[str, Any]] = {
    "/clip/compare": {"subject_type": "image", "prompt_type": "text"},
    "/infer/depth-estimation": {"model_id": "depth-anything-v3/small", "depth_map_format": "json"},
    "/infer/embeddings": {"output_type": "feature_vector"},
    "/perception_encoder/compare": {"subject_type": "image", "prompt_type": "text"},
    "/sam/embed_image": {"sam_version_id": "vit_h", "format": "json"},
    "/sam/segment_image": {
        "sam_version_id": "vit_h",
        "format": "json",
        "has_mask_input": False,
        "use_mask_input_cache": True,
    },
    "/sam2/embed_image": {"sam2_version_id": "hiera_tiny"},
    "/sam2/segment_image": {"sam2_version_id": "hiera_tiny", "multimask_output": True, "format": "json"},
    "/sam3/concept_segment": {"model_id": "sam3/sam3_final", "output_prob_thresh": 0.5, "format": "polygon"},
    "/sam3/visual_segment": {"multimask_output": True, "format": "json"},
    "/sam3_3d/infer": {
        "model_id": "sam3-3d-objects",
        "output_meshes": True,
        "output_scene": True,
        "with_mesh_postprocess": True,
        "with_texture_baking": True,
        "use_distillations": False,
    },
}


def unasked_fields(path: str) -> Mapping[str, Any]:
    """Give the row of a path, which may end in a model's id."""
    for route, fields in UNASKED.items():
        if path == route or path.startswith(f"{route}/"):
            return fields
    return {}
