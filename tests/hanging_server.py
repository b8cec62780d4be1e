"""A recording server that leaves requests without an answer until the test ends."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import numpy as np
from recording_server import RecordingServer, Reply, Request, detector

__all__ = ["LIMIT", "Hanging", "hanging", "number_of", "numbered_picture"]

LIMIT = 30.0
"""Seconds after which a request is let go even if the test does not."""


class Hanging:
    """Counts the requests that hang."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._let_go = threading.Event()
        self._some = threading.Condition()
        self._count = 0

    def hang(self) -> None:
        with self._some:
            self._count += 1
            self._some.notify_all()
        self._let_go.wait(LIMIT)

    def wait_for(self, count: int) -> None:
        """Wait until so many requests hang."""
        with self._some:
            assert self._some.wait_for(lambda: self._count >= count, LIMIT)

    def let_go(self) -> None:
        self._let_go.set()


def numbered_picture(number: int, height: int = 8, width: int = 8) -> np.ndarray[Any, Any]:
    """One colour that tells the pictures of a list or the frames of a video apart, also after JPEG; up to 40."""
    return np.full((height, width, 3), number * 6, np.uint8)


def number_of(request: Request) -> int:
    """Give the number of the picture that was sent."""
    return round(int(request.image()[0, 0, 0]) / 6)


@contextmanager
def hanging(server: RecordingServer, answered: int) -> Generator[Hanging]:
    """Answer about the pictures before number `answered`; let inference on the others hang while the block runs."""
    state = Hanging()

    def answer(request: Request) -> Reply:
        if request.path.startswith("/infer/") and number_of(request) >= answered:
            state.hang()
        return detector(request)

    server.answer = answer
    try:
        yield state
    finally:
        state.let_go()
