"""Take the items of a stream, through the blocking method and through its asyncio twin."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from inference_ext import InferenceHTTPClient

__all__ = ["TAKERS", "Take"]

Take = Callable[..., list[Any]]


def _blocking(client: InferenceHTTPClient, source: Any, limit: int | None = None, pause: float = 0.0) -> list[Any]:
    items: list[Any] = []
    stream = client.infer_on_stream(source, model_id="p/1")
    for item in stream:
        items.append(item)
        if len(items) == limit:
            break
        time.sleep(pause)
    stream.close()
    return items


def _asyncio(client: InferenceHTTPClient, source: Any, limit: int | None = None, pause: float = 0.0) -> list[Any]:
    async def run() -> list[Any]:
        items: list[Any] = []
        stream = client.infer_on_stream_async(source, model_id="p/1")
        async for item in stream:
            items.append(item)
            if len(items) == limit:
                break
            await asyncio.sleep(pause)
        await stream.aclose()
        return items

    return asyncio.run(run())


TAKERS: dict[str, Take] = {"blocking": _blocking, "asyncio": _asyncio}
"""By the shell they go through. Both leave the stream after `limit` items and are busy for `pause` s with each."""
