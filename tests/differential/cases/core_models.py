"""Core models: one row per call; each goes through both shells and both modes, where the key travels differently."""

from __future__ import annotations

import base64
from typing import Any

import cv2
import numpy as np
from recording_server import Reply, Request

from differential.answers import Answerer, models
from differential.case import Case, both_shells, given, single

__all__ = ["CASES"]

_ONE = given("path", "small.png")
_TWO = [given("path", "picture0.png"), given("array", "bgr.npy")]
_CLIP_TEXT = {"text": "a bolt"}
_DEPTH_16 = base64.b64encode(cv2.imencode(".png", np.full((4, 5), 30000, np.uint16))[1].tobytes()).decode("ascii")
_POINT = {"points": [{"x": 10, "y": 20, "positive": True}]}

#: Name of the case, method, arguments.
_CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("clip/image", "get_clip_image_embeddings", {"inference_input": _ONE}),
    ("clip/images", "get_clip_image_embeddings", {"inference_input": _TWO, "clip_version": "ViT-B-32"}),
    ("clip/text", "get_clip_text_embeddings", _CLIP_TEXT),
    ("clip/texts", "get_clip_text_embeddings", {"text": ["a bolt", "a nut"], "clip_version": "ViT-B-32"}),
    ("clip/compare", "clip_compare", {"subject": _ONE, "prompt": ["a bolt", "a nut"]}),
    ("clip/compare_version", "clip_compare", {"subject": _ONE, "prompt": "a bolt", "clip_version": "RN50"}),
    (
        "clip/compare_text_image",
        "clip_compare",
        {"subject": "a bolt", "prompt": _TWO, "subject_type": "text", "prompt_type": "image"},
    ),
    (
        "clip/compare_images",
        "clip_compare",
        {"subject": _ONE, "prompt": _ONE, "subject_type": "image", "prompt_type": "image"},
    ),
    (
        "clip/compare_texts",
        "clip_compare",
        {"subject": "a bolt", "prompt": ["a", "b"], "subject_type": "text", "prompt_type": "text"},
    ),
    ("clip/compare_wrong", "clip_compare", {"subject": _ONE, "prompt": "a", "subject_type": "sound"}),
    ("perception/image", "get_perception_encoder_image_embeddings", {"inference_input": _ONE}),
    (
        "perception/version",
        "get_perception_encoder_image_embeddings",
        {"inference_input": _ONE, "perception_encoder_version": "PE-Core-B16-224"},
    ),
    ("perception/text", "get_perception_encoder_text_embeddings", {"text": ["a bolt", "a nut"]}),
    ("ocr/doctr", "ocr_image", {"inference_input": _ONE}),
    ("ocr/list", "ocr_image", {"inference_input": _TWO}),
    ("ocr/boxes", "ocr_image", {"inference_input": _ONE, "generate_bounding_boxes": True}),
    ("ocr/trocr", "ocr_image", {"inference_input": _ONE, "model": "trocr", "version": "trocr-small-printed"}),
    (
        "ocr/easy_ocr",
        "ocr_image",
        {"inference_input": _ONE, "model": "easy_ocr", "quantize": True, "language_codes": ["en", "de"]},
    ),
    ("ocr/pp_ocr", "ocr_image", {"inference_input": _ONE, "model": "pp_ocr", "version": "small"}),
    ("ocr/unknown", "ocr_image", {"inference_input": _ONE, "model": "unknown"}),
    ("gaze", "detect_gazes", {"inference_input": _ONE}),
    ("embeddings/one", "get_image_embeddings", {"inference_input": _ONE, "model_id": "detector/1"}),
    (
        "embeddings/two",
        "get_image_embeddings",
        {"inference_input": _TWO, "model_id": "detector/1", "output_type": "feature_vector"},
    ),
    ("lmm/prompt", "infer_lmm", {"inference_input": _ONE, "model_id": "florence-2-base", "prompt": "<CAPTION>"}),
    (
        "lmm/path",
        "infer_lmm",
        {
            "inference_input": _ONE,
            "model_id": "qwen/1",
            "prompt": "what",
            "model_id_in_path": True,
            "max_new_tokens": 9,
            "enable_thinking": False,
        },
    ),
    ("depth/json", "depth_estimation", {"inference_input": _ONE}),
    ("depth/png16", "depth_estimation", {"inference_input": _ONE, "depth_map_format": "png16"}),
    (
        "depth/path",
        "depth_estimation",
        {"inference_input": _ONE, "model_id": "depth-anything-v2/small", "model_id_in_path": True},
    ),
    ("sam2/bare", "sam2_segment_image", {"inference_input": _ONE}),
    ("sam2/prompt", "sam2_segment_image", {"inference_input": _ONE, "prompts": [_POINT], "multimask_output": False}),
    (
        "sam2/rle",
        "sam2_segment_image",
        {"inference_input": _ONE, "sam2_version_id": "hiera_small", "mask_input_format": "rle"},
    ),
    (
        "sam3/concept",
        "sam3_concept_segment",
        {"inference_input": _ONE, "prompts": [{"type": "text", "text": "bolt"}], "nms_iou_threshold": 0.5},
    ),
    ("sam3/visual", "sam3_visual_segment", {"inference_input": _ONE, "prompts": [_POINT]}),
    ("sam3/embed", "sam3_embed_image", {"inference_input": _ONE, "image_id": "i-1"}),
    ("sam3/embed_bare", "sam3_embed_image", {"inference_input": _ONE}),
    ("sam3_3d", "sam3_3d_infer", {"inference_input": _ONE, "mask_input": [1.0, 1.0, 9.0, 1.0, 9.0, 9.0]}),
    ("yolo_world/one", "infer_from_yolo_world", {"inference_input": _ONE, "class_names": ["bolt"]}),
    (
        "yolo_world/two",
        "infer_from_yolo_world",
        {"inference_input": _TWO, "class_names": ["bolt", "nut"], "model_version": "l", "confidence": 0.25},
    ),
    ("video/url", "infer_on_video", {"video_reference": "https://example.org/clip.mp4", "model_id": "action/1"}),
    ("video/file", "infer_on_video", {"video_reference": given("path", "clip.avi"), "model_id": "action/1"}),
    (
        "video/v0",
        "infer_on_video_from_api_v0",
        {"video_reference": "https://example.org/clip.mp4", "model_id": "action/1"},
    ),
    (
        "video/v1",
        "infer_on_video_from_api_v1",
        {"video_reference": "https://example.org/clip.mp4", "model_id": "action/1"},
    ),
]


def core_models() -> Answerer:
    """A server with core models; what is about images has one result per image."""
    others = models()

    def answer(request: Request) -> Reply:
        if request.path == "/model/registry":
            return Reply({"models": [{"model_id": "action/1", "task_type": "action-recognition"}]})
        if request.path.startswith("/model/") or request.path == "/info":
            return others(request)
        if request.path == "/action/1" or request.path == "/infer/action_recognition":
            return Reply({"timeline": [], "source_fps": 10.0})
        return Reply(_core_model(request.path, request.json))

    return answer


def _core_model(path: str, body: dict[str, Any]) -> Any:
    if "embed" in path and path != "/sam3/embed_image":
        entries = body.get("image", body.get("text"))
        count = len(entries) if isinstance(entries, list) else 1
        vectors = [[0.5, 0.25 * number] for number in range(count)]
        info = {"embedding_info": {"model": "m"}} if path == "/infer/embeddings" else {}
        return {"frame_id": None, "time": 0.5, "embeddings": vectors, **info}
    if path == "/clip/compare":
        prompts = body["prompt"] if isinstance(body["prompt"], list) else [body["prompt"]]
        return {"similarity": [0.25 + number for number, _ in enumerate(prompts)], "time": 0.5}
    if path.startswith("/infer/depth"):
        grid: Any = [[0.5, 0.25]] if body.get("depth_map_format", "json") == "json" else _DEPTH_16
        return {"normalized_depth": grid, "image": "shown"}
    if path == "/yolo_world/infer":
        return {"image": {"width": 120, "height": 90}, "predictions": [], "time": 0.5}
    return {"response": "read", "result": "read", "time": 0.5}


def _calls() -> list[Case]:
    modes: tuple[Any, Any] = ("v0", "v1")
    settings: dict[str, dict[str, Any]] = {
        "plain": {},
        "labelled": {"source": "s", "source_info": "i", "count_inference": False, "service_secret": "x"},
        "header": {"api_key_transport": "header"},
        "batch": {"max_batch_size": 2},
    }
    return [
        single(
            f"core/{name}/{mode}/{kind}",
            method,
            keywords,
            mode=mode,
            configuration={"max_concurrent_requests": 1, **configuration},
            server=core_models,
            unordered=True,
        )
        for name, method, keywords in _CALLS
        for mode in modes
        for kind, configuration in settings.items()
    ]


CASES = both_shells(_calls())
