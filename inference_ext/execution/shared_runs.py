"""Steps that several calls need at the same time run once, and all of them get the outcome."""

from __future__ import annotations

import asyncio
import copy
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import CancelledError, Future
from typing import Any
from weakref import WeakKeyDictionary

from ..errors import HTTPClientError

__all__ = ["AsyncSharedRuns", "SharedRuns"]


class SharedRuns:
    """For the threads that share a client."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[str, Future[Any]] = {}

    def run(self, key: str, steps: Callable[[], Any]) -> Any:
        """Run the steps, or wait for the thread that runs those of the same key already."""
        while True:
            mine: Future[Any] = Future()
            with self._lock:
                running = self._running.setdefault(key, mine)
            if running is mine:
                return self._lead(key, mine, steps)
            try:
                return running.result()
            except HTTPClientError as error:
                raise copy.copy(error) from None  # each caller's own: an error collects what belongs to a call
            except CancelledError:
                continue  # the one that ran them was stopped

    def _lead(self, key: str, mine: Future[Any], steps: Callable[[], Any]) -> Any:
        try:
            outcome = steps()
        except HTTPClientError as error:
            mine.set_exception(copy.copy(error))
            raise
        else:
            mine.set_result(outcome)
            return outcome
        finally:
            mine.cancel()  # does nothing when there is an outcome
            with self._lock:
                del self._running[key]


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
