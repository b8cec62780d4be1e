"""A limit on how many tasks of an event loop may do something at once; those that wait come in turn."""

from __future__ import annotations

import asyncio
from collections import deque

__all__ = ["AsyncGate"]


class AsyncGate:
    """Lets tasks in, first come first served; each says with how many in all it is content.

    That differs from `asyncio.Semaphore`: the limit belongs to the one who enters, because calls with different
    settings share a client.
    """

    def __init__(self) -> None:
        self._inside = 0
        self._waiting: deque[tuple[asyncio.Future[None], int]] = deque()

    def place(self, limit: int) -> _Place:
        """Hold a place during an `async with` block; wait for it while `limit` or more are inside."""
        return _Place(self, limit)

    async def enter(self, limit: int) -> None:
        """Wait for a place."""
        if self._waiting or self._inside >= limit:
            await self._wait(limit)
        else:
            self._inside += 1

    async def _wait(self, limit: int) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (turn, limit)
        self._waiting.append(entry)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._waiting.remove(entry)
                self._let_in()  # whoever comes next may be content with more
            else:
                self.leave()  # the place was given in this very moment
            raise

    def leave(self) -> None:
        """Give the place to whoever waits longest."""
        self._inside -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._inside < self._waiting[0][1]:
            turn, _ = self._waiting[0]
            if not turn.cancelled():
                self._inside += 1
                turn.set_result(None)
                self._waiting.popleft()
            else:
                return  # it is about to remove itself


class _Place:
    def __init__(self, gate: AsyncGate, limit: int) -> None:
        self._gate = gate
        self._limit = limit

    async def __aenter__(self) -> None:
        await self._gate.enter(self._limit)

    async def __aexit__(self, *_: object) -> None:
        self._gate.leave()
