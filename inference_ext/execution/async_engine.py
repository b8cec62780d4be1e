"""Drive the steps of a call under asyncio."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from typing import Any, TypeVar

from ..errors import HTTPClientError
from ..operations.exchange import Answer, Batch, Exchange, Job, PreparedRequest, Steps
from .deadline import Deadline
from .options import ExecutionOptions
from .outcomes import collect_batch
from .retry import log_retry, seconds_before_retry
from .transport import Transport

__all__ = ["AsyncEngine"]

R = TypeVar("R")
T = TypeVar("T")


class AsyncEngine:
    """Runs calls in the caller's event loop; files are read and images encoded in worker threads."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def run(self, steps: Steps[R], options: ExecutionOptions) -> R:
        """Drive a call to its result."""
        try:
            effect = next(steps)
            while True:
                try:
                    outcome = await self._perform(effect, options)
                except HTTPClientError as error:
                    effect = steps.throw(error)
                else:
                    effect = steps.send(outcome)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        finally:
            steps.close()

    async def stream(
        self,
        jobs: Iterable[Job[T]],
        options: ExecutionOptions,
        look_ahead: int | None,
        *,
        slow_source: bool = False,
    ) -> AsyncGenerator[T | HTTPClientError]:
        """Send jobs in a sliding window; see `Engine.stream`. Leaving it early cancels what is under way.

        Args:
            jobs: Taken one by one, never further ahead than the look-ahead.
            options: How requests are sent.
            look_ahead: Most jobs taken and not yet handed on; `None` for no limit but the window on requests.
            slow_source: Take the jobs in a worker thread: the next one may need a video frame first.

        """
        window = asyncio.Semaphore(options.window)
        pending: deque[asyncio.Task[T | HTTPClientError]] = deque()

        async def attempt(job: Job[T]) -> T | HTTPClientError:
            async with window:
                return await self._attempt_job(job, options)

        try:
            async for job in _taken_in_threads(jobs) if slow_source else _taken_here(jobs):
                if look_ahead is not None and len(pending) >= look_ahead:
                    yield await pending[0]
                    pending.popleft()
                pending.append(asyncio.create_task(attempt(job)))
            while pending:
                yield await pending[0]
                pending.popleft()
        finally:
            for task in pending:
                task.cancel()
            await asyncio.gather(*pending, return_exceptions=True)

    async def _perform(self, effect: Exchange[Any] | Batch[Any], options: ExecutionOptions) -> Any:
        if isinstance(effect, Exchange):
            return await self._exchange(effect, options)
        if len(effect.jobs) == 1:
            return collect_batch(effect, [await self._attempt_job(effect.jobs[0], options)], options.on_error)
        outcomes: list[Any] = []
        stream = self.stream(effect.jobs, options, look_ahead=None)
        try:
            async for outcome in stream:
                outcomes.append(outcome)
                if isinstance(outcome, HTTPClientError) and options.on_error == "raise":
                    break
        finally:
            await stream.aclose()
        return collect_batch(effect, outcomes, options.on_error)

    async def _attempt_job(self, job: Job[T], options: ExecutionOptions) -> T | HTTPClientError:
        try:
            exchange = await asyncio.to_thread(job)
            return await self._exchange(exchange, options)
        except HTTPClientError as error:
            return error

    async def _exchange(self, exchange: Exchange[T], options: ExecutionOptions) -> T:
        return exchange.read(await self._send(exchange.request, options))

    async def _send(self, request: PreparedRequest, options: ExecutionOptions) -> Answer:
        deadline = Deadline.after(options.total_timeout)
        attempt = 0
        while True:
            attempt += 1
            try:
                return await self._transport.send_async(request, options.limits, deadline, options.secrets)
            except HTTPClientError as error:
                wait = seconds_before_retry(error, request, attempt, options.max_retries, deadline)
                if wait is None:
                    raise
                log_retry(request, attempt, error, wait)
            await asyncio.sleep(wait)


async def _taken_here(items: Iterable[T]) -> AsyncGenerator[T]:
    for item in items:
        yield item


async def _taken_in_threads(items: Iterable[T]) -> AsyncGenerator[T]:
    iterator = iter(items)
    end: Any = object()
    while True:
        taking = asyncio.ensure_future(asyncio.to_thread(next, iterator, end))
        try:
            item = await asyncio.shield(taking)
        except asyncio.CancelledError:
            # A source that is being read cannot be closed: let the read end first.
            await asyncio.wait([taking])
            raise
        if item is end:
            return
        yield item
