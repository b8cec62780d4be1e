"""Drive the steps of a call under asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator
from contextvars import copy_context
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from ..errors import HTTPClientError
from ..operations.exchange import Answer, Batch, Effect, Exchange, Job, PreparedRequest, Shared, Steps, StreamJob
from .async_gate import AsyncGate
from .async_shared_runs import AsyncSharedRuns
from .cancellation import Cancellation
from .connections import Transport
from .meter import Meter
from .options import ExecutionOptions
from .outcomes import Outcomes
from .retry import Attempts
from .retry_budget import RetryBudget
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

    def __init__(self, transport: Transport, retry_budget: RetryBudget) -> None:
        self._transport = transport
        self._retry_budget = retry_budget
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
                    # Neither this frame nor those of the traceback may go on holding the request.
                    del effect
                    effect = steps.throw(error.with_traceback(None))
                else:
                    effect = steps.send(outcome)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        finally:
            steps.close()

    async def stream(
        self,
        jobs: Iterator[StreamJob[T, R]],
        options: ExecutionOptions,
        *,
        prepares_ahead: bool,
        interrupt: Callable[[], None],
    ) -> AsyncGenerator[R]:
        """Send jobs in a sliding window; see `Engine.stream`. Leaving it early cancels what is under way.

        The jobs are taken in a worker thread: the next one may need a video frame first.
        """
        room = asyncio.Semaphore(admitted(options.window) if prepares_ahead else options.window)
        items: asyncio.Queue[asyncio.Future[R | HTTPClientError] | None] = asyncio.Queue()

        async def take_all() -> None:
            while True:
                await room.acquire()
                job = await _taken_in_thread(jobs, interrupt)
                if job is None:
                    return
                item = self._stream_item(job, options)
                items.put_nowait(asyncio.create_task(item))

        producer = asyncio.create_task(take_all())
        producer.add_done_callback(lambda _: items.put_nowait(None))
        running: asyncio.Future[R | HTTPClientError] | None = None
        left: list[asyncio.Future[R | HTTPClientError]] = []
        handed_on = 0
        try:
            while (running := await items.get()) is not None:
                result = await running
                if isinstance(result, HTTPClientError):
                    left = _drained(items)
                    result.locate(handed_on, _finished(left, behind=handed_on))
                    raise result
                handed_on += 1
                room.release()
                yield result
            await producer
        finally:
            await _cancel([producer, *([] if running is None else [running]), *left, *_drained(items)])

    @staticmethod
    async def in_thread(function: Callable[..., T], *arguments: Any) -> T:
        """Call something that may take long without holding up the event loop."""
        return await asyncio.to_thread(function, *arguments)

    async def _perform(self, effect: Effect, options: ExecutionOptions) -> Any:
        if isinstance(effect, Exchange):
            return await self._exchange(effect, options)
        if isinstance(effect, Shared):
            return await self._shared_runs.run(effect.key, lambda: self.run(effect.steps(), options))
        with options.meter(sum(effect.sizes)) as meter:
            return (await self._outcomes(effect, options, meter)).per_input()

    async def _outcomes(self, batch: Batch[Any], options: ExecutionOptions, meter: Meter | None) -> Outcomes:
        outcomes = Outcomes(options.on_error, batch.sizes)
        if len(batch.jobs) == 1:
            outcomes.add(0, await self._attempt(batch.jobs[0], options))
            outcomes.show(meter)
            return outcomes
        running: dict[asyncio.Task[Any], int] = {}

        async def take() -> None:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                outcomes.add(running.pop(task), task.result())
            outcomes.show(meter)

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
                    exchange = await _in_thread_until_cancelled(job)
                return await self._exchange(exchange, options)
        except HTTPClientError as error:
            # As a value, without the frames, which hold the request: images that nobody needs any more.
            return error.with_traceback(None)

    async def _stream_item(self, job: StreamJob[T, R], options: ExecutionOptions) -> R | HTTPClientError:
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
        attempts = Attempts(request, options.total_timeout, options.max_retries, self._retry_budget)
        while True:
            try:
                answer = await self._transport.send_async(request, options.limits, attempts.deadline, options.secrets)
            except HTTPClientError as error:
                wait = attempts.seconds_before_next(error)
                if wait is None:
                    raise
            else:
                attempts.succeeded(answer)
                return answer
            await asyncio.sleep(wait)


async def _cancel(tasks: Iterable[asyncio.Future[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _drained(queue: asyncio.Queue[T | None]) -> list[T]:
    return [item for _ in range(queue.qsize()) if (item := queue.get_nowait()) is not None]


def _finished(items: Iterable[asyncio.Future[Any]], *, behind: int) -> dict[int, Any]:
    done = {
        position: item.result()
        for position, item in enumerate(items, behind + 1)
        if item.done() and not item.cancelled() and item.exception() is None
    }
    return {position: result for position, result in done.items() if not isinstance(result, HTTPClientError)}


async def _taken_in_thread(items: Iterator[T], interrupt: Callable[[], None]) -> T | None:
    """Take the next item, which may take long unless it is interrupted; `None` when there is none."""
    taking = asyncio.ensure_future(asyncio.to_thread(next, items, None))
    try:
        return await asyncio.shield(taking)
    except asyncio.CancelledError:
        # What is being taken from cannot be closed: let the thread go on first.
        interrupt()
        await asyncio.wait([taking])
        raise


async def _in_thread_until_cancelled(function: Callable[[], T]) -> T:
    """Call something in a thread; when the task is cancelled, what it waits for there is interrupted."""
    cancellation = Cancellation()
    context = copy_context()
    context.run(cancellation.make_current)
    try:
        return await asyncio.get_running_loop().run_in_executor(None, context.run, function)
    except asyncio.CancelledError:
        cancellation.cancel()
        raise
