"""What the embedded backend does not have: workflows, and any other route."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..json_types import is_array, is_object
from .plain_json import plain_json
from .recorded_request import RecordedRequest
from .targets import RequestFunction, ScriptedTarget
from .workflow_outputs import plain_outputs

__all__ = ["ScriptedRoute", "ScriptedWorkflow"]


class ScriptedWorkflow(
    ScriptedTarget["Mapping[str, Any] | Sequence[Mapping[str, Any]] | RequestFunction", RequestFunction]
):
    """A workflow that gives the outputs the test says. Made by `InferenceScript.workflow`.

    An answer is the dictionary from output names to values, which every image of a batch gets; a list of dictionaries
    for the whole batch; or a function that makes one of them from the `RecordedRequest`. A picture is an array, BGR
    `uint8` of shape (H, W, 3): it travels as PNG, as the server's pictures do.
    """

    def _read(self, answer: Mapping[str, Any] | Sequence[Mapping[str, Any]] | RequestFunction) -> RequestFunction:
        place = f"the answer of {self._name}"
        if callable(answer):
            function = answer
            return lambda request: _workflow_body(plain_outputs(function(request), place), request)
        outputs = plain_outputs(answer, place)
        return lambda request: _workflow_body(outputs, request)


def _workflow_body(outputs: Any, request: RecordedRequest) -> Any:
    if is_object(outputs):
        inputs = request.parameters.get("inputs")
        values = list(inputs.values()) if is_object(inputs) else []
        batches = [len(value) for value in values if is_array(value) and _holds_images(value)]
        outputs = [outputs] * max(batches, default=1)
    return {"outputs": outputs, "profiler_trace": None}


def _holds_images(value: list[Any]) -> bool:
    return any(_holds_images(inner) if is_array(inner) else str(inner).startswith("images[") for inner in value)


class ScriptedRoute(ScriptedTarget[Any, RequestFunction]):
    """A route that gives the JSON the test says. Made by `InferenceScript.route`.

    An answer is any JSON value, or a function that makes one from the `RecordedRequest`.
    """

    def _read(self, answer: Any) -> RequestFunction:
        place = f"the answer of {self._name}"
        if callable(answer):
            function: RequestFunction = answer
            return lambda request: plain_json(function(request), place)
        plain = plain_json(answer, place)
        return lambda _: plain
