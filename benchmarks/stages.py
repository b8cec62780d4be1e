"""Where the time of one `infer` goes, in milliseconds per call.

Two views of the same call. *Bare*: the work that cannot be avoided, each step timed by itself in straight-line code on
a raw socket. *Library*: the call as a user makes it, under cProfile. The time inside each function is put down to the
room of the package or to the library it belongs to, that of built-in functions to a stage of its own or to the caller;
the whole is scaled to the time of a call without the profiler, which slows small functions more than large ones.

`python -m benchmarks.stages URL FOLDER SCALE` prints both as JSON.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import socket
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, cast

import orjson
import pybase64

from .ceiling import Connection, jpeg, receive, route_of
from .child import running_child
from .jobs import Ceiling
from .media import SCALES, Media
from .pairing import Bench
from .server import MODEL_ID
from .tables import table

__all__ = ["measure_stages"]

_CALLS = 100
_WARM_UP_CALLS = 5
_LIMIT = 120.0
_FUNCTIONS_SHOWN = 15

#: Stages that built-in functions stand for, by a part of the name the profiler gives them.
_BUILT_IN_STAGES = {
    "b64encode": "base64",
    "imencode": "encode as JPEG",
    "method 'send": "send",  # send, sendall, sendmsg
    "method 'recv": "wait and receive",
    "method 'poll' of 'select": "wait and receive",
    "orjson.loads": "parse the answer",
    "orjson.dumps": "put the body together",
    "method 'join' of 'bytes'": "put the body together",
    "_io.open": "read the file",
    "method 'read": "read the file",  # read, readall, readinto
    "posix.": "read the file",
}

Stages = dict[str, float]
_Function = tuple[str, int, str]


def measure_stages(bench: Bench) -> str:
    """Measure in a process of its own; gives tables."""
    bench.server.ask({"begin": {}}, _LIMIT)
    media = bench.media
    command: list[str | Path] = [sys.executable, "-m", "benchmarks.stages", bench.url, media.folder, media.scale.name]
    with running_child("stages", command) as child:
        measured: dict[str, Stages] = json.loads(child.hear(_LIMIT))
    parts: list[str] = []
    for title, stages in measured.items():
        rows = [[name, f"{value:.3f}"] for name, value in stages.items()]
        if "function" not in title:
            rows.append(["in all", f"{sum(stages.values()):.3f}"])
        parts.append(table([[title, "ms"], *rows]))
    return "\n\n".join(parts)


def main() -> None:
    """Measure both kinds of input in both views."""
    from inference_ext import InferenceHTTPClient

    url, media = sys.argv[1], Media(Path(sys.argv[2]), SCALES[sys.argv[3]])
    path, pixels = str(media.photograph("1080p")), media.pixels("1080p")
    connection = Connection(route_of(Ceiling("files"), url))
    measured: dict[str, Stages] = {
        "JPEG path, bare": _bare(connection, "read the file", Path(path).read_bytes),
        "array, bare": _bare(connection, "encode as JPEG", lambda: jpeg(pixels)),
    }
    connection.close()
    with InferenceHTTPClient(url, api_key="benchmark") as client:
        for name, image in (("JPEG path", path), ("array", pixels)):
            stages, functions = _profiled(partial(client.infer, image, model_id=MODEL_ID))
            measured[f"{name}, library"] = stages
            measured[f"{name}, functions by the time inside them"] = functions
    print(json.dumps(measured))


def _bare(connection: Connection, first_name: str, first: Callable[[], Any]) -> Stages:
    """Medians of each step."""
    names = [first_name, "base64", "send", "wait", "receive", "parse the answer"]
    taken: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(_WARM_UP_CALLS + _CALLS):
        times = [time.perf_counter()]
        data = first()
        times.append(time.perf_counter())
        text = pybase64.b64encode(data)
        times.append(time.perf_counter())
        connection.send([text])
        times.append(time.perf_counter())
        connection.socket.recv(1, socket.MSG_PEEK)
        times.append(time.perf_counter())
        content = receive(connection.socket)
        times.append(time.perf_counter())
        orjson.loads(content)
        times.append(time.perf_counter())
        for name, before, after in zip(names, times, times[1:], strict=False):
            taken[name].append(1e3 * (after - before))
    return {name: median(values[_WARM_UP_CALLS:]) for name, values in taken.items()}


def _profiled(call: Callable[[], object]) -> tuple[Stages, Stages]:
    """The time of a call by stage, and the functions that take most of it."""
    for _ in range(_WARM_UP_CALLS):
        call()
    unprofiled = median(_milliseconds(call) for _ in range(_CALLS))
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(_CALLS):
        call()
    profiler.disable()
    by_stage: defaultdict[str, float] = defaultdict(float)
    by_function: defaultdict[str, float] = defaultdict(float)
    for function, seconds, callers in _functions(profiler):
        by_function[_function_name(function)] += seconds
        if function[0] != "~":
            by_stage[_stage_of_module(function[0])] += seconds
        elif stage := _stage_of_built_in(function[2]):
            by_stage[stage] += seconds
        else:
            for caller, part in callers.items():
                by_stage[_stage_of_module(caller[0])] += part
    factor = unprofiled / sum(by_stage.values())
    stages = {name: factor * by_stage[name] for name in _largest_first(by_stage)}
    return stages, {name: factor * by_function[name] for name in _largest_first(by_function)[:_FUNCTIONS_SHOWN]}


def _largest_first(values: Mapping[str, float]) -> list[str]:
    return sorted(values, key=lambda name: -values[name])


def _milliseconds(call: Callable[[], object]) -> float:
    before = time.perf_counter()
    call()
    return 1e3 * (time.perf_counter() - before)


def _functions(profiler: cProfile.Profile) -> list[tuple[_Function, float, dict[_Function, float]]]:
    """Each function with the seconds spent inside it, in all and by its callers."""
    entries = cast("dict[_Function, Any]", pstats.Stats(profiler).stats)  # type: ignore[attr-defined]
    return [
        (function, entry[2], {caller: of_caller[2] for caller, of_caller in entry[4].items()})
        for function, entry in entries.items()
    ]


def _stage_of_built_in(name: str) -> str | None:
    return next((stage for part, stage in _BUILT_IN_STAGES.items() if part in name), None)


def _stage_of_module(file: str) -> str:
    parts = Path(file).parts
    if "inference_ext" in parts:
        room = parts[parts.index("inference_ext") + 1 :][0].removesuffix(".py")
        return f"inference_ext.{room}"
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1].removesuffix(".py")
    return "standard library"


def _function_name(function: _Function) -> str:
    file, line, name = function
    if file == "~":
        return name.strip("<>").replace("|", "/")
    return f"{_stage_of_module(file)}: {name} ({Path(file).name}:{line})"


if __name__ == "__main__":
    main()
