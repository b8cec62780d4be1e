"""Which operations a server lists no longer when a flag of `openapi/profile.yaml` is off.

Measured on server 1.8.3, by starting it with one flag off after the other; `tests/schema/routes_of_flags.py` holds what
was missing each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tools.document import operations

if TYPE_CHECKING:
    from collections.abc import Collection

    from schema_tools.document import JsonObject
    from schema_tools.profile import Flag, Profile

__all__ = ["flags_off", "hidden_by"]

WORKLOAD = ("/workflows/describe_workload", "/{workspace_name}/workflows/{workflow_id}/describe_workload")
#: The paths that a flag hides, with all below them. A flag that is not here hides the path of its marker.
HIDDEN = {
    "ENABLE_STREAM_API": ("/inference_pipelines",),
    "DISABLE_WORKFLOW_ENDPOINTS": (
        "/workflows",
        "/infer/workflows",
        "/{workspace_name}/workflows/{workflow_id}",
    ),
    "DISABLE_WORKFLOW_WORKLOAD_ENDPOINTS": WORKLOAD,
    "WEBRTC_WORKER_ENABLED": ("/initialise_webrtc_worker", "/webrtc"),
    "CORE_MODELS_ENABLED": (
        "/clip",
        "/perception_encoder",
        "/grounding_dino",
        "/yolo_world",
        "/doctr",
        "/easy_ocr",
        "/sam",
        "/sam2",
        "/sam3",
        "/sam3_3d",
        "/owlv2",
        "/gaze",
        "/ocr",
        "/infer/depth-estimation",
        "/infer/action_recognition",
    ),
    "CORE_MODEL_CLIP_ENABLED": ("/clip",),
    "CORE_MODEL_PE_ENABLED": ("/perception_encoder",),
    "CORE_MODEL_SAM_ENABLED": ("/sam",),
    "CORE_MODEL_SAM2_ENABLED": ("/sam2",),
    "CORE_MODEL_SAM3_ENABLED": ("/sam3",),
}


def hidden_by(flag: Flag, document: JsonObject) -> frozenset[str]:
    """The operations, as ``METHOD path``, of a document that lists all, that are not listed when the flag is off."""
    roots = HIDDEN.get(flag.name, (_path(flag.marker),))
    paths = tuple(f"{root}/" for root in roots)
    return frozenset(key for key, _ in operations(document) if f"{_path(key)}/".startswith(paths))


def flags_off(profile: Profile, document: JsonObject, missing: Collection[str]) -> dict[Flag, frozenset[str]]:
    """The flags that explain why operations are missing, with what each explains.

    A flag is off when nothing of what it shows is there: a server that has dropped a part of it is a changed one. Of
    two flags the one that hides more is named, because the other cannot be seen then.

    Args:
        profile: The flags.
        document: The one that lists all operations.
        missing: Those of them that the server at hand does not list.

    """
    hidden = {flag: hidden_by(flag, document) for flag in profile.to_set + profile.to_keep}
    off = {flag: keys for flag, keys in hidden.items() if keys and keys <= set(missing)}
    return {flag: keys for flag, keys in off.items() if not any(keys < others for others in off.values())}


def _path(key: str) -> str:
    return key.partition(" ")[2]
