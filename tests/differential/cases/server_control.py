"""The server's models: list, describe, load, unload, clear, and what that does to the selected model."""

from __future__ import annotations

from typing import Any

from differential.answers import route_answers
from differential.case import Case, Step, both_shells, call, given, single

__all__ = ["CASES"]

_SELECTED = Step("selected_model", kind="property")
_METHODS: dict[str, dict[str, Any]] = {
    "get_server_info": {},
    "list_loaded_models": {},
    "get_model_description": {"model_id": "detector/1"},
    "load_model": {"model_id": "loadable/1"},
    "unload_model": {"model_id": "detector/1"},
    "unload_all_models": {},
}


def _calls() -> list[Case]:
    modes: tuple[Any, Any] = ("v0", "v1")
    cases = [
        single(f"control/{mode}/{method}", method, keywords, mode=mode)
        for mode in modes
        for method, keywords in _METHODS.items()
    ]
    absent = {"model_id": "loadable/1", "allow_loading": False}
    cases.append(single("control/describe/loads", "get_model_description", {"model_id": "loadable/1"}))
    cases.append(single("control/describe/does_not_load", "get_model_description", absent))
    cases.append(single("control/describe/alias", "get_model_description", {"model_id": "yolov8n-640"}))
    cases.append(single("control/load/alias", "load_model", {"model_id": "yolov8n-640"}))
    cases.append(single("control/unload/alias", "unload_model", {"model_id": "yolov8n-640"}))
    bare = {"models": [{"model_id": "bare/1", "task_type": "object-detection"}]}
    unfixed = {"models": [{**bare["models"][0], "batch_size": "N", "input_height": None, "input_width": None}]}
    for name, models in {"bare": bare, "unfixed": unfixed, "none": {"models": []}}.items():
        server = route_answers({"/model/registry": models})
        cases.append(single(f"control/registry/{name}", "list_loaded_models", server=server))
    return cases


def _selections() -> list[Case]:
    default = {"model_id": "loadable/1", "set_as_default": True}
    picture = given("path", "small.png")
    steps = {
        "loaded_as_default": [call("load_model", **default), _SELECTED, call("infer", inference_input=picture)],
        "unloaded": [call("load_model", **default), call("unload_model", model_id="loadable/1"), _SELECTED],
        "other_unloaded": [call("load_model", **default), call("unload_model", model_id="detector/1"), _SELECTED],
        "cleared": [call("load_model", **default), call("unload_all_models"), _SELECTED],
        "loaded": [call("load_model", model_id="loadable/1"), _SELECTED],
    }
    return [Case(f"selection/{name}", made) for name, made in steps.items()]


CASES = both_shells([*_calls(), *_selections()])
