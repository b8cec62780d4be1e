"""The frames of a stream, opened when the first one is asked for and closed with the iterator."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlsplit

from attrs import define

from ..errors import InvalidInputFormatError
from ..images import load_pixels

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
else:
    from ..deferred_numpy import np

__all__ = ["Frame", "StreamInput", "open_frames"]

StreamInput: TypeAlias = str | os.PathLike[str] | int
"""A directory, a video file, a stream URL (rtsp, http, ...), or the number of a camera."""


@define
class Frame:
    """One image of a stream."""

    reference: str | int
    """The file's path, or the frame's number from 0."""

    sent: Any
    """What is sent: a file's path (its own bytes travel) or the pixels of a video frame."""

    pixels: npt.NDArray[np.uint8] | None = None
    """uint8, (height, width, 3), BGR; of a file only after `load`."""

    def load(self) -> None:
        """Decode a file for the consumer; may take long.

        Raises:
            InvalidInputFormatError: The file is not an image.

        """
        if self.pixels is None:
            self.pixels = load_pixels(self.sent)


def open_frames(source: StreamInput, extensions: Sequence[str]) -> Generator[Frame]:
    """Iterate over a directory's images (sorted by name) or a video's frames.

    Args:
        source: A directory, a video file, a stream URL or a camera number.
        extensions: File name extensions to take from a directory, with or without a dot, as they are spelled.

    Raises:
        InvalidInputFormatError: There is no such file, directory or camera, or it cannot be opened as a video.

    """
    if isinstance(source, Integral):
        return _video_frames(int(source))
    if not isinstance(source, str | os.PathLike):
        raise InvalidInputFormatError(
            f"stream of type {type(source).__name__}: expected a directory, a video file, a stream URL or a camera"
        )
    path = Path(source)
    if path.is_dir():
        return _directory_frames(path, extensions)
    if "://" not in os.fspath(source) and not path.exists():
        raise InvalidInputFormatError(f"stream {os.fspath(source)!r}: no such file or directory")
    return _video_frames(os.fspath(source))


def _directory_frames(directory: Path, extensions: Sequence[str]) -> Generator[Frame]:
    wanted = {extension.lstrip(".") for extension in extensions}
    files = sorted(entry for entry in directory.iterdir() if entry.suffix[1:] in wanted and entry.is_file())
    for file in files:
        yield Frame(reference=str(file), sent=file)


def _video_frames(source: str | int) -> Generator[Frame]:
    import cv2

    capture = cv2.VideoCapture(source)
    try:
        if not capture.isOpened():
            raise InvalidInputFormatError(f"{_shown(source)} cannot be opened as a video")
        number = 0
        while True:
            available, pixels = capture.read()
            if not available:
                return
            # A copy: some capture back ends fill the same buffer again for the next frame.
            image = np.array(pixels, dtype=np.uint8)
            yield Frame(reference=number, sent=image, pixels=image)
            number += 1
    finally:
        capture.release()


def _shown(source: str | int) -> str:
    """Name a source without the password a camera's URL may hold."""
    if isinstance(source, int):
        return f"camera {source}"
    if "://" not in source:
        return f"stream {source!r}"
    parts = urlsplit(source)
    address = f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
    return f"stream {address!r}"
