"""Drive the steps of a call under asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from ..errors import HTTPClientError
from ..operations.exchange import Answer, Batch, Effect, Exchange, Job, PreparedRequest, Shared, Steps, StreamJob
from .async_gate import AsyncGate
from .async_shared_runs import AsyncSharedRuns
from .connections import Transport
from .deadline import Deadline
from .options import ExecutionOptions
from .outcomes import Outcomes
from .retry import log_retry, seconds_before_retry
from .stages import admitted, preparing

__all__ = ["AsyncEngine"]

R = TypeVar("R")
T = TypeVar("T")

#: Larger answers are read in a worker thread: polygons and pictures would hold up the event loop.
_LARGE_ANSWER = 64 * 1024


class _Gates:
    """The limits that all calls of a client on one event loop share.

    Tasks are cheap, so hundreds of calls are gathered as readily as a list is handed over. They get the same window.
    """

    def __init__(self) -> None:
        self.admitted = AsyncGate()
        self.preparing = AsyncGate()
        self.sending = AsyncGate()


class AsyncEngine:
    """Runs calls in the caller's event loop; files are read and images encoded in worker threads."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._shared_runs = AsyncSharedRuns()
        self._gates_of_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, _Gates] = WeakKeyDictionary()

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
        self, jobs: Iterator[StreamJob[T, R]], options: ExecutionOptions, *, prepares_ahead: bool
    ) -> AsyncGenerator[R]:
        """Send jobs in a sliding window; see `Engine.stream`. Leaving it early cancels what is under way.

        The jobs are taken in a worker thread: the next one may need a video frame first.
        """
        room = asyncio.Semaphore(admitted(options.window) if prepares_ahead else options.window)
        items: asyncio.Queue[asyncio.Future[R] | None] = asyncio.Queue()

        async def take_all() -> None:
            while True:
                await room.acquire()
                job = await _taken_in_thread(jobs)
                if job is None:
                    return
                items.put_nowait(asyncio.create_task(self._stream_item(job, options)))

        producer = asyncio.create_task(take_all())
        producer.add_done_callback(lambda _: items.put_nowait(None))
        running: asyncio.Future[R] | None = None
        try:
            while (running := await items.get()) is not None:
                result = await running
                room.release()
                yield result
            await producer
        finally:
            left = [item for item in _drained(items) if item is not None]
            await _cancel([producer, *([] if running is None else [running]), *left])

    @staticmethod
    async def in_thread(function: Callable[..., T], *arguments: Any) -> T:
        """Call something that may take long without holding up the event loop."""
        return await asyncio.to_thread(function, *arguments)

    async def _perform(self, effect: Effect, options: ExecutionOptions) -> Any:
        if isinstance(effect, Exchange):
            return await self._exchange(effect, options)
        if isinstance(effect, Shared):
            return await self._shared_runs.run(effect.key, lambda: self.run(effect.steps(), options))
        return (await self._outcomes(effect, options)).per_input(effect.sizes)

    async def _outcomes(self, batch: Batch[Any], options: ExecutionOptions) -> Outcomes:
        outcomes = Outcomes(options.on_error)
        if len(batch.jobs) == 1:
            outcomes.add(0, await self._attempt(batch.jobs[0], options))
            return outcomes
        running: dict[asyncio.Task[Any], int] = {}

        async def take() -> None:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                outcomes.add(running.pop(task), task.result())

        try:
            for index, job in enumerate(batch.jobs):
                if len(running) == admitted(options.window):
                    await take()
                if outcomes.has_failed:
                    break
                running[asyncio.create_task(self._attempt(job, options))] = index
            while outcomes.needs_any_of(running.values()):
                await take()
        finally:
            await _cancel(running)
        return outcomes

    async def _attempt(self, job: Job[T], options: ExecutionOptions) -> T | HTTPClientError:
        gates = self._gates()
        try:
            async with gates.admitted.place(admitted(options.window)):
                async with gates.preparing.place(preparing(options.window)):
                    exchange = await asyncio.to_thread(job)
                return await self._exchange(exchange, options)
        except HTTPClientError as error:
            return error

    async def _stream_item(self, job: StreamJob[T, R], options: ExecutionOptions) -> R:
        if job.beside is None:
            return job.finish(await self._attempt(job.exchange, options), None)
        exchange = asyncio.create_task(self._attempt(job.exchange, options))
        beside = asyncio.create_task(asyncio.to_thread(job.beside))
        try:
            return job.finish(await exchange, await beside)
        finally:
            await _cancel([exchange, beside])

    async def _exchange(self, exchange: Exchange[T], options: ExecutionOptions) -> T:
        async with self._gates().sending.place(options.window):
            answer = await self._send(exchange.request, options)
        if len(answer.content) > _LARGE_ANSWER:
            return await asyncio.to_thread(exchange.read, answer)
        return exchange.read(answer)

    def _gates(self) -> _Gates:
        loop = asyncio.get_running_loop()
        gates = self._gates_of_loops.get(loop)
        if gates is None:
            gates = self._gates_of_loops[loop] = _Gates()
        return gates

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


async def _cancel(tasks: Iterable[asyncio.Future[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _drained(queue: asyncio.Queue[T]) -> list[T]:
    return [queue.get_nowait() for _ in range(queue.qsize())]


async def _taken_in_thread(items: Iterator[T]) -> T | None:
    """Take the next item, which may take long; `None` when there is none."""
    taking = asyncio.ensure_future(asyncio.to_thread(next, items, None))
    try:
        return await asyncio.shield(taking)
    except asyncio.CancelledError:
        # A source that is being read cannot be closed: let the read end first.
        await asyncio.wait([taking])
        raise
