"""What is measured: each job once, with its server and its target; the calls are the same in both libraries.

A job is prepared (client made, images listed, nothing sent) and then done; only the doing is timed. It starts with a
client that has no connection and knows no model, in a process whose modules are loaded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from .media import SQUARES, Media
from .server import MODEL_ID, ServerSettings
from .targets import AtLeastPeer, AtMost, CeilingShare, Flat, Lighter, Ratio, Target

__all__ = [
    "ARRAYS_OF_ANY_SIZE",
    "CLIP_BATCH",
    "JOBS",
    "LIST_OF_ANY_LENGTH",
    "PATHS_OF_ANY_SIZE",
    "WORKFLOW",
    "Ceiling",
    "Job",
    "Situation",
    "Work",
    "find_job",
]

Work = Callable[[], Any]
"""Does a job; gives its results in input order, or a coroutine that does."""

_SLOW = ServerSettings(latency=0.020)
_STRAGGLING = ServerSettings(latency=0.020, straggler_every=20, straggler_latency=0.300)
_SHORT = ServerSettings(latency=0.005, boxes=1)
CLIP_BATCH = 8
_GATHER_WINDOW = 32
_THREADS = 8


@dataclass(frozen=True)
class Situation:
    """What a job is done with."""

    library: Any
    """The module `inference_ext` or `inference_sdk`."""

    url: str
    media: Media
    count: int
    """Images to process."""

    def client(self, **settings: Any) -> Any:
        """A new client; without settings, of the library's default configuration."""
        made = self.library.InferenceHTTPClient(api_url=self.url, api_key="benchmark")
        if settings:
            made.configure(self.library.InferenceConfiguration(**settings))
        return made


@dataclass(frozen=True)
class Ceiling:
    """What the minimal client on raw sockets does in a job's place; see `ceiling.py`."""

    source: Literal["files", "array", "shrunk", "video", "directory", "clip", "workflow"]
    window: int = 1
    """Requests in flight."""


@dataclass(frozen=True)
class Job:
    """One thing to measure."""

    name: str
    what: str
    count: int
    """Images."""

    quick_count: int
    """Images when only the harness is tried."""

    prepare: Callable[[Situation], Work] | None = None

    server: ServerSettings = field(default_factory=ServerSettings)
    targets: Sequence[Target] = ()
    ceiling: Ceiling | None = None
    files: str = ""
    """Kind of the photographs whose very bytes travel, each in a request of its own, in turn; empty otherwise. Their
    lengths tell whether the answers came back in order."""

    start_up_calls: int | None = None
    """The start of a process is what is measured: the import and this many calls; see `start_up.py`."""

    compare_pixels: bool = False
    """What was sent is compared with the area-averaged photograph, in a run of its own."""

    warm_up_count: int = 4
    """Images of the untimed run before, by another client of the same process, that loads all modules."""

    most_repeats: int | None = None


# -- one call after another


def _paths_in_turn(kind: str) -> Callable[[Situation], Work]:
    def prepare(situation: Situation) -> Work:
        client, paths = situation.client(), situation.media.paths(kind, situation.count)
        return lambda: [client.infer(path, model_id=MODEL_ID) for path in paths]

    return prepare


def _arrays_in_turn(kind: str) -> Callable[[Situation], Work]:
    def prepare(situation: Situation) -> Work:
        client, pixels = situation.client(), situation.media.pixels(kind)
        return lambda: [client.infer(pixels, model_id=MODEL_ID) for _ in range(situation.count)]

    return prepare


def _shrunk_in_turn(situation: Situation) -> Work:
    client = situation.client(client_downsizing_disabled=False)
    path = str(situation.media.photograph("4k"))
    return lambda: [client.infer(path, model_id=MODEL_ID) for _ in range(situation.count)]


def _workflows_in_turn(situation: Situation) -> Work:
    client = situation.client()
    paths = situation.media.paths("1080p", situation.count)
    return lambda: [client.run_workflow(specification=WORKFLOW, images={"image": path})[0] for path in paths]


WORKFLOW = {
    "version": "1.0",
    "inputs": [{"type": "WorkflowImage", "name": "image"}],
    "steps": [
        {
            "type": "roboflow_core/roboflow_object_detection_model@v1",
            "name": "model",
            "images": "$inputs.image",
            "model_id": MODEL_ID,
        }
    ],
    "outputs": [{"type": "JsonField", "name": "predictions", "selector": "$steps.model.predictions"}],
}


# -- lists


def _list_of_paths(window: int, kind: str) -> Callable[[Situation], Work]:
    def prepare(situation: Situation) -> Work:
        client = situation.client(max_concurrent_requests=window)
        paths = situation.media.paths(kind, situation.count)
        return lambda: client.infer(paths, model_id=MODEL_ID)

    return prepare


def _clip(situation: Situation) -> Work:
    client = situation.client(max_concurrent_requests=8, max_batch_size=CLIP_BATCH)
    paths = situation.media.paths("720p", situation.count)
    return lambda: client.get_clip_image_embeddings(paths)


def _threads(situation: Situation) -> Work:
    client = situation.client()
    paths = situation.media.paths("1080p", situation.count)

    def infer(path: str) -> Any:
        return client.infer(path, model_id=MODEL_ID)

    def work() -> Any:
        with ThreadPoolExecutor(_THREADS) as threads:
            return list(threads.map(infer, paths))

    return work


# -- streams


def _stream(source: Callable[[Situation], Path]) -> Callable[[Situation], Work]:
    def prepare(situation: Situation) -> Work:
        client, uri = situation.client(), str(source(situation))
        return lambda: [result for _, _, result in client.infer_on_stream(uri, model_id=MODEL_ID)]

    return prepare


# -- asyncio


def _async_list(situation: Situation) -> Work:
    client = situation.client(max_concurrent_requests=8)
    paths = situation.media.paths("1080p", situation.count)
    return lambda: client.infer_async(paths, model_id=MODEL_ID)


def _gathered(situation: Situation) -> Work:
    client = situation.client(max_concurrent_requests=_GATHER_WINDOW)
    paths = situation.media.paths("1080p", situation.count)

    async def work() -> Any:
        return await asyncio.gather(*(client.infer_async(path, model_id=MODEL_ID) for path in paths))

    return work


_OF_CEILING = CeilingShare(0.85)

JOBS: Sequence[Job] = (
    Job(
        "path",
        "one 1080p JPEG path after another, v1, 0 ms",
        100,
        8,
        _paths_in_turn("1080p"),
        targets=(Ratio("wall", 3), Ratio("cpu", 4)),
        ceiling=Ceiling("files"),
        files="1080p",
    ),
    Job(
        "array",
        "one 1080p array after another, v1, 0 ms",
        60,
        8,
        _arrays_in_turn("1080p"),
        targets=(Ratio("wall", 1.7),),
        ceiling=Ceiling("array"),
    ),
    Job(
        "list-8",
        "list of 200 1080p JPEG paths, 8 in flight, 20 ms, every 20th 300 ms",
        200,
        12,
        _list_of_paths(8, "1080p"),
        _STRAGGLING,
        (Ratio("wall", 4), _OF_CEILING),
        Ceiling("files", 8),
        files="1080p",
    ),
    Job(
        "list-32",
        "the same, 32 in flight",
        200,
        12,
        _list_of_paths(32, "1080p"),
        _STRAGGLING,
        (Ratio("wall", 4), _OF_CEILING),
        Ceiling("files", 32),
        files="1080p",
    ),
    Job(
        "video",
        "`infer_on_stream`, 720p video of 300 frames, 20 ms, default settings",
        300,
        12,
        _stream(lambda situation: situation.media.video(situation.count)),
        _SLOW,
        (Ratio("wall", 5), _OF_CEILING),
        Ceiling("video", 8),
    ),
    Job(
        "directory",
        "`infer_on_stream`, directory of 200 720p JPEGs, 20 ms, default settings",
        200,
        8,
        _stream(lambda situation: situation.media.directory(situation.count)),
        _SLOW,
        (Ratio("wall", 8), _OF_CEILING),
        Ceiling("directory", 8),
    ),
    Job(
        "async-list",
        "`infer_async` of a list of 200 1080p JPEG paths, 8 in flight, 20 ms, every 20th 300 ms",
        200,
        12,
        _async_list,
        _STRAGGLING,
        (Ratio("wall", 4), AtMost("lag_worst", 15), _OF_CEILING),
        Ceiling("files", 8),
        files="1080p",
    ),
    Job(
        "gather",
        "200 gathered calls of `infer_async` with one 1080p JPEG path each, window 32, 20 ms",
        200,
        12,
        _gathered,
        _SLOW,
        (Ratio("wall", 4), AtMost("connections", _GATHER_WINDOW)),
        Ceiling("files", _GATHER_WINDOW),
        files="1080p",
    ),
    Job(
        "shrink",
        "one 4K JPEG path after another, downsized to 640 on the client, 0 ms",
        20,
        4,
        _shrunk_in_turn,
        targets=(Ratio("wall", 3), AtLeastPeer("fidelity")),
        ceiling=Ceiling("shrunk"),
        compare_pixels=True,
    ),
    Job(
        "threads",
        "one client shared by 8 threads, 200 calls with a 1080p JPEG path, 20 ms",
        200,
        16,
        _threads,
        _SLOW,
        (Ratio("wall", 3),),
        Ceiling("files", _THREADS),
        files="1080p",
    ),
    Job(
        "clip",
        "CLIP embeddings of 128 720p JPEG paths, 8 in a request, 8 requests in flight, 20 ms",
        128,
        16,
        _clip,
        replace(_SLOW, images_per_answer=CLIP_BATCH),
        (Ratio("wall", 2),),
        Ceiling("clip", 8),
        warm_up_count=CLIP_BATCH,
    ),
    Job(
        "workflow",
        "`run_workflow`, one 1080p JPEG path after another, 0 ms",
        60,
        8,
        _workflows_in_turn,
        targets=(Ratio("wall", 3),),
        ceiling=Ceiling("workflow"),
    ),
    Job(
        "import",
        "import the client's class",
        1,
        1,
        targets=(Ratio("wall", 5), Lighter("memory", 100)),
        start_up_calls=0,
    ),
    Job(
        "first-answer",
        "import, make a client, and get the answer for one 1080p JPEG path",
        1,
        1,
        start_up_calls=1,
    ),
    Job(
        "memory",
        "memory: list of 200 1080p JPEG paths, 8 in flight, 5 ms",
        200,
        12,
        _list_of_paths(8, "1080p"),
        _SHORT,
        (Ratio("memory", 3),),
        Ceiling("files", 8),
        files="1080p",
    ),
    Job(
        "memory-long",
        "the same with 2,000 paths",
        2000,
        24,
        _list_of_paths(8, "1080p"),
        _SHORT,
        (Flat("working", "memory", 1.25),),
        Ceiling("files", 8),
        files="1080p",
        most_repeats=2,
    ),
)

#: Lists of any length; the images are so small that everything else is seen.
LIST_OF_ANY_LENGTH = Job(
    "length",
    "list of small JPEG paths, 8 in flight, 0 ms",
    1000,
    12,
    _list_of_paths(8, "small"),
    ServerSettings(boxes=1),
    ceiling=Ceiling("files", 8),
    files="small",
)

#: Square images of any size, by the kind of the photographs.
PATHS_OF_ANY_SIZE = {
    kind: Job(f"path-{kind}", f"one {kind} JPEG path after another, 0 ms", 20, 4, _paths_in_turn(kind), files=kind)
    for kind in SQUARES
}
ARRAYS_OF_ANY_SIZE = {
    kind: Job(f"array-{kind}", f"one {kind} array after another, 0 ms", 20, 4, _arrays_in_turn(kind))
    for kind in SQUARES
}


def find_job(name: str) -> Job:
    """Give a job by its name.

    Raises:
        ValueError: There is none; the message lists the names.

    """
    for job in (*JOBS, LIST_OF_ANY_LENGTH, *PATHS_OF_ANY_SIZE.values(), *ARRAYS_OF_ANY_SIZE.values()):
        if job.name == name:
            return job
    raise ValueError(f"there is no job {name!r}; there are: {', '.join(job.name for job in JOBS)}")
