"""Waits for video pipelines, which do everything in their own time."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inference_ext import InferenceHTTPClient

LIMIT = 60.0
"""Seconds until something must have happened; a pipeline's process takes 10 to 20 to start."""

Call = Callable[..., Any]


async def settled(call: Call, *arguments: Any, **keywords: Any) -> Any:
    """Call either shell's method."""
    answer = call(*arguments, **keywords)
    return await answer if inspect.isawaitable(answer) else answer


async def result_of(consume: Call, pipeline_id: str, **keywords: Any) -> dict[str, Any]:
    """Wait for a result that is not empty."""
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        answer: dict[str, Any] = await settled(consume, pipeline_id, **keywords)
        if answer["outputs"]:
            return answer
        await asyncio.sleep(0.2)
    raise AssertionError(f"no result within {LIMIT:.0f} s")


async def drained(consume: Call, pipeline_id: str) -> None:
    """Take all results that wait; a paused pipeline has no more."""
    deadline = time.monotonic() + LIMIT
    empty = 0
    while empty < 5:
        assert time.monotonic() < deadline, "a paused pipeline goes on giving results"
        answer = await settled(consume, pipeline_id)
        empty = 0 if answer["outputs"] else empty + 1
        await asyncio.sleep(0.2 if empty else 0)


def terminate_all(client: InferenceHTTPClient) -> None:
    """End every pipeline, also those that never came to life."""
    for pipeline_id in client.list_inference_pipelines()["pipelines"]:
        client.terminate_inference_pipeline(pipeline_id)
