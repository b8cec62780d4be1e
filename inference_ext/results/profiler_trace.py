"""Traces of profiled workflow runs, one file for each run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from ..errors import InvalidParameterError

__all__ = ["make_trace_folder", "save_trace"]


def make_trace_folder(directory: str) -> Path:
    """Make the folder for traces, if it is not there; gives its absolute path.

    Raises:
        InvalidParameterError: It cannot be made.

    """
    folder = Path(directory).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise InvalidParameterError(
            f"InferenceConfiguration.profiling_directory: {str(folder)!r} cannot be made: {reason}"
        ) from error
    return folder


def save_trace(directory: str, trace: Sequence[Any], redact: Callable[[str], str] = str) -> Path:
    """Write one run's trace to a file of its own, loadable in `chrome://tracing`; gives its path.

    The file is named after the time, `workflow_execution_tack_2026_01_31_23_59_59.json`; runs of the same second get
    a number at the end. An existing file is never written to.

    Args:
        directory: Folder for traces; made if it is not there.
        trace: The server's events.
        redact: Takes secrets out of a text: the server may note what a step was given.

    Raises:
        InvalidParameterError: The folder cannot be made.
        OSError: The file cannot be written, or the trace nests too deep for one.

    """
    folder = make_trace_folder(directory)
    try:
        content = redact(orjson.dumps(trace).decode()).encode()
    except orjson.JSONEncodeError as error:
        raise OSError(str(error)) from error
    for path in _candidates(folder, datetime.now().astimezone()):
        try:
            # Mode "x" fails on a file that exists: two runs, also of two processes, cannot get the same one.
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        return path
    raise AssertionError("the candidates never end")


def _candidates(folder: Path, time: datetime) -> Iterator[Path]:
    stem = f"workflow_execution_tack_{time:%Y_%m_%d_%H_%M_%S}"
    yield folder / f"{stem}.json"
    for number in count(2):
        yield folder / f"{stem}_{number}.json"
