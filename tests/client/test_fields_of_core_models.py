"""Every field the calls send is one that the server's own document knows."""

from __future__ import annotations

import warnings
from typing import Any

import inference_api.models as documented
import numpy as np
import pytest
from recording_server import RecordingServer, Reply
from sent_images import plain

from inference_ext import InferenceConfiguration, InferenceHTTPClient

OBJECTS = [
    {
        "box": {"x": 4, "y": 4, "width": 2, "height": 3},
        "points": [{"x": 1, "y": 2, "positive": True}],
    }
]
CONCEPTS = [
    {
        "type": "visual",
        "text": "car",
        "output_prob_thresh": 0.5,
        "boxes": [{"x": 1, "y": 2, "width": 3, "height": 4}],
        "box_labels": [1],
    }
]
EXAMPLES = [{"image": plain(1), "boxes": [{"x": 3, "y": 4, "w": 2, "h": 2, "cls": "nut", "negative": True}]}]

CASES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "infer_lmm",
        "LMMInferenceRequest",
        {"model_id": "m", "prompt": "p", "max_new_tokens": 5, "enable_thinking": True},
    ),
    ("depth_estimation", "DepthEstimationRequest", {"depth_map_format": "png16"}),
    ("sam_embed_image", "SamEmbeddingRequest", {"image_id": "i"}),
    (
        "sam_segment_image",
        "SamSegmentationRequest",
        {"image_id": "i", "point_coords": [[1, 2]], "point_labels": [1], "mask_input": [[[0, 0], [9, 0], [9, 9]]]},
    ),
    (
        "sam_segment_image",
        "SamSegmentationRequest",
        {"inference_input": None, "embeddings": np.zeros((1, 2, 2, 2)), "orig_im_size": (5, 6)},
    ),
    ("sam2_embed_image", "Sam2EmbeddingRequest", {"image_id": "i"}),
    ("sam2_segment_image", "Sam2SegmentationRequest", {"prompts": OBJECTS}),
    ("sam3_embed_image", "Sam2EmbeddingRequest", {"image_id": "i"}),
    ("sam3_visual_segment", "Sam2SegmentationRequest", {"prompts": OBJECTS}),
    ("sam3_concept_segment", "Sam3SegmentationRequest", {"prompts": CONCEPTS, "nms_iou_threshold": 0.5}),
    ("sam3_3d_infer", "Sam3DObjectsInferenceRequest", {"mask_input": np.eye(5, dtype=bool)}),
    (
        "infer_from_yolo_world",
        "YOLOWorldInferenceRequest",
        {"class_names": ["cat"], "model_version": "s", "confidence": 0.5},
    ),
    (
        "infer_from_grounding_dino",
        "GroundingDINOInferenceRequest",
        {
            "text": ["cat"],
            "box_threshold": 0.5,
            "text_threshold": 0.5,
            "class_agnostic_nms": True,
            "grounding_dino_version_id": "default",
        },
    ),
    (
        "infer_from_owlv2",
        "OwlV2InferenceRequest",
        {
            "training_data": EXAMPLES,
            "confidence": 0.99,
            "owlv2_version_id": "owlv2-base-patch16-ensemble",
            "visualize_predictions": True,
            "visualization_labels": True,
            "visualization_stroke_width": 2,
        },
    ),
    (
        "infer_on_video_from_api_v1",
        "ActionRecognitionInferenceRequest",
        {"video_reference": "https://media.example/a.mp4", "model_id": "a/1"},
    ),
]


@pytest.mark.parametrize(("method", "document", "arguments"), CASES)
def test_every_field_is_documented(
    server: RecordingServer, method: str, document: str, arguments: dict[str, Any]
) -> None:
    server.answer = lambda _: Reply({"models": [{"model_id": "a/1", "task_type": "action-recognition"}]})
    everything = InferenceConfiguration(
        source="app",
        source_info="test",
        class_filter=["cat"],
        confidence_threshold=0.5,
        disable_preproc_auto_orientation=True,
        disable_preproc_contrast=True,
        disable_preproc_grayscale=True,
        disable_preproc_static_crop=True,
    )
    if method != "infer_on_video_from_api_v1":
        arguments = {"inference_input": plain(1), **arguments}
    with InferenceHTTPClient(server.url, api_key="KEY-1").configure(everything) as client, warnings.catch_warnings():
        getattr(client, method)(**arguments)
    body = server.requests[-1].json
    read = getattr(documented, document).from_dict(body)
    assert undocumented(read) == []
    written = read.to_dict()
    assert {name: written[name] for name in body if name != "embeddings"} == {
        name: value for name, value in body.items() if name != "embeddings"
    }


def undocumented(value: Any) -> list[str]:
    """Names of fields, at any depth, that the document does not know."""
    if isinstance(value, list):
        return [name for entry in value for name in undocumented(entry)]
    if not hasattr(value, "additional_properties"):
        return []
    names = list(value.additional_properties)
    for attribute in value.__attrs_attrs__:
        names += undocumented(getattr(value, attribute.name))
    return names
