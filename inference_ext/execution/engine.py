"""Drive the steps of a call, blocking."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar

from ..errors import HTTPClientError
from ..operations.exchange import Answer, Batch, Exchange, Job, PreparedRequest, Steps
from .deadline import Deadline
from .options import ExecutionOptions
from .outcomes import collect_batch
from .retry import log_retry, seconds_before_retry
from .transport import Transport

__all__ = ["Engine"]

R = TypeVar("R")
T = TypeVar("T")


class Engine:
    """Runs calls in the caller's thread; the requests of a list run on a few worker threads."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

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

    def stream(
        self, jobs: Iterable[Job[T]], options: ExecutionOptions, look_ahead: int | None
    ) -> Generator[T | HTTPClientError]:
        """Send jobs in a sliding window; outcomes come in the order of the jobs, errors as values.

        Args:
            jobs: Taken one by one, never further ahead than the look-ahead.
            options: How requests are sent.
            look_ahead: Most jobs taken and not yet handed on; `None` for no limit but the window on requests.

        """
        pending: deque[Future[T | HTTPClientError]] = deque()
        executor = ThreadPoolExecutor(options.window, thread_name_prefix="inference-ext")
        try:
            for job in jobs:
                if look_ahead is not None and len(pending) >= look_ahead:
                    yield pending.popleft().result()
                # Each with the caller's context variables: tracing and logging context crosses over.
                pending.append(executor.submit(copy_context().run, self._attempt_job, job, options))
            while pending:
                yield pending.popleft().result()
        finally:
            executor.shutdown(wait=True, cancel_futures=True)

    def _perform(self, effect: Exchange[Any] | Batch[Any], options: ExecutionOptions) -> Any:
        if isinstance(effect, Exchange):
            return self._exchange(effect, options)
        if len(effect.jobs) == 1 or options.window == 1:
            outcomes: Iterator[Any] = (self._attempt_job(job, options) for job in effect.jobs)
            return collect_batch(effect, outcomes, options.on_error)
        stream = self.stream(effect.jobs, options, look_ahead=None)
        try:
            return collect_batch(effect, stream, options.on_error)
        finally:
            stream.close()

    def _attempt_job(self, job: Job[T], options: ExecutionOptions) -> T | HTTPClientError:
        try:
            return self._exchange(job(), options)
        except HTTPClientError as error:
            return error

    def _exchange(self, exchange: Exchange[T], options: ExecutionOptions) -> T:
        return exchange.read(self._send(exchange.request, options))

    def _send(self, request: PreparedRequest, options: ExecutionOptions) -> Answer:
        deadline = Deadline.after(options.total_timeout)
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._transport.send(request, options.limits, deadline, options.secrets)
            except HTTPClientError as error:
                wait = seconds_before_retry(error, request, attempt, options.max_retries, deadline)
                if wait is None:
                    raise
                log_retry(request, attempt, error, wait)
            time.sleep(wait)
