"""From the outcomes of a batch's requests to one result per input."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Any, Literal

from ..errors import HTTPClientError
from .meter import Meter

__all__ = ["Outcomes"]


class Outcomes:
    """Collects what comes of a batch's requests, in whichever order they finish.

    Args:
        on_error: `"raise"` ends the batch with the first error in the order of the inputs: requests before it are
            waited for, so that the same inputs give the same error and none that was begun before it is lost; those
            behind it are given up. `"return"` puts an error at the place of every input of its request.
        sizes: Number of inputs of each request.

    """

    def __init__(self, on_error: Literal["raise", "return"], sizes: Sequence[int]) -> None:
        self._on_error = on_error
        self._sizes = sizes
        self._outcomes: dict[int, Any] = {}
        self._failed: int | None = None
        self._done_inputs = 0
        self._failed_inputs = 0

    def show(self, meter: Meter | None) -> None:
        """Show how many inputs are done."""
        if meter is not None:
            meter.show(self._done_inputs, self._failed_inputs)

    @property
    def has_failed(self) -> bool:
        """Whether no further request is to be begun."""
        return self._failed is not None

    def add(self, position: int, outcome: Any) -> None:
        """Note the results of the request at a position, or its error."""
        self._outcomes[position] = outcome
        self._done_inputs += self._sizes[position]
        if isinstance(outcome, HTTPClientError):
            self._failed_inputs += self._sizes[position]
            if self._on_error == "raise":
                self._failed = position if self._failed is None else min(self._failed, position)

    def needs_any_of(self, positions: Iterable[int]) -> bool:
        """Tell whether any of the requests at these positions must still be waited for."""
        failed = self._failed
        return any(failed is None or position < failed for position in positions)

    def per_input(self) -> list[Any]:
        """Line up the results by input.

        Raises:
            HTTPClientError: The first error in the order of the inputs, with the position of its input and the
                finished results, when errors are to be raised.

        """
        starts = [0, *accumulate(self._sizes)]
        if self._failed is None:
            return [*self._results(starts).values()]
        error: HTTPClientError = self._outcomes[self._failed]
        if starts[-1] > 1:
            results = self._results(starts).items()
            finished = {index: result for index, result in results if not isinstance(result, HTTPClientError)}
            del results
            error.locate(error.input_index or 0, finished)
        else:
            error.input_index = None
        self._outcomes.clear()
        try:
            raise error
        finally:
            del error  # its traceback holds this frame: together they would wait for the garbage collector

    def _results(self, starts: Sequence[int]) -> dict[int, Any]:
        """Give results and errors by input, in order."""
        results: dict[int, Any] = {}
        for position in sorted(self._outcomes):
            outcome, start, end = self._outcomes[position], starts[position], starts[position + 1]
            failed = isinstance(outcome, HTTPClientError)
            if failed:
                # A request about several inputs may know which of its own failed.
                outcome.input_index = start + (outcome.input_index or 0)
            results.update(zip(range(start, end), [outcome] * (end - start) if failed else outcome, strict=True))
        return results
