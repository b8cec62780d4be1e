"""Sources that go on whether anybody looks or not: cameras and stream URLs."""

from __future__ import annotations

import threading
from collections.abc import Generator
from typing import Self

from ..exit_in_order import end_with_program, has_ended
from .frames import Frame

__all__ = ["LiveFrames"]

_GOODBYE = 0.08
"""Seconds that leaving a stream waits for the frame that is being read."""


class LiveFrames:
    """The frames of a live source, read in a thread of their own.

    Nothing can interrupt the library that reads a frame, and a camera that stands still keeps it for half a minute. So
    whoever waits for a frame can be sent on without one; the thread then ends with the frame it is at, and closes the
    source.

    Args:
        frames: The source; opened when the first frame is asked for.
        drops: Whether to read the source as fast as it comes and drop the frames that nobody has taken when the next
            one comes. The frames keep their numbers, so that gaps show.

    """

    def __init__(self, frames: Generator[Frame], *, drops: bool) -> None:
        self._frames = frames
        self._drops = drops
        self._changed = threading.Condition()
        self._next: Frame | None = None
        self._error: BaseException | None = None
        self._is_over = False
        self._is_interrupted = False
        self._thread: threading.Thread | None = None

    def __iter__(self) -> Self:
        """Give the iterator itself."""
        return self

    def __next__(self) -> Frame:
        """Wait for a frame that was not taken yet.

        Raises:
            HTTPClientError: What the source raised, behind its last frame.

        """
        if self._thread is None and not self._is_interrupted:
            thread = threading.Thread(target=self._read_all, name="inference-ext-live", daemon=True)
            end_with_program(self)
            thread.start()  # not while the interpreter ends, from Python 3.12 on; so there is none to wait for then
            self._thread = thread
        with self._changed:
            self._changed.wait_for(lambda: self._next is not None or self._is_over or self._is_interrupted)
            frame, self._next = self._next, None
            self._changed.notify_all()
        if self._is_interrupted:
            raise StopIteration
        if frame is None and self._error is not None:
            raise self._error
        if frame is None:
            raise StopIteration
        return frame

    def count(self) -> None:
        """Nobody knows how many there will be."""

    def interrupt(self) -> None:
        """End the iteration, also for a thread that waits for a frame."""
        with self._changed:
            self._is_interrupted = True
            self._changed.notify_all()

    def close(self) -> None:
        """End the iteration; a source that does not stand still is closed then."""
        self.interrupt()
        if self._thread is not None:
            self._thread.join(_GOODBYE)

    def give_up(self) -> None:
        """End the iteration and wait until the source is closed: the program ends."""
        self.interrupt()
        if self._thread is not None:
            self._thread.join()

    def _read_all(self) -> None:
        try:
            for frame in self._frames:
                with self._changed:
                    if not self._drops:
                        self._changed.wait_for(lambda: self._next is None or self._is_interrupted)
                    if self._is_interrupted:
                        return
                    self._next = frame
                    self._changed.notify_all()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that takes
            self._error = error
        finally:
            self._frames.close()
            has_ended(self)
            with self._changed:
                self._is_over = True
                self._changed.notify_all()
