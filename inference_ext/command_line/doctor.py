"""`inference-ext doctor`: what works, what does not, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from ..errors import HTTPClientError
from .connection import open_client
from .exit_codes import ExitCode
from .findings import Finding, problem
from .messages import WrongUsageError
from .options import ApiKeyFile, AsJson, Embedded, Timeout, Url, examples
from .standard_output import as_json as to_json
from .standard_output import write_data

__all__ = ["EPILOG", "doctor"]

EPILOG = examples("inference-ext doctor", "inference-ext doctor --model faces/1 --image street.jpg")


def doctor(
    model: Annotated[
        str | None, typer.Option("--model", "-m", metavar="ID", help="Run this model once, too, as project/version.")
    ] = None,
    image: Annotated[
        Path | None, typer.Option("--image", metavar="FILE", help="Image for --model. [default: one that is at hand]")
    ] = None,
    url: Url = None,
    api_key_file: ApiKeyFile = None,
    embedded: Embedded = False,
    timeout: Timeout = None,
    as_json: AsJson = False,
) -> int:
    """Look at the installation, the server and the API key.

    Every line says ok, warning or problem, and behind an arrow what to do. The exit code is 1 if there is a problem.
    """
    if image is not None and model is None:
        raise WrongUsageError("--image is for --model: name the model, too")
    findings: list[Finding] = []
    for finding in _all(model, image, url, api_key_file, timeout, embedded=embedded):
        findings.append(finding)
        if not as_json:
            write_data(f"{finding}\n")
    if as_json:
        write_data(to_json([finding.to_dict() for finding in findings], indent=2) + "\n")
    return ExitCode.FAILED if any(finding.status == "problem" for finding in findings) else ExitCode.DONE


def _all(
    model: str | None,
    image: Path | None,
    url: str | None,
    api_key_file: Path | None,
    timeout: float | None,
    *,
    embedded: bool,
) -> Iterator[Finding]:
    from .environment_checks import check_environment, check_key
    from .server_checks import check_model, check_server

    yield from check_environment()
    if not embedded:
        yield check_key(api_key_file)
    try:
        client = open_client(url=url, api_key_file=api_key_file, embedded=embedded, timeout=timeout)
    except HTTPClientError as error:  # the address, the key, or the extra of the embedded backend
        yield problem("client", str(error), "correct what the message names")
        return
    with client:
        yield from check_server(client, is_embedded=embedded)
        if model is not None:
            yield from check_model(client, model, image)
