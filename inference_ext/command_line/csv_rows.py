"""Results as CSV, one row for each prediction, in a file that can be gone on with.

The columns are `image`, `frame` (of a video, from 0), those of the task (see `inference_ext.results.table`), and:

| column | content |
|---|---|
| `error` | what went wrong with the image |
| `row`, `rows` | number of the row among those of its image, from 1, and how many these are; 0 and 0 for none |
| `model_id`, `settings` | what was asked; `settings` is JSON text |
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

from ..errors import InvalidParameterError
from ..results.csv_table import csv_text, encode_csv
from ..results.table import TableTask, table_columns, table_rows, table_task
from .messages import WrongUsageError
from .records import Done, Outcome, RunIdentity
from .resumable_file import ResumableFile
from .standard_output import as_json

__all__ = ["CsvOutput"]

_BEFORE = ("image", "frame")
_BEHIND = ("error", "row", "rows", "model_id", "settings")
_BEGINNING = b"image,frame,"
_LONGEST_FIELD = 2**31 - 1


class _Row(NamedTuple):
    place: tuple[str, int | None]
    has_failed: bool
    number: int
    rows: int


class CsvOutput:
    """A CSV file in the order of the sources; see the module.

    The rows of an image that failed, and those of one that are not all there, are taken out when the file is opened.
    """

    def __init__(self, path: Path, identity: RunIdentity, *, overwrite: bool) -> None:
        self._path = path
        self._identity = identity
        self._settings = as_json(dict(identity.settings))
        self._columns: Sequence[str] = ()
        self._done = Done()
        self._file = ResumableFile(path, overwrite=overwrite, find_unfinished=self._find_unfinished)

    def has(self, image: str, frame: int | None) -> bool:
        """Tell whether an image or a frame is there."""
        return (_written(image), frame) in self._done

    def has_frames_of(self, video: str) -> bool:
        """Tell whether any frame of a video is there."""
        return self._done.has_frames_of(_written(video))

    def write(self, outcome: Outcome) -> None:
        """Write the rows of one image.

        Raises:
            InvalidParameterError: The result is of another task than those before.
            InvalidResponseError: A value in the result is not of its column's kind.
            EncodingError: A semantic mask is not an image.

        """
        found = [] if outcome.result is None else table_rows(outcome.result)
        head = b"" if self._columns else self._choose_columns(outcome)
        columns = [*_BEFORE, *self._columns, *_BEHIND]
        foreign = next((name for row in found for name in row if name not in self._columns), None)
        if foreign is not None:
            raise InvalidParameterError(
                f"{str(self._path)!r} has no column {foreign!r}: is the result of another task?"
            )
        error = None if outcome.error is None else f"{type(outcome.error).__name__}: {outcome.error}"
        of_image = {"image": outcome.image, "frame": outcome.frame, "error": error, "rows": len(found)}
        of_run = {"model_id": self._identity.model_id, "settings": self._settings}
        rows = [
            {**dict.fromkeys(columns), **row, **of_image, **of_run, "row": number}
            for number, row in (enumerate(found, start=1) if found else [(0, dict[str, Any]())])
        ]
        self._file.append(head + encode_csv(csv_text(rows, columns).partition("\r\n")[2]))

    def end_video(self, video: str, *, is_complete: bool) -> None:
        """Do nothing: every frame stands for itself."""

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _choose_columns(self, outcome: Outcome) -> bytes:
        """Choose the columns by the first image, and give the line of their names."""
        task = None if outcome.result is None else table_task(outcome.result)
        self._columns = _possible_columns(outcome.task) if task is None else table_columns(task)
        return encode_csv(csv_text([], [*_BEFORE, *self._columns, *_BEHIND]))

    # -- going on

    def _find_unfinished(self, lines: Iterable[bytes]) -> set[int]:
        csv.field_size_limit(_LONGEST_FIELD)
        unfinished: set[int] = set()
        group: set[int] = set()
        current: tuple[str, int | None] | None = None
        number = 1
        for numbers, fields in _rows(self._checked(lines)):
            if fields is None:
                unfinished |= numbers
                continue
            if not self._columns:
                self._columns = self._read_names(fields)
                continue
            row = self._read(fields, min(numbers))
            if row.place != current:
                unfinished |= group
                group, current, number = set[int](), row.place, 1
            if row.has_failed or row.place in self._done or row.number != min(number, row.rows):
                unfinished |= numbers
                continue
            group |= numbers
            number += 1
            if row.number == row.rows:
                self._done.add(*row.place)
                group = set()
        return unfinished | group

    def _checked(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Give the lines of a file that begins as ours do, if perhaps not further than that."""
        for number, line in enumerate(lines):
            if number == 0 and not (line.startswith(_BEGINNING) or _BEGINNING.startswith(line)):
                raise self._foreign(0)
            yield line

    def _read_names(self, fields: list[str]) -> Sequence[str]:
        before, names, behind = _parted(fields)
        if before != [*_BEFORE] or behind != [*_BEHIND] or not names:
            raise self._foreign(0)
        return names

    def _read(self, fields: list[str], line: int) -> _Row:
        if len(fields) != len(_BEFORE) + len(self._columns) + len(_BEHIND):
            raise self._foreign(line)
        (image, frame), _, (error, number, rows, model_id, settings) = _parted(fields)
        try:
            row = _Row((image, int(frame) if frame else None), bool(error), int(number), int(rows))
            if (model_id, settings) != (self._identity.model_id, self._settings):
                asked = {"model_id": model_id, "settings": json.loads(settings)}
                self._identity.check(asked, f"line {line + 1} of {str(self._path)!r}")
        except ValueError:
            raise self._foreign(line) from None
        return row

    def _foreign(self, line: int) -> WrongUsageError:
        return WrongUsageError(
            f"line {line + 1} of {str(self._path)!r} is not of this command: choose another output, or --overwrite the "
            "file"
        )


def _parted(fields: list[str]) -> tuple[list[str], list[str], list[str]]:
    return fields[: len(_BEFORE)], fields[len(_BEFORE) : -len(_BEHIND)], fields[-len(_BEHIND) :]


def _rows(lines: Iterator[bytes]) -> Iterator[tuple[set[int], list[str] | None]]:
    """Split lines into rows, each with the numbers of its lines; `None` is a last row that was cut short."""
    last = b""

    def decoded() -> Iterator[str]:
        nonlocal last
        for last in lines:
            yield last.decode(errors="replace")

    reader = csv.reader(decoded(), strict=True)
    first = 0
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # What we write is in order, so this is a quote without its end, and the rest of the file is this row.
            fields = None
        yield set(range(first, reader.line_num)), fields if last.endswith(b"\n") else None
        first = reader.line_num


def _possible_columns(task: str | None) -> Sequence[str]:
    """Give the columns a model may need by what its server calls it.

    A classifier may give one class or several, or tell usual images from unusual ones.
    """
    tasks: tuple[TableTask, ...] = get_args(TableTask)
    if task == "classification":
        tasks = ("classification", "multi-label-classification", "anomaly-detection")
    elif task in tasks:
        tasks = tuple(known for known in tasks if known == task)
    columns: dict[str, None] = {}
    for known in tasks:
        columns |= dict.fromkeys(table_columns(known))
    return [*columns]


def _written(name: str) -> str:
    """Give a name as it is read from the file."""
    return encode_csv(name).decode()
