"""What goes wrong and is not mended yet. Each entry is to be deleted with its mending; a test tells when it is."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path

from attrs import frozen

from .targets import TARGETS
from .targets.error_answers import unspoiled_error
from .targets.http_answers import DifferentOutcomes, WrongLengthError

__all__ = ["OPEN", "Finding", "run_target"]


@frozen
class Finding:
    """Something a target found."""

    target: str
    data: bytes
    """An input that shows it."""

    is_meant: Callable[[BaseException], bool]
    """Whether an error is this one."""


def _is_raised_in(error: BaseException, file: str) -> bool:
    return Path(traceback.extract_tb(error.__traceback__)[-1].filename).parts[-2:] == ("execution", file)


OPEN: dict[str, Finding] = {
    "trailers count as headers when they arrive together with the head": Finding(
        "http_answers",
        b"\0\0\1\0HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nContent-Type: text/html\r\n\r\n",
        lambda error: isinstance(error, DifferentOutcomes) and error.are_but_for_headers,
    ),
    "a protocol switch behind a complete answer spoils it when they arrive together": Finding(
        "http_answers",
        b"\0\0\1\0HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        b"HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        lambda error: isinstance(error, DifferentOutcomes) and error.at_once == ("error",),
    ),
    "the body of an answer with a status below 100 is put in front of the next one's": Finding(
        "http_answers",
        b"\0\0\1\0HTTP/1.1 099 X\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        lambda error: isinstance(error, WrongLengthError),
    ),
    "the place in a list of problems is no list": Finding(
        "error_answers",
        unspoiled_error(b'{"detail":[{"loc":5,"msg":"x"}]}'),
        lambda error: isinstance(error, TypeError) and _is_raised_in(error, "error_answers.py"),
    ),
    "the place in a list of problems nests deeper than Python calls": Finding(
        "error_answers",
        unspoiled_error(b'{"detail":[{"loc":[' + b"[" * 1000 + b"]" * 1000 + b'],"msg":"x"}]}'),
        lambda error: isinstance(error, RecursionError) and _is_raised_in(error, "error_answers.py"),
    ),
    "the words in a list of problems nest deeper than Python calls": Finding(
        "error_answers",
        unspoiled_error(b'{"detail":[{"msg":' + b"[" * 1000 + b"]" * 1000 + b"}]}"),
        lambda error: isinstance(error, RecursionError) and _is_raised_in(error, "error_answers.py"),
    ),
}


def run_target(name: str, data: bytes) -> None:
    """Run a target; what is known to go wrong may."""
    try:
        TARGETS[name].run(data)
    except Exception as error:
        if not any(finding.target == name and finding.is_meant(error) for finding in OPEN.values()):
            raise
