"""Results as JSON lines, in a file that can be gone on with, or on standard output."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeGuard

from ..json_types import is_object
from .messages import WrongUsageError
from .records import Done, Outcome, RunIdentity
from .resumable_file import ResumableFile
from .standard_output import as_json, write_data

__all__ = ["JsonLinesOutput", "RecordFile", "StandardOutput"]

_BEGINNING = b'{"image": '


class RecordFile:
    """Lines about images, each `{"image": ..., "model_id": ..., "settings": ..., ...}`.

    Every line says itself which run it is of, so that the file needs no head and no file beside it. Lines with an
    error and a last line that was cut short are taken out when the file is opened: these images are done again.

    Args:
        path: The file.
        identity: What this run asks of the model.
        overwrite: Begin anew.
        take: Told every line that stays.

    Raises:
        WrongUsageError: The file is something else, or of a run with another model or other settings.
        CommandError: Another run is writing to it.

    """

    def __init__(
        self,
        path: Path,
        identity: RunIdentity,
        *,
        overwrite: bool,
        take: Callable[[Mapping[str, Any]], None] = lambda _: None,
    ) -> None:
        self.done: Done = Done()
        self._path = path
        self._identity = identity
        self._take = take
        self._file = ResumableFile(path, overwrite=overwrite, find_unfinished=self._find_unfinished)

    def append(self, record: Mapping[str, Any]) -> None:
        """Write one line and hand it on."""
        self._file.append(as_json(record).encode() + b"\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _find_unfinished(self, lines: Iterable[bytes]) -> set[int]:
        unfinished: set[int] = set()
        for number, line in enumerate(lines):
            if _is_cut_short(line):
                unfinished.add(number)
                continue
            record = self._read(line, number)
            place = record["image"], record.get("frame")
            if "error" in record or place in self.done:
                unfinished.add(number)
            else:
                self.done.add(*place)
                self._take(record)
        return unfinished

    def _read(self, line: bytes, number: int) -> dict[str, Any]:
        origin = f"line {number + 1} of {str(self._path)!r}"
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            record = None
        if not (line.endswith(b"\n") and _is_ours(record)):
            raise WrongUsageError(
                f"{origin} is not a line of this command: choose another output, or --overwrite the file"
            )
        self._identity.check(record, origin)
        return record


def _is_cut_short(line: bytes) -> bool:
    # The end of a foreign file that lacks its last line break is not ours to take out.
    return not line.endswith(b"\n") and (line.startswith(_BEGINNING) or _BEGINNING.startswith(line))


def _is_ours(record: object) -> TypeGuard[dict[str, Any]]:
    return (
        is_object(record)
        and isinstance(record.get("image"), str)
        and isinstance(record.get("frame"), int | None)
        and {"model_id", "settings"} <= record.keys()
    )


class JsonLinesOutput:
    """A file with one line for each image or frame, in the order of the sources.

    What a later run does again stands behind what was there.
    """

    def __init__(self, path: Path, identity: RunIdentity, *, overwrite: bool) -> None:
        self._identity = identity
        self._records = RecordFile(path, identity, overwrite=overwrite)

    def has(self, image: str, frame: int | None) -> bool:
        """Tell whether an image or a frame is there."""
        return (image, frame) in self._records.done

    def has_frames_of(self, video: str) -> bool:
        """Tell whether any frame of a video is there."""
        return self._records.done.has_frames_of(video)

    def write(self, outcome: Outcome) -> None:
        """Write one line."""
        self._records.append(outcome.record(self._identity))

    def end_video(self, video: str, *, is_complete: bool) -> None:
        """Do nothing: every frame stands for itself."""

    def close(self) -> None:
        """Close the file."""
        self._records.close()


class StandardOutput:
    """The same lines on standard output; there is nothing to go on with."""

    def __init__(self, identity: RunIdentity) -> None:
        self._identity = identity

    def has(self, image: str, frame: int | None) -> bool:  # noqa: ARG002 - as the other outputs
        """Tell that an image or a frame is not there."""
        return False

    def has_frames_of(self, video: str) -> bool:  # noqa: ARG002 - as the other outputs
        """Tell that no frame of a video is there."""
        return False

    def write(self, outcome: Outcome) -> None:
        """Write one line.

        Raises:
            BrokenPipeError: Nobody reads it any more.

        """
        write_data(as_json(outcome.record(self._identity)) + "\n")

    def end_video(self, video: str, *, is_complete: bool) -> None:
        """Do nothing: every frame stands for itself."""

    def close(self) -> None:
        """Do nothing."""
