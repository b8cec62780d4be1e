"""When the server was away: the errors of calls at such times are expected, all others are findings."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

__all__ = ["Outage", "Outages"]


@dataclass
class Outage:
    """One fault, from just before it to when the server answered again; times of `time.monotonic()`."""

    kind: str
    begun: float
    ended: float | None = None


class Outages:
    """All outages of a run, for any thread.

    Args:
        grace: Seconds after an outage in which its errors may still come: the server loads its models and works through
            what was sent meanwhile.
        clock: Gives the time.

    """

    def __init__(self, grace: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._grace = grace
        self._clock = clock
        self._lock = threading.Lock()
        self._outages: list[Outage] = []

    @contextmanager
    def outage(self, kind: str) -> Generator[None]:
        """Have the server away while the block runs."""
        outage = Outage(kind, self._clock())
        with self._lock:
            self._outages.append(outage)
        yield
        outage.ended = self._clock()

    def explain(self, begun: float, ended: float) -> bool:
        """Tell whether the server was away, or had just come back, at any time between these two."""
        return any(
            outage.begun <= ended and (outage.ended is None or begun <= outage.ended + self._grace)
            for outage in self.all()
        )

    def all(self) -> list[Outage]:
        """Give the outages so far, in their order."""
        with self._lock:
            return [*self._outages]
