"""The command `inference-ext`: models on files from a shell.

    inference-ext infer photos --model my-project/1 --output results.jsonl --annotate drawn

::

    app            the commands, put together, and the end of each: one line for an error, an exit code
    infer          running → sources, inferring → outputs (json_lines, csv_rows: resumable_file; annotated,
                   annotated_video), records, progress
    doctor         environment_checks, server_checks → findings
    models, info, workflow, serve
    options, connection                            what commands share
    exit_codes, messages, standard_output, text_table     what a shell sees

Data goes to standard output or to files, everything else to standard error. Importing this module loads nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None, program: str = "inference-ext") -> int:
    """Run one command.

    Args:
        arguments: The words after the program's name. Default: those of this process.
        program: Name of the program in messages and in help.

    Returns:
        The exit code; see `inference_ext.command_line.exit_codes`.

    """
    from .exit_codes import ExitCode
    from .messages import report_error

    try:
        import_module("typer")
    except ImportError as error:
        report_error(f"the command line needs {error.name or 'typer'}: pip install 'inference-ext[cli]'")
        return ExitCode.MISSING_EXTRA
    from .app import run

    return run(sys.argv[1:] if arguments is None else arguments, program)
