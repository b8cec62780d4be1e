"""When a failed attempt is repeated, and after how long.

Repeated are failures that a repeat can mend: no connection, a connection lost before the answer was complete, and the
statuses 408, 429, 502, 503 and 504. Waits grow exponentially with full jitter; a `Retry-After` of the server is
obeyed as far as the request's deadline allows. Requests that may have had effects are never repeated, and a budget
bounds the repeats of a client while nothing succeeds (`retry_budget`).

Attempts are logged under the name `inference_ext`: answers at level DEBUG, failures at INFO.
"""

from __future__ import annotations

import logging
import random
import time
from datetime import UTC
from email.utils import parsedate_to_datetime

from ..errors import (
    ClientClosedError,
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    RequestTimeoutError,
)
from ..operations.exchange import Answer, PreparedRequest
from .deadline import Deadline
from .retry_budget import RetryBudget

__all__ = ["RETRIED_STATUSES", "Attempts", "parse_retry_after"]

_logger = logging.getLogger("inference_ext")

RETRIED_STATUSES = frozenset({408, 429, 502, 503, 504})

_FIRST_WAIT = 0.25
_LONGEST_WAIT = 8.0
_BUDGET_IS_SPENT = "too many repeats of this client failed without a success in between"


class Attempts:
    """The attempts at one request, logged one by one: whether another follows a failed one, and after how long.

    Args:
        request: What is sent.
        total_timeout: Seconds that all attempts and the waits between them share.
        max_retries: Most repeats after the first attempt.
        budget: The repeats that the client has left for all its requests.

    """

    def __init__(self, request: PreparedRequest, total_timeout: float, max_retries: int, budget: RetryBudget) -> None:
        self._request = request
        self._max_retries = max_retries
        self._budget = budget
        self._failed = 0
        self._began = time.monotonic()
        self.deadline: Deadline = Deadline.after(total_timeout)

    def succeeded(self, answer: Answer) -> None:
        """Note the answer that ends it."""
        self._budget.give_back(self._failed)
        _logger.debug(
            "%s: attempt %d answered %d after %.3f s in all",
            self._request,
            self._failed + 1,
            answer.status,
            time.monotonic() - self._began,
        )

    def seconds_before_next(self, error: HTTPClientError) -> float | None:
        """Decide about a failed attempt.

        Args:
            error: How it failed. When it must stand after several attempts, a note on it says so.

        Returns:
            Seconds to wait before the next attempt, `None` when the failure must stand.

        """
        self._failed += 1
        asked = error.retry_after if isinstance(error, HTTPCallErrorError) else None
        ceiling = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (self._failed - 1))
        wait = asked if asked is not None else random.uniform(0, ceiling)  # noqa: S311 - spreads load, guards nothing
        reason = self._reason_to_stop(error, wait, is_asked_for=asked is not None)
        if reason is None:
            _logger.info("%s: attempt %d failed (%s); again in %.2f s", self._request, self._failed, error, wait)
            return wait
        _logger.info("%s: attempt %d failed (%s); not repeated: %s", self._request, self._failed, error, reason)
        if self._failed > 1:
            error.add_note(f"This was attempt {self._failed}.")
        if reason is _BUDGET_IS_SPENT:
            error.add_note(f"It was not repeated: {reason}.")
        return None

    def _reason_to_stop(self, error: HTTPClientError, wait: float, *, is_asked_for: bool) -> str | None:
        if not _is_transient(error):
            return "a repeat cannot mend it"
        if not self._request.repeatable:
            return "it may have had effects"
        if self._failed > self._max_retries:
            return f"max_retries is {self._max_retries}"
        if wait >= self.deadline.remaining():
            return "total_timeout would pass in the meantime"
        if not is_asked_for and not self._budget.take():
            return _BUDGET_IS_SPENT
        return None


def _is_transient(error: HTTPClientError) -> bool:
    if isinstance(error, HTTPCallErrorError):
        return error.status_code in RETRIED_STATUSES
    # A request that stood still for its whole time limit would most likely do so again.
    return isinstance(error, HTTPServerConnectionError) and not isinstance(
        error, RequestTimeoutError | ClientClosedError
    )


def parse_retry_after(value: str | None) -> float | None:
    """Read a `Retry-After` header, seconds or an HTTP date; gives seconds from now, `None` for anything else."""
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        date = parsedate_to_datetime(value)
        # A date without a zone is in UTC, as all of HTTP's are.
        return max(0.0, (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None
