r"""Results as CSV, of one image or of many.

The format is RFC 4180's: comma, `"` around fields that need it and doubled inside, CR LF after each row, column names
in the first. Text is UTF-8 without a byte order mark; half of a surrogate pair, which UTF-8 has no form for, is written
as `\ud800`. What a result does not say is an empty field. Numbers are written so that reading them gives the same
number; one that is none is `nan`, an infinite one `inf`; truth values are `true` and `false`.

Names are written as they are. A class name that begins with `=`, `+`, `-` or `@` is a formula to a spreadsheet program:
import files from servers you do not trust as text.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from ..errors import InvalidParameterError
from .plain import AnyResult, plain_result
from .saving import unwritable
from .table import TableTask, iterate_rows, table_columns, table_task

__all__ = ["ResultTable", "csv_text", "encode_csv"]


def csv_text(rows: Iterable[dict[str, Any]], columns: Iterable[str]) -> str:
    """Write rows, with the column names above them."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    names = list(columns)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_field(row[name]) for name in names])
    return file.getvalue()


def encode_csv(text: str) -> bytes:
    """Encode CSV for a file."""
    return text.encode("utf-8", errors="backslashreplace")


def _field(value: Any) -> Any:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value


class ResultTable:
    """A CSV file with the results of many images, written one result at a time.

    The first column is `image`, the others are those of the task (see `inference_ext.results.table`). Column names are
    written once, before the first row; the memory that is used does not grow with the number of images.

        with ResultTable("found.csv") as table:
            for path in paths:
                table.add(path, client.detect_objects(path, model_id="my-project/1"))
    """

    def __init__(self, target: str | os.PathLike[str] | TextIO, *, task: TableTask | None = None) -> None:
        """Open the file; one that is there is replaced.

        Args:
            target: Path of the file, or a text file that is open for writing (opened with `newline=""`; it stays
                open).
            task: Task of all results. Default: that of the first result that shows it. Where none does, the column
                names are those of boxes.

        Raises:
            InvalidParameterError: The file cannot be written, or there is no such task.

        """
        self._columns = None if task is None else table_columns(task)
        self._task: TableTask | None = task
        self._has_header = False
        self._path: object = target
        self._owned: TextIO | None = None
        if isinstance(target, str | os.PathLike):
            try:
                # Closed by `close`: the table is a context manager itself.
                self._owned = Path(target).open("w", encoding="utf-8", errors="backslashreplace", newline="")  # noqa: SIM115
            except (OSError, TypeError, ValueError) as error:
                raise unwritable(target, error) from error
            self._writer = csv.writer(self._owned)
        elif hasattr(target, "write"):
            self._writer = csv.writer(target)
        else:
            raise InvalidParameterError(f"target: expected a path or a text file, got {type(target).__name__}")
        self._is_open = True

    def add(self, image: str | os.PathLike[str] | int, result: AnyResult) -> int:
        """Write the rows of one image.

        Args:
            image: Name of the image or number of the frame, for the first column, as `infer_on_stream` gives it.
            result: A typed result, or the dictionary that `infer` gives.

        Returns:
            Number of rows: one for each prediction.

        Raises:
            InvalidParameterError: The table is closed, the file cannot be written, the result has no predictions or is
                of another task than those before.
            InvalidResponseError: A value in the result is not of its column's kind. Nothing of the result is written.
            EncodingError: A semantic mask is not an image.

        """
        if not self._is_open:
            raise InvalidParameterError("the table is closed: add results inside its with block")
        plain = plain_result(result)
        found = table_task(plain)
        if found is None:
            return 0
        if self._task is None:
            self._task, self._columns = found, table_columns(found)
        if found != self._task:
            raise InvalidParameterError(
                f"result: expected one of the task {self._task}, like those before; got one of {found}: "
                "write it to another table"
            )
        columns = table_columns(found)
        name = str(image) if isinstance(image, int) else os.fsdecode(os.fspath(image))
        rows = [[name, *(_field(row[column]) for column in columns)] for row in iterate_rows(plain, found)]
        self._write(rows)
        return len(rows)

    def _write(self, rows: list[list[Any]]) -> None:
        if not self._has_header:
            rows = [["image", *(self._columns or table_columns("object-detection"))], *rows]
            self._has_header = True
        try:
            self._writer.writerows(rows)
        except OSError as error:
            if self._owned is None:
                raise  # the caller's own file, and the caller's error
            raise unwritable(self._path, error) from error

    def close(self) -> None:
        """Write the column names if nothing was written, and close a file that was opened here.

        Raises:
            InvalidParameterError: What was not written yet cannot be.

        """
        if not self._is_open:
            return
        self._is_open = False
        try:
            if not self._has_header:
                self._write([])
        finally:
            if self._owned is not None:
                try:
                    self._owned.close()
                except OSError as error:
                    raise unwritable(self._path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
