"""What the exit codes of `inference-ext` mean: the one place."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["MEANINGS", "ExitCode"]


class ExitCode(IntEnum):
    """How a command ended."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    SOME_FAILED = 3
    MISSING_EXTRA = 4
    INTERRUPTED = 130
    READER_GONE = 141


MEANINGS: dict[ExitCode, str] = {
    ExitCode.DONE: "all done",
    ExitCode.FAILED: "the call failed, the run was stopped, or the doctor found a problem",
    ExitCode.USAGE: "wrong usage: nothing was sent",
    ExitCode.SOME_FAILED: "some images failed, the others are done",
    ExitCode.MISSING_EXTRA: "an optional package is missing; the message names the extra",
    ExitCode.INTERRUPTED: "interrupted (Ctrl-C); what was written is valid",
    ExitCode.READER_GONE: "who read standard output went away, as in `| head`",
}
"""Every code with its meaning, as `inference-ext --help` shows them. 130 and 141 are the shell's numbers for a program
that a signal ended (SIGINT, SIGPIPE)."""
