"""When a failed attempt is repeated, and after how long.

Repeated are failures that a repeat can mend: no connection, a connection lost before the answer was complete, and the
statuses 408, 429, 502, 503 and 504. Waits grow exponentially with full jitter; a `Retry-After` of the server is
obeyed as far as the request's deadline allows.
"""

from __future__ import annotations

import logging
import random
import time
from email.utils import parsedate_to_datetime

from ..errors import (
    ClientClosedError,
    HTTPCallErrorError,
    HTTPClientError,
    HTTPServerConnectionError,
    RequestTimeoutError,
)
from ..operations.exchange import PreparedRequest
from .deadline import Deadline

__all__ = ["RETRIED_STATUSES", "log_retry", "parse_retry_after", "seconds_before_retry"]

_logger = logging.getLogger("inference_ext")

RETRIED_STATUSES = frozenset({408, 429, 502, 503, 504})

_FIRST_WAIT = 0.25
_LONGEST_WAIT = 8.0


def seconds_before_retry(
    error: HTTPClientError, request: PreparedRequest, attempt: int, max_retries: int, deadline: Deadline
) -> float | None:
    """Decide about one failed attempt.

    Args:
        error: How the attempt failed.
        request: What was sent.
        attempt: Number of attempts made so far, from 1.
        max_retries: Most repeats after the first attempt.
        deadline: When the request's time is up.

    Returns:
        Seconds to wait before the next attempt, `None` when the failure must stand.

    """
    if attempt > max_retries or not request.repeatable or not _is_transient(error):
        return None
    asked = error.retry_after if isinstance(error, HTTPCallErrorError) else None
    ceiling = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (attempt - 1))
    wait = asked if asked is not None else random.uniform(0, ceiling)  # noqa: S311 - spreads load, guards nothing
    return wait if wait < deadline.remaining() else None


def log_retry(request: PreparedRequest, attempt: int, error: HTTPClientError, wait: float) -> None:
    """Note a failed attempt that is going to be repeated."""
    _logger.info("%s: attempt %d failed (%s); again in %.2f s", request, attempt, error, wait)


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
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
