"""Where results go: any number of outputs, each of which knows what it holds already."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from ..errors import HTTPClientError
from .json_lines import JsonLinesOutput, StandardOutput
from .messages import WrongUsageError
from .records import Outcome, RunIdentity
from .sources import key_of

__all__ = ["Output", "Outputs", "check_outputs"]

_JSON_LINES = (".jsonl", ".ndjson")


class Output(Protocol):
    """One place results go to."""

    def has(self, image: str, frame: int | None) -> bool:
        """Tell whether an image (with `None`) or a frame of a video is there."""
        ...

    def has_frames_of(self, video: str) -> bool:
        """Tell whether any frame of a video is there."""
        ...

    def write(self, outcome: Outcome) -> None:
        """Take one result.

        Raises:
            HTTPClientError: This output cannot show it.
            CommandError: Nothing can be written any more.

        """
        ...

    def end_video(self, video: str, *, is_complete: bool) -> None:
        """Hear that no further frames of a video follow, and whether all were there."""
        ...

    def close(self) -> None:
        """Finish what is open."""
        ...


def check_outputs(files: Sequence[Path], annotate: Path | None) -> None:
    """Check what can be checked without opening anything.

    Raises:
        WrongUsageError: A file's ending is unknown, or a file is named twice.

    """
    for file in files:
        if file.suffix.lower() not in (*_JSON_LINES, ".csv"):
            raise WrongUsageError(f"--output {str(file)!r}: expected a name ending in .jsonl (JSON lines) or .csv")
        if not file.parent.is_dir():
            raise WrongUsageError(f"--output {str(file)!r}: there is no directory {str(file.parent)!r}")
    if len({key_of(str(file)) for file in files}) < len(files):
        raise WrongUsageError("--output: the same file is named twice")
    if annotate is not None and annotate.exists() and not annotate.is_dir():
        raise WrongUsageError(f"--annotate {str(annotate)!r}: expected a directory")


class Outputs:
    """All outputs of a run; standard output when none is named. An image is done when all of them hold it.

    Args:
        files: JSON lines or CSV, by their endings.
        annotate: Directory for annotated pictures.
        identity: What this run asks of the model.
        overwrite: Begin anew in all of them.

    Raises:
        WrongUsageError: One cannot be opened, or is of a run with another model or other settings.
        CommandError: Another run is writing to one.

    """

    def __init__(self, files: Sequence[Path], annotate: Path | None, identity: RunIdentity, *, overwrite: bool) -> None:
        check_outputs(files, annotate)
        self._outputs: list[Output] = []
        with ExitStack() as opened:
            for file in files:
                self._add(opened, _of_file(file, identity, overwrite=overwrite))
            if annotate is not None:
                from .annotated import AnnotatedOutput

                self._add(opened, AnnotatedOutput(annotate, identity, overwrite=overwrite))
            if not self._outputs:
                self._add(opened, StandardOutput(identity))
            self._opened = opened.pop_all()

    def _add(self, opened: ExitStack, output: Output) -> None:
        opened.callback(output.close)
        self._outputs.append(output)

    def has(self, image: str, frame: int | None = None) -> bool:
        """Tell whether all outputs hold an image or a frame."""
        return all(output.has(image, frame) for output in self._outputs)

    def has_frames_of(self, video: str) -> bool:
        """Tell whether all outputs hold frames of a video, so that some need not be done again."""
        return all(output.has_frames_of(video) for output in self._outputs)

    def write(self, outcome: Outcome) -> list[HTTPClientError]:
        """Hand a result to the outputs that do not have it; gives what went wrong in one of them."""
        problems: list[HTTPClientError] = []
        for output in self._outputs:
            try:
                if not output.has(outcome.image, outcome.frame):
                    output.write(outcome)
            except HTTPClientError as error:
                problems.append(error)
        return problems

    def end_video(self, video: str, *, is_complete: bool) -> None:
        """Tell the outputs that no further frames of a video follow."""
        for output in self._outputs:
            output.end_video(video, is_complete=is_complete)

    def close(self) -> None:
        """Close all."""
        self._opened.close()


def _of_file(file: Path, identity: RunIdentity, *, overwrite: bool) -> Output:
    if file.suffix.lower() in _JSON_LINES:
        return JsonLinesOutput(file, identity, overwrite=overwrite)
    from .csv_rows import CsvOutput

    return CsvOutput(file, identity, overwrite=overwrite)
