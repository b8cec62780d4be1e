"""Workflows and the server's video pipelines."""

from __future__ import annotations

from typing import Any

from differential.answers import picture, route_answers
from differential.case import KEY, Case, both_shells, given, single

__all__ = ["CASES"]

_SPECIFICATION = {"version": "1.0", "inputs": [], "steps": [], "outputs": []}
_NAMED = {"workspace_name": "my-space", "workflow_id": "my-flow"}
_ONE = given("path", "small.png")
_DRAWN = {"type": "base64", "value": picture(60), "video_metadata": {"fps": 1}}
_OUTPUTS = [{"predictions": {"x": 1}, "shown": _DRAWN, "many": [_DRAWN, {"inner": _DRAWN}], "count": 2}]
_ANSWER = {"outputs": _OUTPUTS, "profiler_trace": []}

_RUNS: dict[str, dict[str, Any]] = {
    "named": {**_NAMED, "images": {"image": _ONE}},
    "inline": {"specification": _SPECIFICATION, "images": {"image": _ONE}},
    "no_images": {"specification": _SPECIFICATION},
    "parameters": {**_NAMED, "parameters": {"confidence": 0.5, "names": ["a"]}},
    "list": {**_NAMED, "images": {"image": [_ONE, given("array", "bgr.npy")]}},
    "nested": {**_NAMED, "images": {"image": [[_ONE], [_ONE, _ONE]]}},
    "two_inputs": {**_NAMED, "images": {"image": _ONE, "other": given("base64", "small.png")}},
    "url": {**_NAMED, "images": {"image": given("url", "small.png")}},
    "excluded": {**_NAMED, "excluded_fields": ["shown"]},
    "no_cache": {**_NAMED, "use_cache": False},
    "version": {**_NAMED, "workflow_version_id": "v-1"},
    "no_sinks": {**_NAMED, "disable_sinks": True},
    "profiled": {**_NAMED, "enable_profiling": True},
    "neither": {},
    "both": {**_NAMED, "specification": _SPECIFICATION},
    "half_named": {"workspace_name": "my-space"},
}

_ID = {"pipeline_id": "p-1"}
_PIPELINES: dict[str, tuple[str, dict[str, Any]]] = {
    "list": ("list_inference_pipelines", {}),
    "status": ("get_inference_pipeline_status", _ID),
    "pause": ("pause_inference_pipeline", _ID),
    "resume": ("resume_inference_pipeline", _ID),
    "terminate": ("terminate_inference_pipeline", _ID),
    "consume": ("consume_inference_pipeline_result", _ID),
    "consume_less": ("consume_inference_pipeline_result", {**_ID, "excluded_fields": ["shown"]}),
    "empty_id": ("pause_inference_pipeline", {"pipeline_id": ""}),
    "start": ("start_inference_pipeline_with_workflow", {"video_reference": "rtsp://camera/1", **_NAMED}),
    "start_inline": (
        "start_inference_pipeline_with_workflow",
        {
            "video_reference": [0, "rtsp://camera/1"],
            "workflow_specification": _SPECIFICATION,
            "workflows_parameters": {"confidence": 0.5},
            "max_fps": 5,
            "video_source_properties": {"frame_width": 640.0},
            "batch_collection_timeout": 0.5,
            "source_buffer_filling_strategy": "WAIT",
            "source_buffer_consumption_strategy": "LAZY",
            "results_buffer_size": 8,
        },
    ),
    "start_neither": ("start_inference_pipeline_with_workflow", {"video_reference": 0}),
    "start_both": (
        "start_inference_pipeline_with_workflow",
        {"video_reference": 0, **_NAMED, "workflow_specification": _SPECIFICATION},
    ),
}


def _runs() -> list[Case]:
    server = route_answers({"/my-space/workflows/my-flow": _ANSWER, "/workflows/run": _ANSWER})
    older = route_answers({"/infer/workflows/my-space/my-flow": _ANSWER, "/infer/workflows": _ANSWER})
    modes: tuple[Any, Any] = ("v0", "v1")
    cases = [
        single(f"workflow/{mode}/{name}", "run_workflow", keywords, mode=mode, server=server)
        for mode in modes
        for name, keywords in _RUNS.items()
    ]
    for form in ("numpy", "pillow"):
        shown = {"output_visualisation_format": form}
        cases.append(single(f"workflow/{form}", "run_workflow", _RUNS["named"], server=server, configuration=shown))
    old_names = {"workspace_name": "my-space", "workflow_name": "my-flow", "images": {"image": _ONE}}
    cases.append(single("workflow/older", "infer_from_workflow", old_names, server=older))
    cases.append(single("workflow/older_inline", "infer_from_workflow", _RUNS["inline"], server=older))
    return cases


def _pipelines() -> list[Case]:
    done = {"status": "success", "context": {"request_id": "r-1", "pipeline_id": "p-1"}}
    routes = ["list", "initialise", *(f"p-1/{action}" for action in ("status", "pause", "resume", "terminate"))]
    consumed = {**done, "outputs": _OUTPUTS, "frames_metadata": []}
    answers = {f"/inference_pipelines/{route}": done for route in routes}
    server = route_answers({**answers, "/inference_pipelines/p-1/consume": consumed})
    return [
        single(f"pipeline/{name}", method, keywords, server=server) for name, (method, keywords) in _PIPELINES.items()
    ]


def _keys() -> list[Case]:
    server = route_answers({"/my-space/workflows/my-flow": _ANSWER, "/inference_pipelines/list": {"pipelines": []}})
    cases: list[Case] = []
    for transport in ("legacy", "header", "both"):
        for key in (KEY, None):
            name = f"{transport}/{'key' if key else 'no_key'}"
            settings: dict[str, Any] = {
                "configuration": {"api_key_transport": transport},
                "key": key,
                "server": server,
            }
            cases.append(single(f"workflow_key/{name}", "run_workflow", _NAMED, **settings))
            cases.append(single(f"pipeline_key/{name}", "list_inference_pipelines", **settings))
    return cases


CASES = both_shells([*_runs(), *_pipelines(), *_keys()])
