"""One annotated video file, written frame by frame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import EncodingError
from .messages import CommandError

if TYPE_CHECKING:
    import cv2

    from ..images import BGRPixels

__all__ = ["FRAMES_A_SECOND", "AnnotatedVideo", "frame_rate"]

FRAMES_A_SECOND = 25.0
"""Speed of an annotated video whose source does not tell its own."""


def frame_rate(video: str) -> float:
    """Give the frames a second a video file tells."""
    import cv2

    capture = cv2.VideoCapture(video)
    try:
        rate = capture.get(cv2.CAP_PROP_FPS)
    finally:
        capture.release()
    return rate if 0 < rate <= 1000 else FRAMES_A_SECOND


class AnnotatedVideo:
    """An MP4 file (MPEG-4) of the speed and size of its source; under another name until it is finished.

    Args:
        video: The source.
        file: The file to make.

    """

    def __init__(self, video: str, file: Path) -> None:
        self._video = video
        self._file = file
        self._part = file.with_name(f".{file.stem}.part{file.suffix}")
        self._writer: cv2.VideoWriter | None = None

    def write(self, pixels: BGRPixels) -> None:
        """Add a frame (uint8, (height, width, 3), BGR).

        Raises:
            EncodingError: The file cannot be written.

        """
        import cv2

        if self._writer is None:
            height, width = pixels.shape[:2]
            coding = cv2.VideoWriter.fourcc(*"mp4v")
            self._writer = cv2.VideoWriter(str(self._part), coding, frame_rate(self._video), (width, height))
            if not self._writer.isOpened():
                raise EncodingError(f"the annotated video {str(self._file)!r} cannot be written")
        self._writer.write(pixels)  # does nothing, silently, where it is not open; that was said at the first frame

    def finish(self, *, keep: bool) -> None:
        """Close the file and give it its name, or remove it.

        Raises:
            CommandError: The system does not take the name.

        """
        if self._writer is not None:
            self._writer.release()
        if not self._part.is_file():
            return
        try:
            if keep:
                self._part.replace(self._file)
            else:
                self._part.unlink()
        except OSError as error:
            raise CommandError(f"{str(self._file)!r} cannot be written: {error.strerror}") from error
