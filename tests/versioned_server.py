"""A recording server that says which version it is of, and the calls that tests of versions make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from both_shells import Invoke
from inference_api.availability import VERSIONS
from recording_server import Reply, Request, detector

from inference_ext import InferenceHTTPClient
from tests.fuzzing.calls import CALLS

OLDEST, NEWEST = VERSIONS[0], VERSIONS[-1]
SAVED = {"workspace_name": "w", "workflow_id": "f"}
RUN = "POST /{workspace_name}/workflows/{workflow_id}"
V0 = "POST /{dataset_id}/{version_id}"


def of_version(
    version: Any, *answers: Any, registry: Callable[[Request], Reply] = detector
) -> Callable[[Request], Reply]:
    """Answers as a server of that version; all but questions about itself with one of the answers, by turns."""
    turn = iter(answers * 100)

    def answer(request: Request) -> Reply:
        if request.path == "/info":
            return Reply({"name": "n", "version": version, "uuid": "u"})
        if request.path == "/model/registry":
            return registry(request)
        return Reply(next(turn)) if answers else detector(request)

    return answer


def call(invoke: Invoke, client: InferenceHTTPClient, method: str, more: dict[str, Any] | None = None) -> Any:
    """Call a method with what it cannot be without, and more."""
    return invoke(client, method, **{**CALLS[method].arguments, **(more or {})})
