"""Blocks of `use_...`: what holds inside, in threads started inside, after a change inside, and afterwards."""

from __future__ import annotations

from typing import Any

from differential.case import Case, Step, block, both_shells, call, given

__all__ = ["CASES"]

_INFER = call("infer", inference_input=given("path", "small.png"))
_STATE = [Step(name, kind="property") for name in ("client_mode", "selected_model")]
_MODEL = call("select_model", model_id="detector/1")
_STRICT = given("configuration", {"confidence_threshold": 0.75, "max_concurrent_requests": 1})

#: Name of the block's method, its arguments, and what to select inside that it is about.
_BLOCKS: dict[str, tuple[str, dict[str, Any], Step]] = {
    "model": ("use_model", {"model_id": "instances/1"}, call("select_model", model_id="keypoints/1")),
    "v0": ("use_api_v0", {}, call("select_api_v1")),
    "v1": ("use_api_v1", {}, call("select_api_v0")),
    "configuration": (
        "use_configuration",
        {"inference_configuration": _STRICT},
        call("configure", inference_configuration=given("configuration", {"confidence_threshold": 0.25})),
    ),
}


def _cases() -> list[Case]:
    cases: list[Case] = []
    for name, (method, keywords, change) in _BLOCKS.items():
        mode: Any = "v0" if name == "v1" else "v1"
        inside = [*_STATE, _INFER]
        blocks = {
            "inside": block(method, keywords, *inside),
            "in_a_thread": block(method, keywords, *inside, in_a_thread=True),
            "changed_inside": block(method, keywords, change, *inside),
        }
        cases += [Case(f"scope/{name}/{kind}", [_MODEL, made, *inside], mode=mode) for kind, made in blocks.items()]
    nested = block(
        "use_model", {"model_id": "instances/1"}, block("use_configuration", _BLOCKS["configuration"][1], _INFER)
    )
    return [*cases, Case("scope/nested", [_MODEL, nested, _INFER])]


CASES = both_shells(_cases())
