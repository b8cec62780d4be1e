"""Annotated pictures and videos in a directory, under the paths of their sources."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from ..errors import EncodingError
from ..results.drawing import draw_result
from .annotated_video import AnnotatedVideo
from .json_lines import RecordFile
from .messages import CommandError, WrongUsageError
from .records import Outcome, RunIdentity
from .sources import VIDEO_ENDINGS, is_url, key_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..images import BGRPixels

__all__ = ["LIST_NAME", "AnnotatedOutput", "place_for"]

LIST_NAME = "inference-ext.jsonl"
"""The file that lists what a run has put into the directory; no other file there is ever written to."""


class AnnotatedOutput:
    """A directory with one annotated file for each image or video, in the folders of the sources.

    `photos/a.jpg` becomes `DIRECTORY/photos/a.jpg`, `/data/a.jpg` becomes `DIRECTORY/data/a.jpg`. Where a file of that
    name is there that this command has not made, or made of another source, the name gets a few letters more.

    Raises:
        WrongUsageError: The directory cannot be made, or holds a run with another model or other settings.
        CommandError: Another run is writing to it.

    """

    def __init__(self, directory: Path, identity: RunIdentity, *, overwrite: bool) -> None:
        self._directory = directory
        self._identity = identity
        self._place_of: dict[str, str] = {}
        self._taken: set[str] = set()
        self._video: AnnotatedVideo | None = None
        try:
            directory.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WrongUsageError(f"--annotate: {str(directory)!r} cannot be made: {error.strerror}") from error
        if overwrite:
            self._begin_anew()
        self._records = RecordFile(directory / LIST_NAME, identity, overwrite=False, take=self._take)

    def has(self, image: str, frame: int | None) -> bool:  # noqa: ARG002 - of a video there are all frames or none
        """Tell whether the file of an image or of a frame's video is there."""
        place = self._place_of.get(key_of(image))
        return place is not None and (self._directory / place).is_file()

    def has_frames_of(self, video: str) -> bool:
        """Tell whether the file of a video is there."""
        return self.has(video, None)

    def write(self, outcome: Outcome) -> None:
        """Draw one result; nothing is written of what failed.

        Raises:
            HTTPClientError: The result cannot be drawn, or the picture not encoded.
            CommandError: The system does not take the file.

        """
        if outcome.frame is not None:
            self._write_frame(outcome, outcome.frame)
        elif outcome.result is not None and outcome.pixels is not None:
            drawn = draw_result(outcome.result, outcome.pixels)
            _write_picture(self._directory / self._choose(outcome.image), drawn)

    def end_video(self, video: str, *, is_complete: bool) -> None:  # noqa: ARG002 - one at a time
        """Finish a video's file; one of which frames are missing is not kept."""
        writing, self._video = self._video, None
        if writing is not None:
            writing.finish(keep=is_complete)

    def close(self) -> None:
        """Close the list, and give up a video that is not finished."""
        if self._video is not None:
            self._video.finish(keep=False)
        self._records.close()

    def _write_frame(self, outcome: Outcome, frame: int) -> None:
        if self._video is None and frame == 0:
            self._video = AnnotatedVideo(outcome.image, self._directory / self._choose(outcome.image))
        if self._video is not None and outcome.pixels is not None:
            # A frame without a result keeps its place; the file will not be kept.
            drawn = None if outcome.result is None else draw_result(outcome.result, outcome.pixels)
            self._video.write(outcome.pixels if drawn is None else drawn)

    def _choose(self, image: str) -> str:
        """Give the place of a source's file, list it, and make its folder.

        It is listed before it is written: whoever is killed in between leaves a place without a file, which is filled
        by the next run, and not a file that nobody knows.
        """
        key = key_of(image)
        if key not in self._place_of:
            place = place_for(image)
            if place in self._taken or (self._directory / place).exists():
                path = PurePosixPath(place)
                place = str(path.with_name(f"{path.stem}-{_letters_of(key)}{path.suffix}"))
            self._records.append(
                {
                    "image": image,
                    "model_id": self._identity.model_id,
                    "settings": dict(self._identity.settings),
                    "file": place,
                }
            )
            self._place_of[key] = place
            self._taken.add(place)
        place = self._place_of[key]
        folder = (self._directory / place).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CommandError(f"{str(folder)!r} cannot be made: {error.strerror}") from error
        return place

    def _take(self, record: Mapping[str, Any]) -> None:
        place = record.get("file")
        if isinstance(place, str) and _is_inside(place):
            self._place_of[key_of(record["image"])] = place
            self._taken.add(place)

    def _begin_anew(self) -> None:
        """Remove the files that are listed, and the list."""
        file = self._directory / LIST_NAME
        if not file.exists():
            return
        listed: list[str] = []

        def take(record: Mapping[str, Any]) -> None:
            listed.append(str(record.get("file")))

        RecordFile(file, _AnyRun("", {}), overwrite=False, take=take).close()
        for place in listed:
            if _is_inside(place) and (self._directory / place).is_file():
                (self._directory / place).unlink()
        file.unlink()


class _AnyRun(RunIdentity):
    def check(self, record: Mapping[str, Any], origin: str) -> None:
        """Take the lines of every run."""


def place_for(image: str) -> str:
    """Give the path under the directory for a source's annotated file, with `/` between folders."""
    if is_url(image):
        parts = urlsplit(image)
        folders = [part for part in unquote(parts.path).split("/") if part not in ("", ".", "..")]
        path = PurePosixPath((parts.hostname or "").replace(":", "_"), *(folders or ["image"]))
        if parts.query:
            path = path.with_name(f"{path.stem}-{_letters_of(image)}{path.suffix}")
    else:
        given = Path(image)
        inside = not given.is_absolute() and ".." not in given.parts
        absolute = Path(key_of(image))
        path = PurePosixPath((given if inside else absolute.relative_to(absolute.anchor)).as_posix())
    ending = path.suffix.lower()
    if not is_url(image) and ending in VIDEO_ENDINGS:
        return str(path if ending == ".mp4" else path.with_name(path.name + ".mp4"))
    return str(path if _can_be_written(ending) else path.with_name(path.name + ".png"))


def _is_inside(place: str) -> bool:
    """Whether a place that was read from a list is one that we could have written there."""
    return not Path(place).is_absolute() and ".." not in Path(place).parts


def _can_be_written(ending: str) -> bool:
    import cv2

    # A GIF has too few colours, and a PBM, PGM or PFM file is not one of colours.
    return ending not in ("", ".gif", ".pbm", ".pgm", ".pfm") and cv2.haveImageWriter(f"image{ending}")


def _letters_of(key: str) -> str:
    return sha256(key.encode(errors="surrogateescape")).hexdigest()[:8]


def _write_picture(file: Path, pixels: BGRPixels) -> None:
    import cv2

    part = file.with_name(f".{file.name}.part")
    try:
        encoded, content = cv2.imencode(file.suffix, pixels)
        if not encoded:
            raise EncodingError(f"the annotated picture {str(file)!r} cannot be encoded as {file.suffix}")
        part.write_bytes(content.tobytes())
        part.replace(file)
    except cv2.error as error:
        raise EncodingError(f"the annotated picture {str(file)!r} cannot be encoded: {error}") from error
    except OSError as error:
        raise CommandError(f"{str(file)!r} cannot be written: {error.strerror}") from error
