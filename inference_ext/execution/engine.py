"""Drive the steps of a call, blocking."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from queue import SimpleQueue
from typing import Any, TypeVar

from ..errors import HTTPClientError
from ..operations.exchange import Answer, Batch, Effect, Exchange, Job, PreparedRequest, Shared, Steps
from .cancellation import Cancellation
from .connections import Transport
from .deadline import Deadline
from .fifo_gate import FIFOGate
from .options import ExecutionOptions
from .outcomes import Outcomes
from .retry import log_retry, seconds_before_retry
from .shared_runs import SharedRuns
from .stages import admitted, preparing

__all__ = ["Engine"]

R = TypeVar("R")
T = TypeVar("T")


class Engine:
    """Runs calls in the caller's thread; the requests of a list run on a few worker threads."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._shared_runs = SharedRuns()

    def run(self, steps: Steps[R], options: ExecutionOptions) -> R:
        """Drive a call to its result."""
        try:
            effect = next(steps)
            while True:
                try:
                    outcome = self._perform(effect, options)
                except HTTPClientError as error:
                    effect = steps.throw(error)
                else:
                    effect = steps.send(outcome)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        finally:
            steps.close()

    def stream(self, jobs: Iterable[Job[T]], options: ExecutionOptions) -> Generator[T | HTTPClientError]:
        """Send jobs in a sliding window; outcomes come in the order of the jobs, errors as values.

        Leaving it early interrupts what is under way.

        Args:
            jobs: Taken one by one; none while as many outcomes as are admitted wait to be handed on.
            options: How requests are sent.

        """
        pending: deque[Future[T | HTTPClientError]] = deque()
        with _Workers(self, options) as workers:
            for job in jobs:
                if len(pending) == workers.admitted:
                    yield pending.popleft().result()
                pending.append(workers.submit(job))
            while pending:
                yield pending.popleft().result()

    def exchange(self, exchange: Exchange[T], options: ExecutionOptions) -> T:
        """Send one request and read its answer."""
        return exchange.read(self.send(exchange.request, options))

    def send(self, request: PreparedRequest, options: ExecutionOptions) -> Answer:
        """Send one request, again where a repeat can mend a failure."""
        deadline = Deadline.after(options.total_timeout)
        cancellation = Cancellation.current()
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._transport.send(request, options.limits, deadline, options.secrets)
            except HTTPClientError as error:
                wait = seconds_before_retry(error, request, attempt, options.max_retries, deadline)
                if wait is None or (cancellation is not None and cancellation.is_cancelled):
                    raise
                log_retry(request, attempt, error, wait)
            (time.sleep if cancellation is None else cancellation.sleep)(wait)

    def _perform(self, effect: Effect, options: ExecutionOptions) -> Any:
        if isinstance(effect, Exchange):
            return self.exchange(effect, options)
        if isinstance(effect, Shared):
            return self._shared_runs.run(effect.key, lambda: self.run(effect.steps(), options))
        return self._outcomes(effect, options).per_input(effect.sizes)

    def _outcomes(self, batch: Batch[Any], options: ExecutionOptions) -> Outcomes:
        outcomes = Outcomes(options.on_error)
        if len(batch.jobs) == 1 or options.window == 1:
            for index, job in enumerate(batch.jobs):
                outcomes.add(index, self._attempt(job, options))
                if outcomes.has_failed:
                    break
            return outcomes
        finished: SimpleQueue[int] = SimpleQueue()
        futures: dict[int, Future[Any]] = {}

        def take() -> None:
            index = finished.get()
            outcomes.add(index, futures.pop(index).result())

        with _Workers(self, options) as workers:
            for index, job in enumerate(batch.jobs):
                if len(futures) == workers.admitted:
                    take()
                if outcomes.has_failed:
                    break
                futures[index] = workers.submit(job)
                futures[index].add_done_callback(lambda _, index=index: finished.put(index))  # type: ignore[misc]
            while outcomes.needs_any_of(futures):
                take()
        return outcomes

    def _attempt(self, job: Job[T], options: ExecutionOptions) -> T | HTTPClientError:
        try:
            return self.exchange(job(), options)
        except HTTPClientError as error:
            return error


class _Workers:
    """The threads of one call: they prepare its jobs and send what comes of it."""

    def __init__(self, engine: Engine, options: ExecutionOptions) -> None:
        self._engine = engine
        self._options = options
        self.admitted = admitted(options.window)
        self._preparing = FIFOGate(preparing(options.window))
        self._sending = FIFOGate(options.window)
        self._cancellation = Cancellation()
        self._executor = ThreadPoolExecutor(self.admitted, thread_name_prefix="inference-ext")

    def __enter__(self) -> _Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self._cancellation.cancel()
        self._executor.shutdown(wait=True, cancel_futures=True)

    def submit(self, job: Job[T]) -> Future[T | HTTPClientError]:
        # Each with the caller's context variables: tracing and logging context crosses over.
        context = copy_context()
        context.run(self._cancellation.make_current)
        return self._executor.submit(context.run, self._attempt, job)

    def _attempt(self, job: Job[T]) -> T | HTTPClientError:
        try:
            with self._preparing:
                self._cancellation.check("an input")
                exchange = job()
            with self._sending:
                answer = self._engine.send(exchange.request, self._options)
            return exchange.read(answer)
        except HTTPClientError as error:
            return error
