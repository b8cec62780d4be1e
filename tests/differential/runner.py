"""Runs calls through one client library and prints what came of each; the same file serves both libraries.

`python runner.py inference_sdk` (or `inference_ext`) reads one case per line from standard input, as JSON, and writes
one outcome per line. It runs in that library's own environment, so it uses nothing but what both environments have.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import importlib
import inspect
import io
import json
import os
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

Json = Any


def main() -> None:
    library = importlib.import_module(sys.argv[1])
    # Whatever a library prints must not come between the outcomes.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        print(json.dumps(run_case(library, json.loads(line))), file=answers, flush=True)


def run_case(library: Any, case: dict[str, Any]) -> list[Json]:
    """Run all steps of a case on one client; gives the outcome of each."""
    with contextlib.ExitStack() as opened:
        media = Media(library, Path(case["media"]), case["url"], opened)
        client = library.InferenceHTTPClient(api_url=case["api_url"].replace("{url}", case["url"]), api_key=case["key"])
        if hasattr(client, "close"):
            opened.callback(client.close)
        if case["configuration"] is not None:
            configured = outcome_of(lambda: configure(library, client, case["configuration"]))
            if "error" in configured:
                return [configured]
        if case["mode"] is not None:
            getattr(client, f"select_api_{case['mode']}")()
        return [outcome_of(step_of(client, step, media, case["shell"])) for step in case["steps"]]


def configure(library: Any, client: Any, settings: dict[str, Any]) -> None:
    client.configure(library.InferenceConfiguration(**settings))


class Media:
    """Turns the marked values of a case into what a caller would hand over."""

    def __init__(self, library: Any, folder: Path, url: str, opened: contextlib.ExitStack) -> None:
        self._library = library
        self._folder = folder
        self._url = url
        self._opened = opened

    def value(self, described: Json) -> Any:
        if isinstance(described, list):
            return [self.value(entry) for entry in described]
        if not isinstance(described, dict):
            return described
        if set(described) != {"$", "of"}:
            return {name: self.value(entry) for name, entry in described.items()}
        return self._marked(described["$"], described["of"])

    def _marked(self, kind: str, of: Json) -> Any:
        makers: dict[str, Callable[[], Any]] = {
            "path": lambda: str(self._folder / of),
            "pathlib": lambda: self._folder / of,
            "bytes": lambda: (self._folder / of).read_bytes(),
            "base64": lambda: base64.b64encode((self._folder / of).read_bytes()).decode("ascii"),
            "data_uri": lambda: f"data:image/png;base64,{self._marked('base64', of)}",
            "url": lambda: f"{self._url}/media/{of}",
            "array": lambda: np.ascontiguousarray(np.load(self._folder / of)),
            "pil": lambda: self._opened.enter_context(Image.open(self._folder / of)).copy(),
            "pil_file": lambda: self._opened.enter_context(Image.open(self._folder / of)),
            "tuple": lambda: tuple(self.value(of)),
            "configuration": lambda: self._library.InferenceConfiguration(**of),
        }
        return makers[kind]()


def step_of(client: Any, step: dict[str, Any], media: Media, shell: str) -> Callable[[], Any]:
    name, keywords = step["name"], media.value(step["keywords"])
    if step["kind"] == "property":
        return lambda: getattr(client, name)
    if step["kind"] == "block":
        return lambda: outcomes_in_block(client, step, keywords, media, shell)
    twin = getattr(client, f"{name}_async", None)
    # Where a library has no twin, the blocking method stands in: the twin of the other must do the same.
    if shell == "sync" or twin is None:
        return lambda: shown(client, consumed(getattr(client, name)(**keywords)))
    return lambda: asyncio.run(awaited(twin, keywords))


def outcomes_in_block(client: Any, step: dict[str, Any], keywords: Json, media: Media, shell: str) -> list[Json]:
    """Run the steps of a block inside it, all of them in this thread or in one that is started there."""
    outcomes: list[Json] = []

    def run() -> None:
        outcomes.extend(outcome_of(step_of(client, inner, media, shell)) for inner in step["inside"])

    with getattr(client, step["name"])(**keywords):
        if step["in_a_thread"]:
            thread = threading.Thread(target=run)
            thread.start()
            thread.join()
        else:
            run()
    return outcomes


def shown(client: Any, result: Any) -> Any:
    return "the client itself" if result is client else result


def consumed(result: Any) -> Any:
    return list(result) if inspect.isgenerator(result) else result


async def awaited(twin: Callable[..., Any], keywords: dict[str, Any]) -> Any:
    pending = twin(**keywords)
    if inspect.isasyncgen(pending):
        return [item async for item in pending]
    return await pending


def outcome_of(call: Callable[[], Any]) -> Json:
    try:
        return {"result": plain(call())}
    except Exception as error:  # noqa: BLE001 - which error it is, is what is compared
        status = getattr(error, "status_code", None)
        words = getattr(error, "api_message", None)
        return {"error": {"class": type(error).__name__, "status": status, "server_message": words}, "text": str(error)}


def plain(value: Any) -> Json:
    """Bring a result into JSON; arrays and pictures are compared by value, objects by their fields."""
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, dict):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, np.ndarray):
        return {"array": packed(value), "dtype": str(value.dtype)}
    if isinstance(value, Image.Image):
        return {"picture": packed(np.asarray(value)), "mode": value.mode}
    return {"type": type(value).__name__, **{name: plain(entry) for name, entry in named_fields(value)}}


def packed(array: np.ndarray[Any, Any]) -> str:
    held = io.BytesIO()
    np.save(held, array)
    return base64.b64encode(held.getvalue()).decode("ascii")


def named_fields(value: Any) -> Iterator[tuple[str, Any]]:
    if is_dataclass(value):
        names = [field.name for field in fields(value)]
    else:
        names = [attribute.name for attribute in type(value).__attrs_attrs__]
    return ((name, getattr(value, name)) for name in names)


if __name__ == "__main__":
    main()
