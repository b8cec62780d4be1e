"""Drive the steps of a call, blocking."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from ..errors import HTTPClientError
from ..operations.exchange import Answer, Batch, Effect, Exchange, Job, PreparedRequest, Shared, Steps, StreamJob
from .cancellation import Cancellation
from .connections import Transport
from .fifo_gate import FIFOGate
from .list_run import ListRun
from .meter import Meter
from .options import ExecutionOptions
from .outcomes import Outcomes
from .retry import Attempts
from .retry_budget import RetryBudget
from .shared_runs import SharedRuns
from .stages import admitted, preparing
from .stream_run import StreamRun
from .turns import Turn
from .workers import Workers

__all__ = ["Engine"]

R = TypeVar("R")
T = TypeVar("T")


class Engine:
    """Runs calls in the caller's thread; the requests of a list run on a few worker threads."""

    def __init__(self, transport: Transport, retry_budget: RetryBudget) -> None:
        self._transport = transport
        self._retry_budget = retry_budget
        self._shared_runs = SharedRuns()

    def run(self, steps: Steps[R], options: ExecutionOptions) -> R:
        """Drive a call to its result."""
        try:
            effect = next(steps)
            while True:
                try:
                    outcome = self._perform(effect, options)
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

    def stream(
        self,
        jobs: Iterator[StreamJob[T, R]],
        options: ExecutionOptions,
        *,
        prepares_ahead: bool,
        interrupt: Callable[[], None],
    ) -> Generator[R]:
        """Send jobs in a sliding window; results come in the order of the jobs.

        Leaving it early interrupts what is under way.

        Args:
            jobs: Taken one by one in a worker thread; none while as many results as are admitted wait to be handed on.
            options: How requests are sent.
            prepares_ahead: Whether inputs wait ready beside those in flight; not if they would grow old.
            interrupt: Ends the jobs, also for the thread that waits for the next one.

        """
        stages = _Stages(self, options)
        most = admitted(options.window) if prepares_ahead else options.window
        run = StreamRun(jobs, most, stages.parts_of_item, _finished, interrupt)
        # One thread more reads the source.
        with Workers(most + 1, run.exchanges), Workers(preparing(options.window), run.beside):
            yield from run.results()

    def exchange(self, exchange: Exchange[T], options: ExecutionOptions) -> T:
        """Send one request and read its answer."""
        return exchange.read(self.send(exchange.request, options))

    def send(self, request: PreparedRequest, options: ExecutionOptions) -> Answer:
        """Send one request, again where a repeat can mend a failure."""
        attempts = Attempts(request, options.total_timeout, options.max_retries, self._retry_budget)
        cancellation = Cancellation.current()
        while True:
            try:
                answer = self._transport.send(request, options.limits, attempts.deadline, options.secrets)
            except HTTPClientError as error:
                if cancellation is not None and cancellation.is_cancelled:
                    raise  # nobody waits for it, and that it failed says nothing about the server
                wait = attempts.seconds_before_next(error)
                if wait is None:
                    raise
            else:
                attempts.succeeded(answer)
                return answer
            (time.sleep if cancellation is None else cancellation.sleep)(wait)

    def _perform(self, effect: Effect, options: ExecutionOptions) -> Any:
        if isinstance(effect, Exchange):
            return self.exchange(effect, options)
        if isinstance(effect, Shared):
            return self._shared_runs.run(effect.key, lambda: self.run(effect.steps(), options))
        with options.meter(sum(effect.sizes)) as meter:
            return self._outcomes(effect, options, meter).per_input()

    def _outcomes(self, batch: Batch[Any], options: ExecutionOptions, meter: Meter | None) -> Outcomes:
        outcomes = Outcomes(options.on_error, batch.sizes)
        if len(batch.jobs) <= 1 or options.window == 1:
            for index, job in enumerate(batch.jobs):
                outcomes.add(index, self._attempt(job, options))
                outcomes.show(meter)
                if outcomes.has_failed:
                    break
            return outcomes
        run = ListRun(batch.jobs, outcomes, _Stages(self, options).attempt)
        with Workers(min(admitted(options.window), len(batch.jobs)), run):
            run.wait(meter)
        return outcomes

    def _attempt(self, job: Job[T], options: ExecutionOptions) -> T | HTTPClientError:
        try:
            return self.exchange(job(), options)
        except HTTPClientError as error:
            # As a value, without the frames, which hold the request: images that nobody needs any more.
            return error.with_traceback(None)


class _Stages:
    """The way of one job, with limits on how many of a call may be at the same stage."""

    def __init__(self, engine: Engine, options: ExecutionOptions) -> None:
        self._engine = engine
        self._options = options
        self._computing = FIFOGate(preparing(options.window))
        self._sending = FIFOGate(options.window)
        self._last_turn: Turn | None = None

    def attempt(self, job: Job[T], turn: Turn | None = None) -> T | HTTPClientError:
        """Prepare, send and read; an error of this package is the outcome.

        Args:
            job: What to send.
            turn: When it may be sent.

        """
        try:
            with self._computing:
                cancellation = Cancellation.current()
                if cancellation is not None:
                    cancellation.check("an input")
                exchange = job()
            if turn is not None:
                turn.wait()
            with self._sending:
                answer = self._engine.send(exchange.request, self._options)
            if turn is not None:
                turn.end()  # the next may go out while this answer is read
            return exchange.read(answer)
        except HTTPClientError as error:
            # As a value, without the frames, which hold the request: images that nobody needs any more.
            return error.with_traceback(None)
        finally:
            if turn is not None:
                turn.end()

    def parts_of_item(self, job: StreamJob[T, Any]) -> tuple[Callable[[], Any], Callable[[], Any] | None]:
        """Give what is to be done for an item of a stream; called in the order of the items.

        Who lets one request go out at a time sees them go out in that order.
        """
        if self._options.window == 1:
            self._last_turn = Turn(self._last_turn)
            return partial(self.attempt, job.exchange, self._last_turn), job.beside
        return partial(self.attempt, job.exchange), job.beside


def _finished(job: StreamJob[T, R], outcomes: Sequence[Any]) -> R | HTTPClientError:
    return job.finish(outcomes[0], outcomes[1] if len(outcomes) > 1 else None)
