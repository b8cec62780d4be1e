"""What a command says to the person in front of it: single lines on standard error."""

from __future__ import annotations

import sys

from .exit_codes import ExitCode

__all__ = ["PROGRAM", "CommandError", "WrongUsageError", "one_line", "report", "report_error"]

PROGRAM = "inference-ext"


class CommandError(Exception):
    """A command cannot go on; the message is the line that is shown."""

    exit_code = ExitCode.FAILED


class WrongUsageError(CommandError):
    """The command was called in a way that cannot work; nothing was sent."""

    exit_code = ExitCode.USAGE


def one_line(text: object) -> str:
    """Bring a message onto one line; what a terminal would obey (a server may send it) is written out."""
    joined = " ".join(str(text).split())
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in joined)


def report(text: object) -> None:
    """Say something on standard error."""
    print(f"{PROGRAM}: {one_line(text)}", file=sys.stderr, flush=True)


def report_error(text: object) -> None:
    """Say on standard error what went wrong."""
    report(f"error: {one_line(text)}")
