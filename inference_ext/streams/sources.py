"""What a stream may come from, opened when the first frame is asked for and closed with the iterator."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from functools import cached_property
from numbers import Integral
from pathlib import Path
from typing import Literal, Protocol, TypeAlias, cast

from ..errors import InvalidInputFormatError
from .frames import Frame, files_in_order, files_of_directory, frames_of_video, number_of_frames
from .live import LiveFrames

__all__ = ["FrameSource", "StreamInput", "open_frames"]

StreamInput: TypeAlias = str | os.PathLike[str] | int | Sequence[str | os.PathLike[str]]
"""A directory, a video file, a stream URL (rtsp, http, ...), the number of a camera, or a sequence of image files."""


class FrameSource(Protocol):
    """Frames that are read one by one, in one thread at a time."""

    def __iter__(self) -> Iterator[Frame]:
        """Give the iterator itself."""
        ...

    def __next__(self) -> Frame:
        """Give the next frame."""
        ...

    def count(self) -> int | None:
        """Give the number of all frames, `None` when nobody knows. May take long; asked once the first one is there."""
        ...

    def interrupt(self) -> None:
        """Send on whoever waits for a frame, from any thread; there are no further ones."""
        ...

    def close(self) -> None:
        """Let go of the source. Nobody reads it any more."""
        ...


class _StoredFrames:
    """Frames of files, which are there when they are asked for: nobody waits."""

    def __init__(self, frames: Generator[Frame], count: Callable[[], int | None]) -> None:
        self._frames = frames
        self.count = count

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
    """Iterate over images (of a directory, sorted by name, or in the order given) or a video's frames.

    Args:
        source: A directory, a video file, a stream URL, a camera number, or a sequence of image files.
        extensions: File name extensions to take from a directory, with or without a dot, as they are spelled.
        filling: What a live source (a stream URL or a camera) does while nobody takes its frames.
        most_pixels: Refuse larger images of a directory or a sequence.

    Raises:
        InvalidInputFormatError: There is no such file, directory or camera, it cannot be opened as a video, or an
            element of a sequence is no path. That a file of a sequence cannot be read, its frame says in its turn.

    """
    if isinstance(source, Integral):
        return _live(int(source), filling)
    if isinstance(source, Sequence) and not isinstance(source, str | bytes | bytearray | memoryview):
        paths = _checked_paths(source)
        return _StoredFrames(files_in_order(paths, most_pixels), lambda: len(paths))
    if not isinstance(source, str | os.PathLike):
        raise InvalidInputFormatError(
            f"stream of type {type(source).__name__}: expected a directory, a video file, a stream URL, a camera or a "
            "sequence of image files"
        )
    name = os.fspath(source)
    if "://" in name and not name.startswith("file://"):
        return _live(name, filling)
    path = Path(source)
    if path.is_dir():
        listing = _Listing(path, extensions)
        return _StoredFrames(files_in_order(listing, most_pixels), lambda: len(listing.files))
    if "://" not in name and not path.exists():
        raise InvalidInputFormatError(f"stream {name!r}: no such file or directory")
    return _StoredFrames(frames_of_video(name), lambda: number_of_frames(name))


class _Listing:
    """The images of a directory, listed once, when the first is asked for."""

    def __init__(self, directory: Path, extensions: Sequence[str]) -> None:
        self._directory = directory
        self._extensions = extensions

    @cached_property
    def files(self) -> list[Path]:
        return files_of_directory(self._directory, self._extensions)

    def __iter__(self) -> Iterator[Path]:
        return iter(self.files)


def _checked_paths(paths: Sequence[object]) -> list[Path]:
    checked: list[Path] = []
    for index, path in enumerate(paths):
        if not isinstance(path, str | os.PathLike):
            raise InvalidInputFormatError(
                f"stream element {index} of type {type(path).__name__}: expected the path of an image file; for images "
                "in memory use infer with a list"
            )
        name: object = os.fspath(cast("str | os.PathLike[str]", path))
        if not isinstance(name, str) or "://" in name:
            raise InvalidInputFormatError(
                f"stream element {index}: expected the path of an image file as text; for image URLs use infer with a "
                "list"
            )
        checked.append(Path(name))
    return checked


def _live(source: str | int, filling: Literal["wait", "drop_oldest"]) -> FrameSource:
    return LiveFrames(frames_of_video(source), drops=filling == "drop_oldest")
