"""What the real server 1.8.3 no longer lists when one flag of `openapi/profile.yaml` is off, and all others are on.

Measured, not reasoned: for each flag the server was started with the full profile and the opposite value, and its
document compared with `openapi/upstream.json`. `LMM_ENABLED` was switched off together with `MOONDREAM2_ENABLED`, which
mounts the same routes; off alone it hides nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tools.document import operations, reachable_schemas, reference_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schema_project import Document

HIDDEN: dict[str, tuple[str, ...]] = {
    "ENABLE_STREAM_API": (
        "GET /inference_pipelines/list",
        "GET /inference_pipelines/{pipeline_id}/status",
        "POST /inference_pipelines/initialise",
        "POST /inference_pipelines/initialise_webrtc",
        "POST /inference_pipelines/{pipeline_id}/pause",
        "POST /inference_pipelines/{pipeline_id}/resume",
        "POST /inference_pipelines/{pipeline_id}/terminate",
        "GET /inference_pipelines/{pipeline_id}/consume",
    ),
    "CORE_MODEL_OWLV2_ENABLED": ("POST /owlv2/infer",),
    "ENABLE_BUILDER": (
        "GET /build",
        "GET /build/edit/{workflow_id}",
        "GET /build/api",
        "GET /build/api/models",
        "GET /build/api/{workflow_id}",
        "POST /build/api/{workflow_id}",
        "DELETE /build/api/{workflow_id}",
    ),
    "SAM3_3D_OBJECTS_ENABLED": ("POST /sam3_3d/infer",),
    "SECURE_GATEWAY_HEALTH_ENDPOINT_ENABLED": ("GET /secure-gateway/health",),
    "LMM_ENABLED": (
        "POST /infer/lmm",
        "POST /infer/lmm/{model_id}",
    ),
    "GET_MODEL_REGISTRY_ENABLED": ("GET /model/registry",),
    "DISABLE_WORKFLOW_ENDPOINTS": (
        "POST /{workspace_name}/workflows/{workflow_id}/describe_interface",
        "POST /workflows/describe_interface",
        "POST /{workspace_name}/workflows/{workflow_id}/describe_workload",
        "POST /workflows/describe_workload",
        "POST /infer/workflows/{workspace_name}/{workflow_id}",
        "POST /{workspace_name}/workflows/{workflow_id}",
        "POST /infer/workflows",
        "POST /workflows/run",
        "GET /workflows/execution_engine/versions",
        "GET /workflows/blocks/describe",
        "POST /workflows/blocks/describe",
        "GET /workflows/definition/schema",
        "POST /workflows/blocks/dynamic_outputs",
        "POST /workflows/validate",
    ),
    "DISABLE_WORKFLOW_WORKLOAD_ENDPOINTS": (
        "POST /{workspace_name}/workflows/{workflow_id}/describe_workload",
        "POST /workflows/describe_workload",
    ),
    "WEBRTC_WORKER_ENABLED": (
        "POST /initialise_webrtc_worker",
        "POST /webrtc/session/heartbeat",
        "POST /webrtc/session/heartbeat/end",
    ),
    "CORE_MODELS_ENABLED": (
        "POST /clip/embed_image",
        "POST /clip/embed_text",
        "POST /clip/compare",
        "POST /perception_encoder/embed_image",
        "POST /perception_encoder/embed_text",
        "POST /perception_encoder/compare",
        "POST /grounding_dino/infer",
        "POST /yolo_world/infer",
        "POST /doctr/ocr",
        "POST /easy_ocr/ocr",
        "POST /sam/embed_image",
        "POST /sam/segment_image",
        "POST /sam2/embed_image",
        "POST /sam2/segment_image",
        "POST /sam3/embed_image",
        "POST /sam3/concept_segment",
        "POST /sam3/visual_segment",
        "POST /sam3_3d/infer",
        "POST /owlv2/infer",
        "POST /gaze/gaze_detection",
        "POST /infer/depth-estimation",
        "POST /infer/depth-estimation/{model_id}",
        "POST /infer/action_recognition",
        "POST /ocr/trocr",
        "POST /ocr/pp-ocr",
    ),
    "CORE_MODEL_CLIP_ENABLED": (
        "POST /clip/embed_image",
        "POST /clip/embed_text",
        "POST /clip/compare",
    ),
    "CORE_MODEL_PE_ENABLED": (
        "POST /perception_encoder/embed_image",
        "POST /perception_encoder/embed_text",
        "POST /perception_encoder/compare",
    ),
    "CORE_MODEL_GROUNDINGDINO_ENABLED": ("POST /grounding_dino/infer",),
    "CORE_MODEL_YOLO_WORLD_ENABLED": ("POST /yolo_world/infer",),
    "CORE_MODEL_DOCTR_ENABLED": ("POST /doctr/ocr",),
    "CORE_MODEL_EASYOCR_ENABLED": ("POST /easy_ocr/ocr",),
    "CORE_MODEL_SAM_ENABLED": (
        "POST /sam/embed_image",
        "POST /sam/segment_image",
    ),
    "CORE_MODEL_SAM2_ENABLED": (
        "POST /sam2/embed_image",
        "POST /sam2/segment_image",
    ),
    "CORE_MODEL_SAM3_ENABLED": (
        "POST /sam3/embed_image",
        "POST /sam3/concept_segment",
        "POST /sam3/visual_segment",
    ),
    "CORE_MODEL_GAZE_ENABLED": ("POST /gaze/gaze_detection",),
    "CORE_MODEL_TROCR_ENABLED": ("POST /ocr/trocr",),
    "CORE_MODEL_PPOCR_ENABLED": ("POST /ocr/pp-ocr",),
    "DEPTH_ESTIMATION_ENABLED": (
        "POST /infer/depth-estimation",
        "POST /infer/depth-estimation/{model_id}",
    ),
    "ACTION_RECOGNITION_ENABLED": ("POST /infer/action_recognition",),
    "LEGACY_ROUTE_ENABLED": (
        "GET /{dataset_id}/{version_id}",
        "POST /{dataset_id}/{version_id}",
    ),
    "ENABLE_DASHBOARD": (
        "GET /dashboard.html",
        "HEAD /dashboard.html",
    ),
}
#: The server lists these although no operation uses them, and only when it lists workflows.
UNUSED_SCHEMAS = {"BaseModel", "WorkflowBlockManifest"}
#: Two classes of one name: the server tells them apart by these names only when it lists both.
TWINS = {"Point-Input", "Point-Output"}
TWIN_ALONE = "Point"


def with_flags_off(document: Document, *flags: str) -> Document:
    """The document of our server as it would be with these flags off: what the real one hides, and nothing else."""
    hidden = {key for flag in flags for key in HIDDEN[flag]}
    return _renamed_alone(
        without_operations(document, hidden, are_workflows_listed="DISABLE_WORKFLOW_ENDPOINTS" not in flags)
    )


def without_operations(document: Document, keys: Iterable[str], *, are_workflows_listed: bool = True) -> Document:
    """The document without some operations and what they alone use."""
    gone = set(keys)
    kept: dict[str, Any] = {}
    for path, item in document["paths"].items():
        methods = {method: value for method, value in item.items() if f"{method.upper()} {path}" not in gone}
        if methods:
            kept[path] = methods
    less = {**document, "paths": kept}
    used = reachable_schemas(less, [operation for _, operation in operations(less)])
    used |= UNUSED_SCHEMAS if are_workflows_listed else set()
    schemas = {name: schema for name, schema in document["components"]["schemas"].items() if name in used}
    return {**less, "components": {"schemas": schemas}}


def _renamed_alone(document: Document) -> Document:
    schemas = document["components"]["schemas"]
    twins = TWINS & schemas.keys()
    if len(twins) != 1:
        return document
    twin = twins.pop()
    renamed = {TWIN_ALONE if name == twin else name: schema for name, schema in schemas.items()}
    return _replaced({**document, "components": {"schemas": renamed}}, reference_to(twin), reference_to(TWIN_ALONE))


def _replaced(node: Any, old: str, new: str) -> Any:
    if isinstance(node, dict):
        return {key: _replaced(value, old, new) for key, value in node.items()}
    if isinstance(node, list):
        return [_replaced(value, old, new) for value in node]
    return new if node == old else node
