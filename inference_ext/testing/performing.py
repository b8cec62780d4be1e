"""How the faults without an answer are performed: in process, and behind a socket."""

from __future__ import annotations

import threading
from typing import Protocol

from ..errors import HTTPServerConnectionError, RequestTimeoutError
from .recorded_request import RecordedRequest

__all__ = ["BehindSocket", "InProcess", "Stage"]

_LONGEST_HOLD = 600.0


class Stage(Protocol):
    """Where the application runs."""

    def wait(self, seconds: float) -> None:
        """Let time pass, until the end at most."""
        ...

    def timed_out(self, request: RecordedRequest) -> Exception:
        """Give what to raise for an answer that does not come in time."""
        ...

    def dropped(self, request: RecordedRequest) -> Exception:
        """Give what to raise for a connection that ends without an answer."""
        ...

    def end(self) -> None:
        """Let everybody go who waits."""
        ...


class InProcess:
    """The client calls the application itself: what it raises goes the way of the connections' own errors.

    The words are those of the connections, so that messages and retries are the same.
    """

    def __init__(self) -> None:
        self._is_over = threading.Event()

    def wait(self, seconds: float) -> None:
        """Let time pass; a time limit of the client is not noticed."""
        self._is_over.wait(seconds)

    def timed_out(self, request: RecordedRequest) -> Exception:
        """Give at once what the client raises at the end of its patience."""
        return RequestTimeoutError(f"{request.method} {request.path}: the server stood still for request_timeout")

    def dropped(self, request: RecordedRequest) -> Exception:
        """Give what the client raises when the connection ends."""
        return HTTPServerConnectionError(
            f"{request.method} {request.path}: no complete answer: the server closed the connection without an answer"
        )

    def end(self) -> None:
        """Let everybody go who waits."""
        self._is_over.set()


class BehindSocket:
    """A server calls the application: an error of the system makes it close the socket without an answer."""

    def __init__(self) -> None:
        self._is_over = threading.Event()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._is_over.wait(seconds)

    def timed_out(self, request: RecordedRequest) -> Exception:
        """Stand still until the server is shut down; the client gives up before."""
        self._is_over.wait(_LONGEST_HOLD)
        return ConnectionAbortedError(f"{request.method} {request.path} was held up by a script")

    def dropped(self, request: RecordedRequest) -> Exception:
        """Give what makes the server close the socket."""
        return ConnectionAbortedError(f"{request.method} {request.path} was dropped by a script")

    def end(self) -> None:
        """Let everybody go who waits."""
        self._is_over.set()
