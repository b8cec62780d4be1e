"""The commands put together, and how each ends: an exit code, and one line for an error."""

from __future__ import annotations

import os
import traceback
import warnings
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from ..errors import HTTPClientError, InvalidParameterError, MissingDependencyError
from ..version import VERSION
from . import doctor, infer, info, models, serve, standard_output, workflow
from .exit_codes import MEANINGS, ExitCode
from .messages import CommandError, report, report_error

__all__ = ["TRACEBACK_VARIABLE", "app", "run"]

TRACEBACK_VARIABLE = "INFERENCE_EXT_TRACEBACK"
"""Environment variable: anything in it shows where an error came from."""

_CODES = "\n".join(f"  {code.value:>3}  {meaning}" for code, meaning in MEANINGS.items())
_EPILOG = f"""\b
Exit codes:
{_CODES}

\b
Environment:
  INFERENCE_SERVER_URL      address of the server, unless --url is given
  ROBOFLOW_API_KEY          the API key, unless --api-key-file is given
  INFERENCE_EXT_PROGRESS=0  no progress bars
  {TRACEBACK_VARIABLE}=1   show where an error came from

Data goes to standard output, everything else to standard error.
"""

app: typer.Typer = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Run models of a Roboflow Inference server from a shell.",
    epilog=_EPILOG,
)
app.command("infer", epilog=infer.EPILOG)(infer.infer)
app.add_typer(models.app, name="models")
app.command("info", epilog=info.EPILOG)(info.info)
app.add_typer(workflow.app, name="workflow")
app.command("serve", epilog=serve.EPILOG)(serve.serve)
app.command("doctor", epilog=doctor.EPILOG)(doctor.doctor)


def _show_version(wanted: bool) -> None:
    if wanted:
        standard_output.write_data(f"inference-ext {VERSION}\n")
        raise typer.Exit


@app.callback()
def _main(
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def run(arguments: Sequence[str], program: str) -> int:
    """Run one command to its end; see `inference_ext.command_line.main`."""
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            code = _run(arguments, program)
        standard_output.flush()
    except BrokenPipeError:
        standard_output.silence()
        return ExitCode.READER_GONE
    except KeyboardInterrupt:
        report("interrupted")
        return ExitCode.INTERRUPTED
    return code


def _run(arguments: Sequence[str], program: str) -> int:
    command = typer.main.get_command(app)
    try:
        code: Any = command.main(args=list(arguments), prog_name=program, standalone_mode=False)
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):
            raise end.__context__ from None
        code = end.code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except BrokenPipeError:
        raise
    except _SHELL_ERROR as error:
        return _end_usage(error, _called(command, program, arguments))
    except Exception as error:  # noqa: BLE001 - the end of the program: it becomes the line that is shown
        return _end(error)
    return code if isinstance(code, int) else ExitCode.DONE


#: The base of the errors about options and arguments, which the library keeps to itself.
_SHELL_ERROR: type[Exception] = next(
    base
    for base in reversed(typer.BadParameter.__mro__)
    if issubclass(base, Exception) and "format_message" in vars(base)
)


def _end_usage(error: Any, called: str) -> int:
    report_error(f"{error.format_message().rstrip('.')} (see {called} --help)")
    return ExitCode.USAGE


def _called(command: Any, program: str, arguments: Sequence[str]) -> str:
    """Give the words that name the command which was called."""
    for word in arguments:
        if word not in getattr(command, "commands", ()):
            break
        command, program = command.commands[word], f"{program} {word}"
    return program


def _end(error: Exception) -> int:
    if os.environ.get(TRACEBACK_VARIABLE):
        traceback.print_exception(error)
    if not isinstance(error, CommandError | HTTPClientError | OSError):
        name = type(error).__name__
        report_error(f"{name}: {error} (this is a fault of the program; {TRACEBACK_VARIABLE}=1 shows where)")
        return ExitCode.FAILED
    report_error(error)
    if isinstance(error, CommandError):
        return error.exit_code
    if isinstance(error, MissingDependencyError):
        return ExitCode.MISSING_EXTRA
    return ExitCode.USAGE if isinstance(error, InvalidParameterError) else ExitCode.FAILED


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    report(f"warning: {message}")
