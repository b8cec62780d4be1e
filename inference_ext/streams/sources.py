"""What a stream may come from, opened when the first frame is asked for and closed with the iterator."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from numbers import Integral
from pathlib import Path
from typing import Literal, TypeAlias

from ..errors import InvalidInputFormatError
from .frames import Frame, files_of_directory, frames_of_video
from .live import newest_frames

__all__ = ["StreamInput", "open_frames"]

StreamInput: TypeAlias = str | os.PathLike[str] | int
"""A directory, a video file, a stream URL (rtsp, http, ...), or the number of a camera."""


def open_frames(
    source: StreamInput, extensions: Sequence[str], filling: Literal["wait", "drop_oldest"], most_pixels: int
) -> Generator[Frame]:
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
        return files_of_directory(path, extensions, most_pixels)
    if "://" not in name and not path.exists():
        raise InvalidInputFormatError(f"stream {name!r}: no such file or directory")
    return frames_of_video(name)


def _live(source: str | int, filling: Literal["wait", "drop_oldest"]) -> Generator[Frame]:
    frames = frames_of_video(source)
    return newest_frames(frames) if filling == "drop_oldest" else frames
