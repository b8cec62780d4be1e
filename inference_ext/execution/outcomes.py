"""From the outcomes of a batch's requests to one result per input."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from ..errors import HTTPClientError
from ..operations.exchange import Batch

__all__ = ["collect_batch"]


def collect_batch(batch: Batch[Any], outcomes: Iterable[Any], on_error: Literal["raise", "return"]) -> list[Any]:
    """Line up results by input.

    Args:
        batch: The requests, with the number of inputs of each.
        outcomes: For each request in order its results or its error. Not read further after an error that is raised.
        on_error: `"raise"` raises the first error, with the index of its first input and the finished results;
            `"return"` puts it at the place of every input of its request.

    """
    results: list[Any] = []
    for size, outcome in zip(batch.sizes, outcomes, strict=False):  # fewer outcomes end with the error that is raised
        if not isinstance(outcome, HTTPClientError):
            results.extend(outcome)
            continue
        # A request about several inputs may know which of its own failed.
        index = len(results) + (outcome.input_index or 0)
        if on_error == "raise":
            if sum(batch.sizes) > 1:
                outcome.locate(index, dict(enumerate(results)))
            raise outcome
        outcome.input_index = index
        results.extend([outcome] * size)
    return results
