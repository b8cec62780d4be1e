"""Every public method of the client with arguments and an answer it takes.

A method that is missing here fails a test: nothing that reads an answer goes without.
"""

from __future__ import annotations

import atexit
import inspect
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from attrs import field, frozen

from inference_ext import InferenceHTTPClient

from .pictures import PICTURE_TEXTS, PICTURES

__all__ = ["CALLS", "NOTHING_SENT", "Call", "public_methods"]

#: Methods that read no answer.
NOTHING_SENT = frozenset(
    {
        "aclose",
        "close",
        "configure",
        "embedded",
        "init",
        "select_api_v0",
        "select_api_v1",
        "select_model",
        "use_api_v0",
        "use_api_v1",
        "use_configuration",
        "use_model",
    }
)

IMAGE = np.random.default_rng(1).integers(0, 256, (6, 8, 3), np.uint8)
MODEL = "project/1"

JPEG, PNG = PICTURE_TEXTS[0], PICTURE_TEXTS[1]
GREY_PNG = next(
    text for text, data in zip(PICTURE_TEXTS, PICTURES, strict=True) if data[1:4] == b"PNG" and data[25] == 0
)


def public_methods() -> set[str]:
    """The names of all public methods, without those for asyncio."""
    found = inspect.getmembers(
        InferenceHTTPClient, lambda member: inspect.isfunction(member) or inspect.ismethod(member)
    )
    return {name for name, _ in found if not name.startswith("_") and not name.endswith("_async")}


@frozen
class Call:
    """How a method is called, and what it may be answered."""

    arguments: Mapping[str, Any] = field(factory=dict[str, Any])
    answers: tuple[Any, ...] = ({},)
    """JSON values, or bytes for an answer in another form."""


_BOX: dict[str, Any] = {
    "x": 4.0,
    "y": 3.0,
    "width": 2.0,
    "height": 2.0,
    "class": "a",
    "class_id": 0,
    "confidence": 0.9,
    "detection_id": "d",
}
_POINTS: list[Any] = [{"x": 1, "y": 1}, {"x": 5, "y": 1}, {"x": 5, "y": 4}]
_KEYPOINTS: list[Any] = [{"x": 1, "y": 1, "class": "nose", "class_id": 0, "confidence": 0.5}]
_SIZE: dict[str, Any] = {"width": 8, "height": 6}
_HEAD: dict[str, Any] = {"image": _SIZE, "time": 0.1, "inference_id": "i"}
_MAP: dict[str, Any] = {"shape": [1, 2], "dtype": "float32", "data": "AAAAAAAAgD8="}

OBJECTS: dict[str, Any] = {**_HEAD, "predictions": [_BOX, _BOX], "visualization": JPEG}
INSTANCES: dict[str, Any] = {
    **_HEAD,
    "predictions": [{**_BOX, "points": _POINTS}, {**_BOX, "rle": {"size": [6, 8], "counts": [10, 5, 33]}}],
}
IN_GRID: dict[str, Any] = {
    **INSTANCES,
    "mask_metadata": {"coordinate_system": "mask_grid", "width": 4, "height": 3, "scale_x": 2.0, "scale_y": 2.0},
    "original_image": _SIZE,
}
KEYPOINTS: dict[str, Any] = {**_HEAD, "predictions": [{**_BOX, "keypoints": _KEYPOINTS}]}
SEMANTIC: dict[str, Any] = {
    **_HEAD,
    "predictions": {"segmentation_mask": GREY_PNG, "confidence_mask": GREY_PNG, "class_map": {"0": "ground", "1": "a"}},
}
CLASSES: dict[str, Any] = {
    **_HEAD,
    "predictions": [{"class": "a", "class_id": 0, "confidence": 0.9}],
    "top": "a",
    "confidence": 0.9,
}
LABELS: dict[str, Any] = {**_HEAD, "predictions": {"a": {"confidence": 0.9, "class_id": 0}}, "predicted_classes": ["a"]}
ANOMALY: dict[str, Any] = {**CLASSES, "anomaly_score": 0.5, "is_anomalous": True, "anomaly_map": _MAP}
INFERENCE: tuple[Any, ...] = (OBJECTS, INSTANCES, IN_GRID, KEYPOINTS, SEMANTIC, CLASSES, LABELS, ANOMALY)

REGISTRY: dict[str, Any] = {
    "models": [
        {"model_id": MODEL, "task_type": "object-detection", "batch_size": 1, "input_height": 4, "input_width": 4},
        {"model_id": "clips/1", "task_type": "action-recognition"},
    ]
}
WORKFLOW: dict[str, Any] = {
    "outputs": [
        {
            "picture": {"type": "base64", "value": JPEG, "video_metadata": {"frame_number": 1}},
            "crops": [[{"type": "base64", "value": PNG}], []],
            "found": OBJECTS,
        }
    ],
    "profiler_trace": [{"name": "step", "ts": 1}],
    "python_stdout": "a",
}
INTERFACE: dict[str, Any] = {
    "inputs": {"image": ["image"]},
    "outputs": {"found": ["*"]},
    "typing_hints": {"image": "dict"},
    "kinds_schemas": {"image": {}},
}
BLOCKS: dict[str, Any] = {
    "blocks": [
        {
            "manifest_class": {},
            "block_schema": {},
            "outputs_manifest": [{"name": "a", "kind": [{"name": "image"}]}],
            "block_source": "core",
            "fully_qualified_block_class_name": "a.B",
            "human_friendly_block_name": "B",
            "manifest_type_identifier": "b@v1",
            "manifest_type_identifier_aliases": [],
            "execution_engine_compatibility": None,
            "input_dimensionality_offsets": {"a": 0},
            "dimensionality_reference_property": None,
            "output_dimensionality_offset": 0,
        }
    ],
    "declared_kinds": [{"name": "image"}],
    "kinds_connections": {"image": []},
    "primitives_connections": [],
    "universal_query_language_description": {"operations_description": [], "operators_descriptions": []},
    "dynamic_block_definition_schema": {},
}
EMBEDDING: dict[str, Any] = {"embeddings": [[0.1, 0.2]], "time": 0.1}
SIMILARITY: dict[str, Any] = {"similarity": [0.5], "time": 0.1}
NPY = b"\x93NUMPY\x01\x00"

SPECIFICATION: dict[str, Any] = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}
EXAMPLES = [{"image": IMAGE, "boxes": [{"x": 1, "y": 1, "w": 2, "h": 2, "cls": "a"}]}]


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "picture.png").write_bytes(PICTURES[1])
    return folder


def _image(*answers: Any, **more: Any) -> Call:
    return Call({"inference_input": IMAGE, **more}, answers or ({"time": 0.1},))


def _typed(*answers: Any) -> Call:
    return Call({"image": IMAGE, "model_id": MODEL}, answers)


_ON_MODEL = Call({"inference_input": IMAGE, "model_id": MODEL}, (*INFERENCE, PICTURES[0]))
_ON_CLIP = Call({"video_reference": "https://clips.invalid/a.mp4", "model_id": "clips/1"}, ({"top": "a"},))
_ON_PIPELINE = Call({"pipeline_id": "p"}, ({"status": "success", "context": {"request_id": "r"}},))
_COMPARE = Call({"subject": IMAGE, "prompt": "a"}, (SIMILARITY,))
_RUN = Call(
    {"specification": SPECIFICATION, "images": {"image": IMAGE}, "excluded_fields": ["a"]},
    (WORKFLOW,),
)
_PROFILED: dict[str, Any] = {**_RUN.arguments, "enable_profiling": True}

CALLS: dict[str, Call] = {
    "classify": _typed(CLASSES, LABELS, ANOMALY),
    "clip_compare": _COMPARE,
    "consume_inference_pipeline_result": _ON_PIPELINE,
    "depth_estimation": _image({"normalized_depth": GREY_PNG, "image": None}, {"normalized_depth": [[0.5]]}),
    "describe": Call({}, ({"name": "n", "version": "1.8.3", "uuid": "u", "models": [], "paths": {"/a": {"get": {}}}},)),
    "describe_workflow_blocks": Call({}, (BLOCKS,)),
    "describe_workflow_interface": Call({"specification": SPECIFICATION}, (INTERFACE,)),
    "detect_gazes": _image({"predictions": [{"yaw": 0.1}]}),
    "detect_keypoints": _typed(KEYPOINTS),
    "detect_objects": _typed(OBJECTS),
    "get_clip_image_embeddings": _image(EMBEDDING),
    "get_clip_text_embeddings": Call({"text": "a"}, (EMBEDDING,)),
    "get_image_embeddings": _image(EMBEDDING, model_id=MODEL),
    "get_inference_pipeline_status": _ON_PIPELINE,
    "get_model_description": Call({"model_id": MODEL}, (REGISTRY,)),
    "get_perception_encoder_image_embeddings": _image(EMBEDDING),
    "get_perception_encoder_text_embeddings": Call({"text": ["a"]}, (EMBEDDING,)),
    "get_server_info": Call({}, ({"name": "n", "version": "1.8.3", "uuid": "u"},)),
    "get_workflow_execution_engine_versions": Call({}, ({"versions": ["1.0"]},)),
    "infer": _ON_MODEL,
    "infer_from_api_v0": _ON_MODEL,
    "infer_from_api_v1": _ON_MODEL,
    "infer_from_grounding_dino": _image(OBJECTS, text=["a"]),
    "infer_from_owlv2": _image(OBJECTS, training_data=EXAMPLES),
    "infer_from_workflow": Call(_PROFILED, (WORKFLOW,)),
    "infer_from_yolo_world": _image(OBJECTS, class_names=["a"]),
    "infer_lmm": _image({"response": "a"}, model_id="some/model"),
    "infer_on_stream": Call({"input_uri": str(_folder()), "model_id": MODEL}, INFERENCE),
    "infer_on_video": _ON_CLIP,
    "infer_on_video_from_api_v0": _ON_CLIP,
    "infer_on_video_from_api_v1": _ON_CLIP,
    "list_inference_pipelines": Call({}, ({"pipelines": ["p"]},)),
    "list_loaded_models": Call({}, (REGISTRY,)),
    "load_model": Call({"model_id": MODEL, "set_as_default": True}, (REGISTRY,)),
    "ocr_image": _image({"result": "a", "predictions": []}),
    "pause_inference_pipeline": _ON_PIPELINE,
    "perception_encoder_compare": Call({"subject": IMAGE, "prompt": {"n": "a"}}, ({"similarity": {"n": 0.5}},)),
    "prompt_cogvlm": Call({"visual_prompt": IMAGE, "text_prompt": "a"}, ({"response": "a"},)),
    "resume_inference_pipeline": _ON_PIPELINE,
    "run_workflow": _RUN,
    "sam2_embed_image": _image({"image_id": "i"}),
    "sam2_segment_image": _image({"predictions": [{"masks": [[[0, 0]]], "confidence": 0.5}]}),
    "sam3_3d_infer": _image({"mesh_glb": "AAAA"}, mask_input=[0, 0, 1, 1]),
    "sam3_concept_segment": _image({"prompt_results": []}, prompts=[{"type": "text", "text": "a"}]),
    "sam3_embed_image": _image({"image_id": "i"}),
    "sam3_visual_segment": _image({"predictions": []}),
    "sam_embed_image": _image(NPY, format="binary"),
    "sam_segment_image": Call({"image_id": "i"}, ({"masks": [], "low_res_masks": []},)),
    "segment_instances": _typed(INSTANCES, IN_GRID),
    "segment_semantic": _typed(SEMANTIC),
    "start_inference_pipeline_with_workflow": Call(
        {"video_reference": 0, "workflow_specification": SPECIFICATION}, _ON_PIPELINE.answers
    ),
    "terminate_inference_pipeline": _ON_PIPELINE,
    "unload_all_models": Call({}, (REGISTRY,)),
    "unload_model": Call({"model_id": MODEL}, (REGISTRY,)),
    "validate_workflow": Call({"specification": SPECIFICATION}, ({"status": "ok"},)),
}
