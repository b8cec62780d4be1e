"""`inference-ext models`: what the server has loaded, and loading and unloading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .connection import open_client
from .exit_codes import ExitCode
from .messages import WrongUsageError, report
from .options import ApiKeyFile, AsJson, Embedded, Timeout, Url, examples
from .standard_output import as_json, write_data
from .text_table import text_table

if TYPE_CHECKING:
    from ..operations.model_registry import RegisteredModels

__all__ = ["app"]

ModelId = Annotated[str, typer.Argument(metavar="ID", help="The model, as project/version.", show_default=False)]

app: typer.Typer = typer.Typer(
    rich_markup_mode=None,
    help="List the models the server has loaded; load and unload models.",
    epilog=examples("inference-ext models", "inference-ext models --json"),
)


@app.callback(invoke_without_command=True)
def list_models(
    context: typer.Context,
    url: Url = None,
    api_key_file: ApiKeyFile = None,
    embedded: Embedded = False,
    timeout: Timeout = None,
    as_json: AsJson = False,
) -> int:
    """List the models the server has loaded; load and unload models."""
    if context.invoked_subcommand is not None:
        if url is not None or api_key_file is not None or embedded or timeout is not None or as_json:
            raise WrongUsageError(
                f"options go behind the command: inference-ext models {context.invoked_subcommand} ID [OPTIONS]"
            )
        return ExitCode.DONE
    with open_client(url=url, api_key_file=api_key_file, embedded=embedded, timeout=timeout) as client:
        _show(client.list_loaded_models(), is_json=as_json)
    return ExitCode.DONE


@app.command("load", epilog=examples("inference-ext models load faces/1"))
def load(
    model: ModelId,
    url: Url = None,
    api_key_file: ApiKeyFile = None,
    embedded: Embedded = False,
    timeout: Timeout = None,
    as_json: AsJson = False,
) -> int:
    """Load a model, and list what is loaded then."""
    with open_client(url=url, api_key_file=api_key_file, embedded=embedded, timeout=timeout) as client:
        _show(client.load_model(model), is_json=as_json)
    return ExitCode.DONE


@app.command("unload", epilog=examples("inference-ext models unload faces/1"))
def unload(
    model: ModelId,
    url: Url = None,
    api_key_file: ApiKeyFile = None,
    embedded: Embedded = False,
    timeout: Timeout = None,
    as_json: AsJson = False,
) -> int:
    """Unload a model, and list what is still loaded. One that is not loaded is no error."""
    with open_client(url=url, api_key_file=api_key_file, embedded=embedded, timeout=timeout) as client:
        _show(client.unload_model(model), is_json=as_json)
    return ExitCode.DONE


def _show(registered: RegisteredModels, *, is_json: bool) -> None:
    if is_json:
        write_data(as_json([model.to_dict() for model in registered.models], indent=2) + "\n")
        return
    if not registered.models:
        report("no model is loaded; the first call of a model loads it")
    rows = [
        (
            model.model_id,
            model.task_type,
            f"{model.input_width}x{model.input_height}" if model.input_width and model.input_height else "any",
            "any" if model.batch_size is None else str(model.batch_size),
        )
        for model in registered.models
    ]
    write_data(text_table(("MODEL", "TASK", "INPUT", "BATCH"), rows))
