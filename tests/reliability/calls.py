"""The calls that every fault meets, each through both shells."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import cv2

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from tests.reliability.fault_server import FAULTY, picture, result_about

__all__ = ["CALLS", "COUNT", "SPECIFICATION", "Call", "Outcome", "Shell", "write_pictures"]

COUNT = 6
"""Inputs of a list or a stream."""

Shell = Literal["blocking", "asyncio"]

#: Every step of it is known to have no effects, so it may be repeated.
SPECIFICATION = {
    "version": "1.0",
    "inputs": [{"type": "InferenceImage", "name": "image"}],
    "steps": [],
    "outputs": [],
}


@dataclass
class Outcome:
    """What came of a call."""

    results: dict[int, Any]
    """By input: what the call returned or yielded, errors that it returned at their places included."""

    error: BaseException | None
    tasks_left: int = 0


@dataclass(frozen=True)
class Call:
    """One call of the client."""

    name: str
    path: str
    """Path of the requests that a fault hits."""

    many: Literal["list", "stream"] | None = None
    on_error: Literal["raise", "return"] = "raise"
    is_repeatable: bool = True
    batch: int = 1
    """Images in one request."""

    @property
    def inputs(self) -> Sequence[int]:
        """Numbers of the pictures."""
        return range(COUNT) if self.many else [FAULTY]

    def expected(self, number: int) -> Any:
        """Give the right result for a picture."""
        if "workflows" in self.path:
            return {"number": number}
        return ["p/1"] if self.path == "/model/registry" else result_about(number)

    def configured(self, client: InferenceHTTPClient, settings: dict[str, Any]) -> InferenceHTTPClient:
        """Set the client up for this call."""
        client.configure(InferenceConfiguration(on_error=self.on_error, max_batch_size=self.batch, **settings))
        return client.select_api_v0() if self.path == "/p/1" else client.select_api_v1()

    def run(self, shell: Shell, client: InferenceHTTPClient, directory: Path) -> Outcome:
        """Make the call."""
        results: dict[int, Any] = {}
        try:
            if shell == "asyncio":
                return asyncio.run(self.under_asyncio(client, directory))
            if self.many == "stream":
                for path, _, result in client.infer_on_stream(directory, model_id="p/1"):
                    results[int(Path(str(path)).stem)] = result
            else:
                method, arguments = self._method()
                results = self._by_input(getattr(client, method)(**arguments))
        except BaseException as error:  # noqa: BLE001 - the test looks at what it is
            return Outcome(results, error)
        finally:
            client.close()
        return Outcome(results, None)

    async def under_asyncio(self, client: InferenceHTTPClient, directory: Path, *, closes: bool = True) -> Outcome:
        results: dict[int, Any] = {}
        failure: BaseException | None = None
        try:
            if self.many == "stream":
                async for path, _, result in client.infer_on_stream_async(directory, model_id="p/1"):
                    results[int(Path(str(path)).stem)] = result
            else:
                method, arguments = self._method()
                results = self._by_input(await getattr(client, f"{method}_async")(**arguments))
        except BaseException as error:  # noqa: BLE001 - the test looks at what it is
            failure = error
        left = len(asyncio.all_tasks()) - 1
        if closes:
            await client.aclose()
        return Outcome(results, failure, left)

    def _method(self) -> tuple[str, dict[str, Any]]:
        if self.path == "/model/registry":
            return "list_loaded_models", {}
        if self.path == "/workflows/run":
            return "run_workflow", {"specification": SPECIFICATION, "images": {"image": picture(FAULTY)}}
        if "workflows" in self.path:
            return "run_workflow", {"workspace_name": "w", "workflow_id": "f", "images": {"image": picture(FAULTY)}}
        images = [picture(number) for number in self.inputs]
        return "infer", {"inference_input": images if self.many else images[0], "model_id": "p/1"}

    def _by_input(self, returned: Any) -> dict[int, Any]:
        if self.many:
            return dict(enumerate(returned))
        if "workflows" in self.path:
            (returned,) = returned
        if self.path == "/model/registry":
            returned = [model.model_id for model in returned.models]
        return {FAULTY: returned}


def write_pictures(directory: Path) -> None:
    """Write the pictures of a stream."""
    for number in range(COUNT):
        cv2.imwrite(str(directory / f"{number}.png"), picture(number))


DETECTION = "/infer/object_detection"

CALLS = (
    Call("one image", DETECTION),
    Call("one image, v0", "/p/1"),
    Call("list", DETECTION, many="list"),
    Call("list, errors returned", DETECTION, many="list", on_error="return"),
    Call("list in batches of 2", DETECTION, many="list", batch=2),
    Call("stream", DETECTION, many="stream"),
    Call("stream, errors returned", DETECTION, many="stream", on_error="return"),
    Call("workflow", "/workflows/run"),
    Call("saved workflow", "/w/workflows/f", is_repeatable=False),
    Call("control call", "/model/registry"),
)
