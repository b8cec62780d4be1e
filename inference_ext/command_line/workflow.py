"""`inference-ext workflow run`: one run of a workflow."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..json_types import is_object
from .connection import open_client
from .exit_codes import ExitCode
from .messages import CommandError, WrongUsageError
from .options import ApiKeyFile, Timeout, Url, examples
from .standard_output import as_json, write_data

if TYPE_CHECKING:
    from ..results.workflow_outputs import OutputPath, WorkflowOutputs

__all__ = ["app"]

_ENDINGS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/bmp": ".bmp", "image/tiff": ".tif"}

app: typer.Typer = typer.Typer(rich_markup_mode=None, help="Run workflows.")


@app.callback()
def _workflow() -> None:
    pass


@app.command(
    "run",
    epilog=examples(
        "inference-ext workflow run --file workflow.json --image image=street.jpg",
        "inference-ext workflow run --workspace my-team --workflow count-cars --image image=street.jpg",
        "inference-ext workflow run --file workflow.json --image image=street.jpg --parameter size=96 --images out",
    ),
)
def run(
    workspace: Annotated[
        str | None, typer.Option("--workspace", metavar="NAME", help="Workspace of a saved workflow.")
    ] = None,
    workflow: Annotated[
        str | None, typer.Option("--workflow", metavar="ID", help="The saved workflow; goes with --workspace.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Definition of a workflow, as JSON; instead of both.")
    ] = None,
    image: Annotated[
        list[str] | None,
        typer.Option(
            "--image",
            metavar="NAME=PATH",
            help="Image for an input: a path or an http(s) URL; may be given several times, for one input too.",
        ),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "--parameter",
            metavar="NAME=VALUE",
            help="Value of another input: JSON if it can be read as such, else text; may be given several times.",
        ),
    ] = None,
    images: Annotated[
        Path | None,
        typer.Option(
            "--images",
            metavar="DIRECTORY",
            help="Write the pictures in the outputs into this directory, replacing those of an earlier run; the JSON "
            "has their paths then. Without it, they are base64 text in the JSON.",
        ),
    ] = None,
    url: Url = None,
    api_key_file: ApiKeyFile = None,
    timeout: Timeout = None,
) -> int:
    """Run a saved workflow, or one from a file, once; its outputs go to standard output as JSON.

    These are a list with one object for each image of a batch.
    """
    if (workspace is None) != (workflow is None) or (workflow is None) == (file is None):
        raise WrongUsageError("expected --workspace and --workflow, or --file instead of both")
    specification = None if file is None else _read_specification(file)
    inputs = _read_images(image or ())
    parameters = {name: _read_value(text) for name, text in _pairs("--parameter", parameter or ())}
    with open_client(url=url, api_key_file=api_key_file, timeout=timeout) as client:
        outputs = client.run_workflow(workspace, workflow, specification, images=inputs, parameters=parameters)
    if images is not None:
        _write_pictures(outputs, images)
    write_data(as_json(outputs, indent=2) + "\n")
    return ExitCode.DONE


def _read_specification(file: Path) -> dict[str, Any]:
    try:
        specification = json.loads(file.read_bytes())
    except OSError as error:
        raise WrongUsageError(f"--file: {str(file)!r} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise WrongUsageError(f"--file: {str(file)!r} is not JSON: {error}") from error
    if not is_object(specification):
        raise WrongUsageError(f"--file: {str(file)!r}: expected a JSON object, the definition of a workflow")
    return specification


def _pairs(option: str, given: Sequence[str]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for text in given:
        name, equals, value = text.partition("=")
        if not name or not equals:
            raise WrongUsageError(f"{option} {text!r}: expected NAME={'PATH' if option == '--image' else 'VALUE'}")
        pairs.append((name, value))
    return pairs


def _read_images(given: Sequence[str]) -> dict[str, Any]:
    """Give the image of each input; a list for an input that is given several."""
    found: dict[str, list[str]] = {}
    for name, path in _pairs("--image", given):
        found.setdefault(name, []).append(path)
    return {name: paths[0] if len(paths) == 1 else paths for name, paths in found.items()}


def _read_value(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        return text


def _write_pictures(outputs: WorkflowOutputs, directory: Path) -> None:
    """Write every picture to a file named by its place, and put the file's path at that place.

    Raises:
        CommandError: A file cannot be written, or a picture is none.

    """
    names: set[str] = set()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for place in outputs.image_metadata:
            holder: Any = outputs
            for step in place[:-1]:
                holder = holder[step]
            content = _decoded(holder[place[-1]], place)
            name = _file_name(place, content)
            if name in names:
                name = f"{len(names)}-{name}"
            names.add(name)
            (directory / name).write_bytes(content)
            holder[place[-1]] = str(directory / name)
    except OSError as error:
        raise CommandError(f"--images: {str(directory)!r} cannot be written: {error.strerror}") from error


def _decoded(text: str, place: OutputPath) -> bytes:
    import pybase64

    try:
        return pybase64.b64decode(text, validate=True)
    except ValueError as error:
        raise CommandError(f"the picture at {_shown(place)} of the outputs is not base64 text: {error}") from error


def _shown(place: OutputPath) -> str:
    return "".join(f"[{step!r}]" for step in place)


def _file_name(place: OutputPath, content: bytes) -> str:
    from ..images.formats import sniff_format

    stem = re.sub(r"[^\w.-]+", "_", "-".join(str(step) for step in place))
    return stem + _ENDINGS.get(sniff_format(content) or "", ".bin")
