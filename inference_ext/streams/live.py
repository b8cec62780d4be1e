"""Sources that go on whether anybody looks or not."""

from __future__ import annotations

import threading
from collections.abc import Generator

from ..exit_in_order import end_with_program, has_ended
from .frames import Frame

__all__ = ["newest_frames"]


def newest_frames(frames: Generator[Frame]) -> Generator[Frame]:
    """Read a source as fast as it comes, and give the newest frame when one is asked for; older ones are dropped.

    The frames keep their numbers, so that gaps show. Leaving the iteration waits for the frame that is being read.

    Raises:
        HTTPClientError: What the source raises, behind its last frame.

    """
    reader = _Reader(frames)
    reader.start()
    try:
        while (frame := reader.take()) is not None:
            yield frame
    finally:
        reader.give_up()
        has_ended(reader)
        frames.close()


class _Reader:
    """One frame at most between the thread that reads and whoever takes."""

    def __init__(self, frames: Generator[Frame]) -> None:
        self._frames = frames
        self._changed = threading.Condition()
        self._newest: Frame | None = None
        self._error: BaseException | None = None
        self._is_over = False
        self._is_given_up = False
        self._thread = threading.Thread(target=self._read_all, name="inference-ext-live", daemon=True)

    def start(self) -> None:
        end_with_program(self)
        self._thread.start()

    def take(self) -> Frame | None:
        """Wait for a frame that was not taken yet; `None` when the source has ended."""
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None or self._is_over)
            frame, self._newest = self._newest, None
        if frame is None and self._error is not None:
            raise self._error
        return frame

    def give_up(self) -> None:
        """Stop with the frame that is being read."""
        with self._changed:
            self._is_given_up = True
        self._thread.join()

    def _read_all(self) -> None:
        try:
            for frame in self._frames:
                with self._changed:
                    if self._is_given_up:
                        return
                    self._newest = frame
                    self._changed.notify()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that takes
            self._error = error
        finally:
            with self._changed:
                self._is_over = True
                self._changed.notify()
