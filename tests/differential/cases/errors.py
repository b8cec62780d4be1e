"""Error statuses with the bodies that servers and proxies send."""

from __future__ import annotations

import json
from typing import Any

from recording_server import Reply

from differential.answers import Answerer, failing, route_answers
from differential.case import Case, both_shells, given, single
from differential.cases.core_models import core_models

__all__ = ["CASES"]

_JSON = "application/json"
_MISSING = {"type": "missing", "loc": ["body", "model_id"], "msg": "Field required", "input": {"api_key": "x"}}
_BODIES: dict[str, tuple[bytes, str]] = {
    "message": (b'{"message": "the reason"}', _JSON),
    "detail": (b'{"detail": "the reason"}', _JSON),
    "detail_list": (json.dumps({"detail": [_MISSING]}).encode(), _JSON),
    "inner": (b'{"message": "the reason", "inner_error_message": "behind it"}', _JSON),
    "error": (b'{"error": "the reason"}', _JSON),
    "list": (b'["the reason"]', _JSON),
    "invalid": (b'{"message": ', _JSON),
    "text": (b"the reason", "text/plain"),
    "html": (b"<html>Bad gateway</html>", "text/html"),
    "empty": (b"", "text/plain"),
}
_STATUSES = (401, 402, 403, 404, 405, 410, 413, 422, 423, 500, 501, 507)
_ONCE_TRIED_AGAIN = (408, 429, 502, 503, 504)
_CONTROL: dict[str, dict[str, Any]] = {
    "get_server_info": {},
    "list_loaded_models": {},
    "get_model_description": {"model_id": "detector/1"},
    "load_model": {"model_id": "loadable/1"},
    "unload_model": {"model_id": "detector/1"},
    "unload_all_models": {},
}
_OTHERS: dict[str, dict[str, Any]] = {
    "get_clip_image_embeddings": {"inference_input": given("path", "small.png")},
    "get_clip_text_embeddings": {"text": "a bolt"},
    "get_perception_encoder_text_embeddings": {"text": "a bolt"},
    "ocr_image": {"inference_input": given("path", "small.png")},
    "sam2_segment_image": {"inference_input": given("path", "small.png")},
    "infer_from_yolo_world": {"inference_input": given("path", "small.png"), "class_names": ["bolt"]},
    "run_workflow": {"workspace_name": "my-space", "workflow_id": "my-flow"},
    "list_inference_pipelines": {},
    "pause_inference_pipeline": {"pipeline_id": "p-1"},
}
_FOREVER = 1000


def _reply(status: int, body: str) -> Reply:
    content, media_type = _BODIES[body]
    return Reply(content, status, {"Content-Type": media_type})


def _infer(case_id: str, mode: Any, reply: Reply, times: int, **settings: Any) -> Case:
    keywords = {"inference_input": given("path", "small.png"), "model_id": "detector/1"}
    route = "/detector/1" if mode == "v0" else "/infer/"
    server = failing(reply, times, route)
    return single(case_id, "infer", keywords, mode=mode, server=server, **settings)


def _calls() -> list[Case]:
    cases: list[Case] = []
    for mode in ("v0", "v1"):
        cases += [
            _infer(f"error/{mode}/{status}/message", mode, _reply(status, "message"), _FOREVER) for status in _STATUSES
        ]
        cases += [_infer(f"error/{mode}/400/{body}", mode, _reply(400, body), _FOREVER) for body in _BODIES]
        cases += [
            _infer(f"error/{mode}/{status}/once", mode, _reply(status, "message"), 1) for status in _ONCE_TRIED_AGAIN
        ]
    cases.append(_infer("error/v1/503/forever", "v1", _reply(503, "message"), _FOREVER))
    cases.append(_infer("error/v0/503/forever", "v0", _reply(503, "message"), _FOREVER))
    for method, keywords in _CONTROL.items():
        route = "/info" if method == "get_server_info" else "/model/"
        for status in (400, 404, 500):
            server = failing(_reply(status, "message"), _FOREVER, route)
            cases.append(single(f"error/{method}/{status}", method, keywords, server=server))
        server = failing(_reply(503, "message"), 1, route)
        cases.append(single(f"error/{method}/503/once", method, keywords, server=server))
    cases += [
        single(f"error/{method}/{status}", method, keywords, server=failing(_reply(status, "message"), _FOREVER, "/"))
        for method, keywords in _OTHERS.items()
        for status in (400, 404, 500)
    ]
    cases += _once_unavailable()
    nobody = {"inference_input": given("path", "small.png"), "model_id": "detector/1"}
    # Port 9 is the discard service, which nothing offers any more.
    cases.append(single("error/v1/nobody_there", "infer", nobody, api_url="http://127.0.0.1:9"))
    cases.append(single("error/v0/nobody_there", "infer", nobody, mode="v0", api_url="http://127.0.0.1:9"))
    return cases


def _once_unavailable() -> list[Case]:
    """Calls that are not inference, to a server that is busy for one request."""
    definition: dict[str, Any] = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}
    calls: dict[str, tuple[str, dict[str, Any]]] = {name: (name, keywords) for name, keywords in _OTHERS.items()}
    calls["run_workflow/definition"] = ("run_workflow", {"specification": definition})
    calls["run_workflow/without_sinks"] = ("run_workflow", {**_OTHERS["run_workflow"], "disable_sinks": True})
    calls["start_inference_pipeline"] = (
        "start_inference_pipeline_with_workflow",
        {"video_reference": 0, "workflow_specification": definition},
    )
    return [
        single(f"error/{name}/503/once", method, keywords, server=failing(_reply(503, "message"), 1, "/", _working))
        for name, (method, keywords) in calls.items()
    ]


def _working() -> Answerer:
    outputs = {"outputs": [{}], "profiler_trace": []}
    workflows = {"/my-space/workflows/my-flow": outputs, "/workflows/run": outputs}
    pipelines = {
        f"/inference_pipelines/{route}": {"status": "success"} for route in ("list", "p-1/pause", "initialise")
    }
    return route_answers({**workflows, **pipelines}, core_models)()


CASES = both_shells(_calls())
