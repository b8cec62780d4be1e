"""The frames of a stream: what is sent, and what the consumer gets to see."""

from __future__ import annotations

import os
import threading
from collections.abc import Generator, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from ..errors import InvalidInputFormatError
from ..images import BGRPixels, EncodedSource, load_pixels, read_image_file

if TYPE_CHECKING:
    import numpy as np
else:
    from ..deferred_numpy import np

__all__ = ["Frame", "files_in_order", "files_of_directory", "frames_of_video", "number_of_frames"]


class Frame(Protocol):
    """One image of a stream."""

    @property
    def reference(self) -> str | int:
        """The file's path, or the frame's number from 0."""
        ...

    @property
    def is_encoded(self) -> bool:
        """Whether `pixels` has to decode them first."""
        ...

    def source(self) -> Any:
        """Give the image to send; may take long.

        Raises:
            InvalidInputFormatError: A file cannot be read.

        """
        ...

    def pixels(self) -> BGRPixels:
        """Give the image for the consumer; may take long. From any thread.

        Raises:
            InvalidInputFormatError: The file cannot be decoded.

        """
        ...


class _File:
    """An image file, read once: its own bytes are sent, and decoded for the consumer."""

    is_encoded = True

    def __init__(self, path: Path, most_pixels: int) -> None:
        self.reference = str(path)
        self._most_pixels = most_pixels
        self._reading = threading.Lock()
        self._content: EncodedSource | None = None

    def source(self) -> EncodedSource:
        with self._reading:
            if self._content is None:
                self._content = read_image_file(self.reference)
            return self._content

    def pixels(self) -> BGRPixels:
        return load_pixels(self.source(), most_pixels=self._most_pixels)


class _VideoFrame:
    is_encoded = False

    def __init__(self, number: int, pixels: BGRPixels) -> None:
        self.reference = number
        self._pixels = pixels

    def source(self) -> BGRPixels:
        return self._pixels

    def pixels(self) -> BGRPixels:
        return self._pixels


def files_of_directory(directory: Path, extensions: Sequence[str]) -> list[Path]:
    """List the files of a directory, sorted by name, that have one of the extensions.

    Raises:
        InvalidInputFormatError: The directory cannot be read.

    """
    wanted = {extension.lstrip(".") for extension in extensions}
    try:
        return sorted(entry for entry in directory.iterdir() if entry.suffix[1:] in wanted and entry.is_file())
    except OSError as error:
        raise InvalidInputFormatError(f"directory {str(directory)!r} cannot be read: {error.strerror}") from error


def files_in_order(files: Iterable[Path], most_pixels: int) -> Generator[Frame]:
    """Iterate over image files; each is read when its turn comes."""
    for file in files:
        yield _File(file, most_pixels)


def number_of_frames(source: str) -> int | None:
    """Give the number of frames that a video file says it has; some say too many or none (`None`)."""
    import cv2

    capture = cv2.VideoCapture(source)
    try:
        return max(0, round(capture.get(cv2.CAP_PROP_FRAME_COUNT))) or None
    finally:
        capture.release()


def frames_of_video(source: str | int) -> Generator[Frame]:
    """Iterate over the frames of a video file, a stream URL or a camera.

    Raises:
        InvalidInputFormatError: It cannot be opened.

    """
    import cv2

    capture = cv2.VideoCapture(source)
    try:
        if not capture.isOpened():
            raise InvalidInputFormatError(f"{_shown(source)} cannot be opened as a video")
        number = 0
        room: BGRPixels | None = None
        while True:
            available, pixels = capture.read(room)
            if not available:
                return
            # What is not in memory of ours, a back end may fill again with the next frame.
            image = room if room is not None and pixels is room else np.array(pixels, dtype=np.uint8)
            room = np.empty_like(image)
            yield _VideoFrame(number, image)
            number += 1
    finally:
        capture.release()


def _shown(source: str | int) -> str:
    """Name a source without the password a camera's URL may hold."""
    if isinstance(source, int):
        return f"camera {source}"
    if "://" not in source:
        return f"stream {os.fspath(source)!r}"
    parts = urlsplit(source)
    address = f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
    return f"stream {address!r}"
