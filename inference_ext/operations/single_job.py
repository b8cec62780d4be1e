"""One request that is prepared like those of a list: in a worker thread, as images are read and encoded for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..errors import HTTPClientError
from .exchange import Batch, Job, Steps, call_batch

__all__ = ["call_job"]


def call_job(job: Job[Sequence[Any]]) -> Steps[Any]:
    """Run one job that gives one result, with `yield from`; its error is raised whatever `on_error` says.

    An `Exchange` of its own would be prepared where the steps run, which under asyncio is the event loop.
    """
    (result,) = yield from call_batch(Batch([job], [1]))
    if isinstance(result, HTTPClientError):
        # There is no list, so there is no position in it.
        result.input_index = None
        raise result
    return result
