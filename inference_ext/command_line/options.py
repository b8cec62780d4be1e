"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

__all__ = [
    "ApiKeyFile",
    "AsJson",
    "Embedded",
    "Model",
    "Parallel",
    "Timeout",
    "Url",
    "examples",
]

Url: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--url",
        metavar="URL",
        help="Address of the server. [env var: INFERENCE_SERVER_URL; default: http://localhost:9001]",
        show_default=False,
    ),
]
ApiKeyFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--api-key-file",
        metavar="FILE",
        help="File whose first line is the API key; - reads standard input. The key is no option of its own, because "
        "every user of the machine can see a program's arguments. [default: env var ROBOFLOW_API_KEY]",
        show_default=False,
    ),
]
Embedded: TypeAlias = Annotated[
    bool,
    typer.Option("--embedded", help="Use the embedded backend in this process: no server, no key. For trying out."),
]
Timeout: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        min=0.001,
        max=2**31 - 1,
        help="Longest time one request may take, repeats included. [default: 300]",
        show_default=False,
    ),
]
Parallel: TypeAlias = Annotated[
    int,
    typer.Option("--max-concurrent-requests", metavar="NUMBER", min=1, help="Requests in flight at a time."),
]
Model: TypeAlias = Annotated[str, typer.Option("--model", "-m", metavar="ID", help="The model, as project/version.")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Write JSON.")]


def examples(*lines: str) -> str:
    """Give the end of a command's help: lines to copy."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
