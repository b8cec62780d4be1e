"""Steps that several tasks need at the same time run once, and all of them get the outcome; see `shared_runs`."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakKeyDictionary

from ..errors import HTTPClientError

__all__ = ["AsyncSharedRuns"]


class AsyncSharedRuns:
    """For the tasks of each event loop."""

    def __init__(self) -> None:
        self._running: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, asyncio.Future[Any]]] = (
            WeakKeyDictionary()
        )

    async def run(self, key: str, steps: Callable[[], Awaitable[Any]]) -> Any:
        """Run the steps, or wait for the task that runs those of the same key already."""
        loop = asyncio.get_running_loop()
        of_loop = self._running.setdefault(loop, {})
        while True:
            running = of_loop.get(key)
            if running is None:
                return await self._lead(key, of_loop, loop.create_future(), steps)
            # Not awaited itself: cancelling one that waits must not cancel it for the others.
            await asyncio.wait([running])
            if running.cancelled():
                continue  # the one that ran them was stopped
            if (error := running.exception()) is not None:
                raise copy.copy(error) from None
            return running.result()

    async def _lead(
        self,
        key: str,
        of_loop: dict[str, asyncio.Future[Any]],
        mine: asyncio.Future[Any],
        steps: Callable[[], Awaitable[Any]],
    ) -> Any:
        of_loop[key] = mine
        try:
            outcome = await steps()
        except HTTPClientError as error:
            mine.set_exception(copy.copy(error))
            mine.exception()  # seen: asyncio complains about errors that nobody looks at
            raise
        else:
            mine.set_result(outcome)
            return outcome
        finally:
            mine.cancel()  # does nothing when there is an outcome
            del of_loop[key]
