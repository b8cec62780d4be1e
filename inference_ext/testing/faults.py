"""What can go wrong with a request, as small frozen values that are checked when they are made.

| fault | what the client raises |
|---|---|
| `ErrorStatus(503, "loading")` | `HTTPCallErrorError` with that `status_code` and `api_message` |
| `TimedOut()` | `RequestTimeoutError` |
| `DroppedConnection()` | `HTTPServerConnectionError` |
| `NotJSON()` | `InvalidResponseError` |
| `SlowAnswer(0.5)` | nothing: the answer comes half a second later |
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from ..errors import InvalidParameterError
from ..execution.retry import RETRIED_STATUSES

__all__ = [
    "LONGEST_DELAY",
    "DroppedConnection",
    "ErrorStatus",
    "Fault",
    "NotJSON",
    "SlowAnswer",
    "TimedOut",
    "checked_fault",
]

LONGEST_DELAY = 10.0
"""Seconds that a slow answer takes at most."""


@dataclass(frozen=True)
class ErrorStatus:
    """The server answers with an error status.

        >>> ErrorStatus(429, "slow down", retry_after=30)
        ErrorStatus(status=429, message='slow down', retry_after=30, body=None)

    Raises:
        InvalidParameterError: A value is not acceptable.

    """

    status: int
    """400 to 599."""

    message: str | None = None
    """The server's words; they arrive as `api_message`."""

    retry_after: float | None = 0
    """Seconds in the header `Retry-After`. With the default the client repeats at once what it repeats (408, 429,
    502, 503, 504), so that no time is lost in tests; other statuses get the header only when it is more than 0. `None`
    leaves it out: the client waits a random time of up to 0.25 s, then up to 0.5 s."""

    body: Mapping[str, Any] | None = None
    """The whole JSON body instead of `{"message": message}`, such as a workflow error as it was recorded."""

    def __post_init__(self) -> None:
        """Check the values."""
        if not isinstance(self.status, int) or not 400 <= self.status <= 599:
            raise InvalidParameterError(
                f"ErrorStatus: expected an error status from 400 to 599, got {self.status!r}; "
                "what is no error is scripted with answers_with"
            )
        if self.message is not None and not isinstance(self.message, str):
            raise InvalidParameterError(f"ErrorStatus: message has to be text, got {type(self.message).__name__}")
        if self.retry_after is not None and not _is_seconds(self.retry_after):
            raise InvalidParameterError(
                f"ErrorStatus: retry_after has to be seconds of at least 0, or None, got {self.retry_after!r}"
            )
        if self.body is not None:
            if self.message is not None:
                raise InvalidParameterError("ErrorStatus: pass either message or body, which holds the message itself")
            if not isinstance(self.body, Mapping):
                raise InvalidParameterError(f"ErrorStatus: body has to be a dictionary, got {type(self.body).__name__}")
            self.content()

    def content(self) -> bytes:
        """Give the JSON body.

        Raises:
            InvalidParameterError: `body` has no JSON form.

        """
        told: dict[str, Any] = {} if self.message is None else {"message": self.message}
        try:
            return json.dumps(told if self.body is None else dict(self.body), allow_nan=False).encode()
        except (TypeError, ValueError) as error:
            raise InvalidParameterError(f"ErrorStatus: body has no JSON form: {error}") from error

    def headers(self) -> list[tuple[str, str]]:
        """Give the `Retry-After` header, if there is one."""
        wait = self.retry_after
        if wait is None or (wait == 0 and self.status not in RETRIED_STATUSES):
            return []
        return [("Retry-After", f"{wait:g}")]


@dataclass(frozen=True)
class TimedOut:
    """No answer comes before the client's `request_timeout` is over.

    In process (`embedded_client`) nobody waits: the client raises at once what it would raise then. Over HTTP
    (`embedded_server`) the connection stands still until the client gives up, so give it a short `request_timeout`.
    """


@dataclass(frozen=True)
class DroppedConnection:
    """The connection ends without an answer. Over HTTP the socket is really closed.

    The client repeats such requests after a random time of up to 0.25 s, then up to 0.5 s.
    """


@dataclass(frozen=True)
class NotJSON:
    """The answer is a page with status 200, as from a proxy in front of the server.

    Raises:
        InvalidParameterError: `content` is JSON.

    """

    content: str = "<html><body>Welcome</body></html>"
    """The body."""

    def __post_init__(self) -> None:
        """Check that it is what it is called."""
        if not isinstance(self.content, str):
            raise InvalidParameterError(f"NotJSON: content has to be text, got {type(self.content).__name__}")
        try:
            json.loads(self.content)
        except ValueError:
            return
        raise InvalidParameterError(f"NotJSON: {self.content[:60]!r} is JSON; script it as an answer")


@dataclass(frozen=True)
class SlowAnswer:
    """The answer comes later, and is what it would be without this fault.

    In process there is no limit on time: no `request_timeout` is noticed there, `TimedOut` stands for it.

    Raises:
        InvalidParameterError: `seconds` is out of range.

    """

    seconds: float
    """How much later: more than 0, at most 10. The end of the `with` block or the test ends it."""

    def __post_init__(self) -> None:
        """Check the range."""
        if not _is_seconds(self.seconds) or not 0 < self.seconds <= LONGEST_DELAY:
            raise InvalidParameterError(
                f"SlowAnswer: seconds has to be more than 0 and at most {LONGEST_DELAY:g}, got {self.seconds!r}"
            )


Fault: TypeAlias = ErrorStatus | TimedOut | DroppedConnection | NotJSON | SlowAnswer
"""Anything `inject` takes."""


def checked_fault(fault: object) -> Fault:
    """Give a fault back.

    Raises:
        InvalidParameterError: It is something else, such as the class instead of an object of it.

    """
    if isinstance(fault, Fault):
        return fault
    names = "ErrorStatus(...), TimedOut(), DroppedConnection(), NotJSON() or SlowAnswer(...)"
    given = f"the class {fault.__name__}" if isinstance(fault, type) else type(fault).__name__
    raise InvalidParameterError(f"inject: expected {names}, got {given}")


def _is_seconds(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and value >= 0
