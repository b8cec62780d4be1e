"""Run one call through the blocking method and through its asyncio twin."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from inference_ext import InferenceHTTPClient

Invoke = Callable[..., Any]


def _blocking(client: InferenceHTTPClient, method: str, *args: Any, **kwargs: Any) -> Any:
    return getattr(client, method)(*args, **kwargs)


def _asyncio(client: InferenceHTTPClient, method: str, *args: Any, **kwargs: Any) -> Any:
    async def run() -> Any:
        return await getattr(client, f"{method}_async")(*args, **kwargs)

    return asyncio.run(run())


both_shells = pytest.mark.parametrize("invoke", [_blocking, _asyncio], ids=["blocking", "asyncio"])
