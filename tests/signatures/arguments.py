"""Everything that every method can be given, in as many calls as it takes to go every way through it.

A new argument, a new method and a new setting fail a test until they are here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from inference_ext import InferenceConfiguration
from tests.fuzzing.calls import CALLS as ANSWERED_CALLS
from tests.fuzzing.calls import IMAGE

__all__ = ["ARGUMENTS", "LEFT_AT_DEFAULT", "MODELS", "OTHERS", "SETTINGS", "TASKS", "Arguments"]

Arguments = Mapping[str, Any]

URL = "https://pictures.invalid/a.png"
CLIP_URL = "https://clips.invalid/a.mp4"
SPECIFICATION: dict[str, Any] = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}
OTHER_SPECIFICATION: dict[str, Any] = {**SPECIFICATION, "version": "1.1"}
SAVED = {"workspace_name": "space", "workflow_id": "flow"}

#: A model of every task, by the name the registry has for it.
MODELS = {
    "object-detection": "objects/1",
    "instance-segmentation": "instances/1",
    "semantic-segmentation": "areas/1",
    "classification": "classes/1",
    "keypoint-detection": "joints/1",
    "action-recognition": "clips/1",
}
TASKS = [task for task in MODELS if task != "action-recognition"]

#: Every setting at a value that is not its default.
SETTINGS: dict[str, Any] = {
    "confidence_threshold": 0.3,
    "keypoint_confidence_threshold": 0.2,
    "iou_threshold": 0.6,
    "class_filter": ["cat", "dog"],
    "class_agnostic_nms": True,
    "max_detections": 7,
    "max_candidates": 70,
    "fix_batch_size": True,
    "mask_decode_mode": "tradeoff",
    "tradeoff_factor": 0.7,
    "response_mask_format": "rle",
    "allow_reduced_mask_resolution": True,
    "include_anomaly_map": True,
    "format": "image_and_json",
    "visualize_predictions": True,
    "visualize_labels": True,
    "stroke_width": 3,
    "output_visualisation_format": "numpy",
    "disable_preproc_auto_orientation": True,
    "disable_preproc_contrast": True,
    "disable_preproc_grayscale": True,
    "disable_preproc_static_crop": True,
    "disable_active_learning": True,
    "active_learning_target_dataset": "other",
    "source": "warehouse",
    "source_info": "door 3",
    "count_inference": False,
    "service_secret": "hush",
    "client_downsizing_disabled": False,
    "default_max_input_size": 4,
    "image_format": "png",
    "jpeg_quality": 50,
    "v0_upload": "multipart",
    "image_url_handling": "pass_through",
    "max_image_pixels": 10_000,
    "image_extensions_for_directory_scan": ["png"],
    "source_buffer_filling_strategy": "drop_oldest",
    "max_concurrent_requests": 1,
    "max_batch_size": 2,
    "connect_timeout": 5.0,
    "request_timeout": 30.0,
    "total_timeout": 60.0,
    "max_retries": 0,
    "api_key_transport": "both",
    "workflow_run_retries_enabled": False,
}
#: Settings that the calls here go without, and why.
LEFT_AT_DEFAULT = {
    "on_error": "a call that failed must fail the test",
    "show_progress": "it draws on stderr",
    "profiling_directory": "a folder of the test",
}
assert not SETTINGS.keys() & LEFT_AT_DEFAULT.keys()


def _silent(progress: object) -> None:
    del progress


#: Two in one request, of which the server fetches one, and one in a request of its own.
SEVERAL = [IMAGE, URL, IMAGE]


def _on_images(**arguments: Any) -> tuple[Arguments, ...]:
    return tuple({"inference_input": images, **arguments} for images in (IMAGE, SEVERAL))


def _on_cached_images(**arguments: Any) -> tuple[Arguments, ...]:
    """The same, with a name for the image that is alone."""
    alone, several = _on_images(**arguments)
    return {**alone, "image_id": "i"}, several


def _on_models() -> tuple[Arguments, ...]:
    return tuple({"inference_input": SEVERAL, "model_id": MODELS[task], "progress": _silent} for task in TASKS)


def _typed(task: str, **arguments: Any) -> tuple[Arguments, ...]:
    given = {"model_id": MODELS[task], "confidence": 0.25, **arguments}
    return {"image": IMAGE, **given}, {"image": SEVERAL, "progress": _silent, **given}


def _of_boxes(task: str, **arguments: Any) -> tuple[Arguments, ...]:
    return _typed(task, iou_threshold=0.65, class_filter=["cow"], max_detections=9, **arguments)


def _comparisons(version: str) -> tuple[Arguments, ...]:
    images = {"subject_type": "image", "prompt_type": "image", version: "v"}
    texts = {"subject_type": "text", "prompt_type": "text", version: "v"}
    return (
        {"subject": URL, "prompt": URL, **images},
        {"subject": IMAGE, "prompt": [IMAGE, URL], **images},
        {"subject": IMAGE, "prompt": {"first": IMAGE, "second": URL}, **images},
        {"subject": URL, "prompt": "dog", **texts},  # an image's address is text as well
        {"subject": "cat", "prompt": ["dog", "cow"], **texts},
        {"subject": "cat", "prompt": {"first": "dog"}, **texts},
    )


def _embeddings(version: str) -> tuple[tuple[Arguments, ...], tuple[Arguments, ...]]:
    """Of images, and of texts."""
    return _on_images(**{version: "v"}), ({"text": "a", version: "v"}, {"text": ["a", "b"], version: "v"})


_CLIP_IMAGES, _CLIP_TEXTS = _embeddings("clip_version")
_PERCEPTION_IMAGES, _PERCEPTION_TEXTS = _embeddings("perception_encoder_version")

_PROMPTS = [
    {
        "box": {"x": 4, "y": 3, "width": 2, "height": 2},
        "points": [{"x": 1, "y": 1, "positive": True}, {"x": 2, "y": 1, "positive": False}],
    }
]
_VISUAL: Arguments = {
    "prompts": _PROMPTS,
    "multimask_output": False,
    "mask_input_format": "rle",
    "save_logits_to_cache": True,
    "load_logits_from_cache": True,
}
_CONCEPTS = [
    {"type": "text", "text": "cat", "output_prob_thresh": 0.4},
    {
        "type": "visual",
        "boxes": [{"x": 1, "y": 1, "width": 2, "height": 2}, {"x0": 1, "y0": 1, "x1": 3, "y1": 3}],
        "box_labels": [1, 0],
    },
]
_EXAMPLES = [
    {"image": IMAGE, "boxes": [{"x": 1, "y": 1, "w": 2, "h": 2, "cls": "a", "negative": True}]},
    {"image": URL, "boxes": []},
]
_POLYGON = [[1, 1], [5, 1], [5, 4]]

_BLOCK = {
    "type": "DynamicBlockDefinition",
    "manifest": {
        "type": "ManifestDescription",
        "block_type": "Mean",
        "description": "The mean of a channel.",
        "inputs": {
            "image": {
                "type": "DynamicInputDefinition",
                "has_default_value": True,
                "default_value": 0,
                "is_optional": True,
                "is_dimensionality_reference": True,
                "dimensionality_offset": 1,
                "selector_types": ["input_image"],
                "selector_data_kind": {"input_image": ["image"]},
                "value_types": ["any"],
            }
        },
        "outputs": {"mean": {"type": "DynamicOutputDefinition", "kind": ["float"]}},
        "output_dimensionality_offset": 1,
        "ui_manifest": {"icon": "a"},
        "accepts_batch_input": True,
        "accepts_empty_values": True,
        "batch_oriented_parameters": ["image"],
        "parameters_with_scalars_and_batches": ["image"],
        "get_parameters_enforcing_auto_batch_casting": ["image"],
        "tensor_compatibility": "tensor_native",
    },
    "code": {
        "type": "PythonCode",
        "run_function_code": "def run(self, image): return {}",
        "run_function_name": "run",
        "init_function_code": "def init(): return {}",
        "init_function_name": "init",
        "imports": ["import math"],
    },
}

_RUN: Arguments = {
    "images": {"image": [IMAGE, URL]},
    "parameters": {"threshold": 0.5},
    "excluded_fields": ["a"],
    "use_cache": False,
    "enable_profiling": True,
    "disable_sinks": True,
}
_START: Arguments = {
    "video_reference": ["rtsp://camera.invalid/1", 0],
    "image_input_name": "frame",
    "workflows_parameters": {"threshold": 0.5},
    "workflows_thread_pool_workers": 2,
    "cancel_thread_pool_tasks_on_exit": False,
    "video_metadata_input_name": "metadata",
    "max_fps": 10,
    "source_buffer_filling_strategy": "WAIT",
    "source_buffer_consumption_strategy": "LAZY",
    "video_source_properties": {"frame_width": 640},
    "batch_collection_timeout": 0.5,
    "results_buffer_size": 8,
    "disable_sinks": True,
    "consumption_timeout": 30.5,
    "execution_engine_thread_pool_workers": 2,
    "decoding_buffer_size": 16,
    "predictions_queue_size": 32,
}
_LMM: Arguments = {"model_id": "some/model", "prompt": "what?", "max_new_tokens": 5, "enable_thinking": True}
_DEPTH: Arguments = {"model_id": "depth/model", "depth_map_format": "png16"}
_SAM_3D: Arguments = {
    "model_id": "sam3d",
    "output_meshes": False,
    "output_scene": False,
    "with_mesh_postprocess": False,
    "with_texture_baking": False,
    "use_distillations": True,
}
_CLICK: Arguments = {"sam_version_id": "vit_b", "point_coords": [[1, 2]], "point_labels": [1], "format": "binary"}
#: Nobody looks into the clip, so any file is one.
_CLIPS = tuple(
    {"video_reference": clip, "model_id": MODELS["action-recognition"], "include_candidates": True}
    for clip in (CLIP_URL, __file__)
)
_PIPELINE: tuple[Arguments, ...] = ({"pipeline_id": "p"},)
_NONE: tuple[Arguments, ...] = ({},)

ARGUMENTS: Mapping[str, tuple[Arguments, ...]] = {
    "classify": _typed("classification"),
    "clip_compare": _comparisons("clip_version"),
    "consume_inference_pipeline_result": ({"pipeline_id": "p", "excluded_fields": ["a"]},),
    "depth_estimation": (*_on_images(**_DEPTH), *_on_images(**_DEPTH, model_id_in_path=True)),
    "describe_workflow_blocks": ({"execution_engine_version": "1.4.0", "dynamic_blocks_definitions": [_BLOCK]},),
    "describe_workflow_interface": (
        {"specification": SPECIFICATION, "use_cache": False},
        {**SAVED, "use_cache": False, "workflow_version_id": "2"},
    ),
    "detect_gazes": _on_images(),
    "detect_keypoints": _of_boxes("keypoint-detection", keypoint_confidence=0.15),
    "detect_objects": _of_boxes("object-detection"),
    "get_clip_image_embeddings": _CLIP_IMAGES,
    "get_clip_text_embeddings": _CLIP_TEXTS,
    "get_image_embeddings": _on_images(model_id="resnet", output_type="logits"),
    "get_inference_pipeline_status": _PIPELINE,
    "get_model_description": (
        {"model_id": MODELS["classification"], "allow_loading": False},
        {"model_id": "not/1"},
    ),
    "get_perception_encoder_image_embeddings": _PERCEPTION_IMAGES,
    "get_perception_encoder_text_embeddings": _PERCEPTION_TEXTS,
    "get_server_info": _NONE,
    "get_workflow_execution_engine_versions": _NONE,
    "infer": _on_models(),
    "infer_from_api_v0": _on_models(),
    "infer_from_api_v1": _on_models(),
    "infer_from_grounding_dino": _on_images(
        text=["cat"],
        box_threshold=0.3,
        text_threshold=0.4,
        class_agnostic_nms=True,
        grounding_dino_version_id="v",
    ),
    "infer_from_owlv2": _on_images(
        training_data=_EXAMPLES,
        confidence=0.9,
        owlv2_version_id="v",
        visualize_predictions=True,
        visualization_labels=True,
        visualization_stroke_width=2,
    ),
    "infer_from_workflow": (
        {**_RUN, "specification": SPECIFICATION},
        {**_RUN, "workspace_name": "space", "workflow_name": "flow", "workflow_version_id": "2"},
    ),
    "infer_from_yolo_world": _on_images(class_names=["cat"], model_version="s", confidence=0.3),
    "infer_lmm": (*_on_images(**_LMM), *_on_images(**_LMM, model_id_in_path=True)),
    "infer_on_stream": tuple(
        {**ANSWERED_CALLS["infer_on_stream"].arguments, "model_id": MODELS[task], "progress": _silent} for task in TASKS
    ),
    "infer_on_video": _CLIPS,
    "infer_on_video_from_api_v0": _CLIPS,
    "infer_on_video_from_api_v1": _CLIPS,
    "list_inference_pipelines": _NONE,
    "list_loaded_models": _NONE,
    "load_model": ({"model_id": MODELS["classification"], "set_as_default": True},),
    "ocr_image": (
        *_on_images(model="doctr", version="v", generate_bounding_boxes=True),
        *_on_images(model="trocr", version="v"),
        *_on_images(model="easy_ocr", version="v", quantize=True, language_codes=["de"]),
        *_on_images(model="pp_ocr", version="v"),
    ),
    "pause_inference_pipeline": _PIPELINE,
    "perception_encoder_compare": _comparisons("perception_encoder_version"),
    "prompt_cogvlm": ({"visual_prompt": IMAGE, "text_prompt": "what?", "chat_history": [("a", "b")]},),
    "resume_inference_pipeline": _PIPELINE,
    "run_workflow": (
        {**_RUN, "specification": SPECIFICATION, "debug": True},
        {**_RUN, **SAVED, "workflow_version_id": "2", "debug": True},
    ),
    "sam2_embed_image": _on_cached_images(sam2_version_id="v"),
    "sam2_segment_image": _on_cached_images(**_VISUAL, sam2_version_id="v"),
    "sam3_3d_infer": tuple({"inference_input": image, "mask_input": _POLYGON, **_SAM_3D} for image in (IMAGE, URL)),
    "sam3_concept_segment": _on_images(
        prompts=_CONCEPTS, model_id="sam3", output_prob_thresh=0.6, nms_iou_threshold=0.7, format="rle"
    ),
    "sam3_embed_image": _on_cached_images(),
    "sam3_visual_segment": _on_cached_images(**_VISUAL),
    "sam_embed_image": (
        {"inference_input": IMAGE, "image_id": "i", "sam_version_id": "v", "format": "binary"},
        {"inference_input": SEVERAL, "sam_version_id": "v"},
    ),
    "sam_segment_image": (
        {"inference_input": URL, "image_id": "i", "mask_input": [[_POLYGON]], "use_mask_input_cache": False, **_CLICK},
        {"image_id": "i", "has_mask_input": False, "mask_input": np.zeros((1, 4, 4), np.float32), **_CLICK},
        {"embeddings": np.zeros((1, 2, 2, 2), np.float32), "orig_im_size": [6, 8], **_CLICK},
    ),
    "segment_instances": _of_boxes("instance-segmentation"),
    "segment_semantic": _typed("semantic-segmentation"),
    "start_inference_pipeline_with_workflow": (
        {**_START, "workflow_specification": SPECIFICATION},
        {**_START, **SAVED, "workflow_version_id": "2"},
    ),
    "terminate_inference_pipeline": _PIPELINE,
    "unload_all_models": _NONE,
    "unload_model": ({"model_id": MODELS["classification"]},),
    "validate_workflow": ({"specification": SPECIFICATION},),
}

#: Other values for arguments that cannot be left out, or not alone; the first that a call takes.
OTHERS: Mapping[str, list[Any]] = {
    "class_names": [["dog"]],
    "embeddings": [np.ones((1, 2, 2, 2), np.float32)],
    "image": [IMAGE[::-1]],
    "image_id": ["j"],
    "inference_input": [IMAGE[::-1], [IMAGE[::-1]]],
    "input_uri": [[str(Path(ANSWERED_CALLS["infer_on_stream"].arguments["input_uri"], "picture.png"))] * 2],
    "mask_input": [[_POLYGON[::-1]]],
    "model_id": ["other/2"],
    "orig_im_size": [[7, 9]],
    "pipeline_id": ["q"],
    "point_coords": [[[3, 4]]],
    "point_labels": [[0]],
    "prompt": ["cow", IMAGE[::-1]],
    "prompt_type": ["text"],
    "prompts": [[{"type": "text", "text": "cow"}]],
    "specification": [OTHER_SPECIFICATION],
    "subject": [IMAGE[::-1], "cow"],
    "subject_type": ["text"],
    "text": [["dog"]],
    "text_prompt": ["why?"],
    "training_data": [_EXAMPLES[:1]],
    "video_reference": ["https://clips.invalid/b.mp4"],
    "visual_prompt": [IMAGE[::-1]],
    "workflow_id": ["stream"],
    "workflow_name": ["stream"],
    "workflow_specification": [OTHER_SPECIFICATION],
    "workspace_name": ["place"],
}


def every_setting(**changes: Any) -> InferenceConfiguration:
    """Give a configuration with every setting at a value that is not its default."""
    return InferenceConfiguration(**{**SETTINGS, **changes})
