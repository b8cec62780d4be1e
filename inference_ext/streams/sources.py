"""What a stream may come from, opened when the first frame is asked for and closed with the iterator."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from numbers import Integral
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

from ..errors import InvalidInputFormatError
from .frames import Frame, files_of_directory, frames_of_video
from .live import LiveFrames

__all__ = ["FrameSource", "StreamInput", "open_frames"]

StreamInput: TypeAlias = str | os.PathLike[str] | int
"""A directory, a video file, a stream URL (rtsp, http, ...), or the number of a camera."""


class FrameSource(Protocol):
    """Frames that are read one by one, in one thread at a time."""

    def __iter__(self) -> Iterator[Frame]:
        """Give the iterator itself."""
        ...

    def __next__(self) -> Frame:
        """Give the next frame."""
        ...

    def interrupt(self) -> None:
        """Send on whoever waits for a frame, from any thread; there are no further ones."""
        ...

    def close(self) -> None:
        """Let go of the source. Nobody reads it any more."""
        ...


class _StoredFrames:
    """Frames of files, which are there when they are asked for: nobody waits."""

    def __init__(self, frames: Generator[Frame]) -> None:
        self._frames = frames

    def __iter__(self) -> Iterator[Frame]:
        return self

    def __next__(self) -> Frame:
        return next(self._frames)

    def interrupt(self) -> None:
        pass

    def close(self) -> None:
        self._frames.close()


def open_frames(
    source: StreamInput, extensions: Sequence[str], filling: Literal["wait", "drop_oldest"], most_pixels: int
) -> FrameSource:
    """Iterate over a directory's images (sorted by name) or a video's frames.

    Args:
        source: A directory, a video file, a stream URL or a camera number.
        extensions: File name extensions to take from a directory, with or without a dot, as they are spelled.
        filling: What a live source (a stream URL or a camera) does while nobody takes its frames.
        most_pixels: Refuse larger images of a directory.

    Raises:
        InvalidInputFormatError: There is no such file, directory or camera, or it cannot be opened as a video.

    """
    if isinstance(source, Integral):
        return _live(int(source), filling)
    if not isinstance(source, str | os.PathLike):
        raise InvalidInputFormatError(
            f"stream of type {type(source).__name__}: expected a directory, a video file, a stream URL or a camera"
        )
    name = os.fspath(source)
    if "://" in name and not name.startswith("file://"):
        return _live(name, filling)
    path = Path(source)
    if path.is_dir():
        return _StoredFrames(files_of_directory(path, extensions, most_pixels))
    if "://" not in name and not path.exists():
        raise InvalidInputFormatError(f"stream {name!r}: no such file or directory")
    return _StoredFrames(frames_of_video(name))


def _live(source: str | int, filling: Literal["wait", "drop_oldest"]) -> FrameSource:
    return LiveFrames(frames_of_video(source), drops=filling == "drop_oldest")
