"""Which route of the server each method uses, to tell what a server can serve."""

from __future__ import annotations

from collections.abc import Mapping

from ..operations.v0_route import V0_ROUTE

__all__ = ["ROUTES_OF_CALLS"]

_TASKS = (
    "POST /infer/object_detection",
    "POST /infer/instance_segmentation",
    "POST /infer/semantic_segmentation",
    "POST /infer/classification",
    "POST /infer/keypoints_detection",
)

#: By method, the routes of which it needs one. Of a call that asks the model registry first, the registry is not named.
ROUTES_OF_CALLS: Mapping[str, tuple[str, ...]] = {
    "classify": ("POST /infer/classification", V0_ROUTE),
    "clip_compare": ("POST /clip/compare",),
    "consume_inference_pipeline_result": ("GET /inference_pipelines/{pipeline_id}/consume",),
    "depth_estimation": ("POST /infer/depth-estimation", "POST /infer/depth-estimation/{model_id}"),
    "describe_workflow_blocks": ("POST /workflows/blocks/describe",),
    "describe_workflow_interface": (
        "POST /workflows/describe_interface",
        "POST /{workspace_name}/workflows/{workflow_id}/describe_interface",
    ),
    "detect_gazes": ("POST /gaze/gaze_detection",),
    "detect_keypoints": ("POST /infer/keypoints_detection", V0_ROUTE),
    "detect_objects": ("POST /infer/object_detection", V0_ROUTE),
    "get_clip_image_embeddings": ("POST /clip/embed_image",),
    "get_clip_text_embeddings": ("POST /clip/embed_text",),
    "get_image_embeddings": ("POST /infer/embeddings",),
    "get_inference_pipeline_status": ("GET /inference_pipelines/{pipeline_id}/status",),
    "get_model_description": ("GET /model/registry",),
    "get_perception_encoder_image_embeddings": ("POST /perception_encoder/embed_image",),
    "get_perception_encoder_text_embeddings": ("POST /perception_encoder/embed_text",),
    "get_server_info": ("GET /info",),
    "get_workflow_execution_engine_versions": ("GET /workflows/execution_engine/versions",),
    "infer": (*_TASKS, V0_ROUTE),
    "infer_from_api_v0": (V0_ROUTE,),
    "infer_from_api_v1": _TASKS,
    "infer_from_grounding_dino": ("POST /grounding_dino/infer",),
    "infer_from_owlv2": ("POST /owlv2/infer",),
    "infer_from_workflow": ("POST /infer/workflows", "POST /infer/workflows/{workspace_name}/{workflow_id}"),
    "infer_from_yolo_world": ("POST /yolo_world/infer",),
    "infer_lmm": ("POST /infer/lmm", "POST /infer/lmm/{model_id}"),
    "infer_on_stream": (*_TASKS, V0_ROUTE),
    "infer_on_video": ("POST /infer/action_recognition", V0_ROUTE),
    "infer_on_video_from_api_v0": (V0_ROUTE,),
    "infer_on_video_from_api_v1": ("POST /infer/action_recognition",),
    "list_inference_pipelines": ("GET /inference_pipelines/list",),
    "list_loaded_models": ("GET /model/registry",),
    "load_model": ("POST /model/add",),
    "ocr_image": ("POST /doctr/ocr", "POST /ocr/trocr", "POST /easy_ocr/ocr", "POST /ocr/pp-ocr"),
    "pause_inference_pipeline": ("POST /inference_pipelines/{pipeline_id}/pause",),
    "perception_encoder_compare": ("POST /perception_encoder/compare",),
    "prompt_cogvlm": ("POST /llm/cogvlm",),
    "resume_inference_pipeline": ("POST /inference_pipelines/{pipeline_id}/resume",),
    "run_workflow": ("POST /workflows/run", "POST /{workspace_name}/workflows/{workflow_id}"),
    "sam2_embed_image": ("POST /sam2/embed_image",),
    "sam2_segment_image": ("POST /sam2/segment_image",),
    "sam3_3d_infer": ("POST /sam3_3d/infer",),
    "sam3_concept_segment": ("POST /sam3/concept_segment",),
    "sam3_embed_image": ("POST /sam3/embed_image",),
    "sam3_visual_segment": ("POST /sam3/visual_segment",),
    "sam_embed_image": ("POST /sam/embed_image",),
    "sam_segment_image": ("POST /sam/segment_image",),
    "segment_instances": ("POST /infer/instance_segmentation", V0_ROUTE),
    "segment_semantic": ("POST /infer/semantic_segmentation", V0_ROUTE),
    "start_inference_pipeline_with_workflow": ("POST /inference_pipelines/initialise",),
    "terminate_inference_pipeline": ("POST /inference_pipelines/{pipeline_id}/terminate",),
    "unload_all_models": ("POST /model/clear",),
    "unload_model": ("POST /model/remove",),
    "validate_workflow": ("POST /workflows/validate",),
}
