"""Standard output carries data only, always in UTF-8."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

__all__ = ["as_json", "flush", "silence", "write_data"]


def as_json(value: Any, *, indent: int | None = None) -> str:
    """Write a value as JSON in readable letters; names of files that are no text stay readable for `json.loads`."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:  # file names of other encodings
        text = json.dumps(value, allow_nan=False, indent=indent)
    return text


def write_data(text: str) -> None:
    """Write text to standard output and hand it on at once.

    Raises:
        BrokenPipeError: Nobody reads it any more.

    """
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode(errors="surrogateescape"))
    sys.stdout.buffer.flush()


def flush() -> None:
    """Hand on what is still held back.

    Raises:
        BrokenPipeError: Nobody reads it any more.

    """
    sys.stdout.flush()


def silence() -> None:
    """Drop what is still held back: its reader went away, and Python would complain at the end of the program."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
