"""A text file that one run writes line by line and the next one goes on with."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

from .messages import CommandError, WrongUsageError

__all__ = ["ResumableFile"]


class ResumableFile:
    """Appends to a file; what an earlier run left unfinished in it is taken out first.

    Whoever is killed leaves a file whose last line may be cut short, and nothing else amiss: text is handed to the
    system in whole lines. Lines are taken out by writing the others to a new file that then takes the old one's place.

    Args:
        path: The file; it is made when it does not exist.
        overwrite: Begin with an empty file.
        find_unfinished: Reads the file from its start and gives the numbers, from 0, of the lines to take out.

    Raises:
        WrongUsageError: It cannot be opened, is no regular file, or `find_unfinished` does not take it.
        CommandError: Another run is writing to it.

    """

    def __init__(self, path: Path, *, overwrite: bool, find_unfinished: Callable[[Iterable[bytes]], set[int]]) -> None:
        self.path = path
        self._file = _opened(path)
        try:
            if overwrite:
                self._file.truncate(0)
            self._file.seek(0)
            unfinished = find_unfinished(self._file)
            if unfinished:
                self._file = _without(self._file, path, unfinished)
            self._file.seek(0, os.SEEK_END)
            self.is_empty: bool = self._file.tell() == 0
        except BaseException:
            self._file.close()
            raise

    def append(self, lines: bytes) -> None:
        """Write whole lines and hand them on.

        Raises:
            CommandError: The system does not take them (the disk is full).

        """
        try:
            self._file.write(lines)
            self._file.flush()
        except OSError as error:
            raise CommandError(f"{str(self.path)!r} cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _opened(path: Path) -> BinaryIO:
    while True:
        try:
            if path.exists() and not path.is_file():
                raise WrongUsageError(
                    f"{str(path)!r} is no regular file: an output that can be gone on with must be one"
                )
            file = path.open("a+b")
        except OSError as error:
            raise WrongUsageError(f"{str(path)!r} cannot be written: {error.strerror}") from error
        _lock(file, path)
        if os.fstat(file.fileno()).st_ino == path.stat().st_ino or os.name == "nt":
            return file
        file.close()  # another run put a new one in its place, and has ended since


def _lock(file: BinaryIO, path: Path) -> None:
    """Keep other runs away until the file is closed, or this process ends in whatever way."""
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise CommandError(f"{str(path)!r}: another run is writing to it; wait for its end or choose another") from None
    except OSError:
        # A file system without locks. The run needs none unless there is a second one.
        return


def _without(file: BinaryIO, path: Path, unfinished: set[int]) -> BinaryIO:
    path = path.resolve()  # a link stays one
    new_path = path.with_name(path.name + ".part")
    new = new_path.open("w+b")
    _lock(new, new_path)
    file.seek(0)
    new.writelines(line for number, line in enumerate(file) if number not in unfinished)
    new.flush()
    shutil.copymode(path, new_path)
    if sys.platform == "win32":
        file.close()  # an open file cannot be replaced there
    new_path.replace(path)
    file.close()
    return new
