"""A point in time that everything belonging to one request shares."""

from __future__ import annotations

import time

from attrs import frozen

from ..errors import RequestTimeoutError

__all__ = ["Deadline"]


@frozen
class Deadline:
    """The end of a request's time; attempts and the waits between them share it."""

    at: float
    """Value of `time.monotonic()` at which time is up."""

    seconds: float
    """The limit it was made from, for messages."""

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Make a deadline this many seconds from now."""
        return cls(time.monotonic() + seconds, seconds)

    def remaining(self) -> float:
        """Seconds left; negative when time is up."""
        return self.at - time.monotonic()

    def check(self, request: object) -> float:
        """Give the seconds left.

        Raises:
            RequestTimeoutError: Time is up.

        """
        left = self.remaining()
        if left <= 0:
            raise self.passed(request)
        return left

    def passed(self, request: object) -> RequestTimeoutError:
        """Make the error that says time is up."""
        return RequestTimeoutError(f"{request}: no complete answer within {self.seconds:g} s in all")
