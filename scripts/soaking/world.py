"""What all loads share: the clients, the numbered inputs, the ledger, and the end of the run."""

from __future__ import annotations

import itertools
import math
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inference_ext import InferenceConfiguration, InferenceHTTPClient
from soaking.pictures import numbered_scene, write_directory, write_video
from tests.real_server import models
from tests.real_server.expected import check

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from soaking.ledger import Call, Ledger
    from tests.real_server.scenes import Scene

__all__ = ["MODELS", "SETTINGS", "Clients", "Media", "World", "limit", "open_clients"]

MODELS = (models.BOXES, models.MASKS, models.POINTS, models.SEMANTIC)
"""Those whose answers differ from picture to picture."""
SETTINGS = InferenceConfiguration(
    image_format="png",  # lossless, so that every answer is exact
    connect_timeout=2,
    request_timeout=8,
    total_timeout=20,
    max_concurrent_requests=3,
)
MARGIN = 5.0
"""Seconds a call may take beyond its time limits, on a machine that is busy."""
PAUSE = 1.0
"""Seconds between a call that failed and the next: callers do not hammer a server that is away,
and its start needs the processor."""
DIRECTORY_SIZE = 30
VIDEO_SIZE = 40
FILES = 200


@dataclass(frozen=True)
class Media:
    """Files that are inputs, and the numbers of the pictures in them."""

    files: dict[Path, int]
    directory: Path
    directory_numbers: list[int]
    video: Path
    video_numbers: list[int]

    @classmethod
    def write(cls, folder: Path, counter: Iterator[int]) -> Media:
        """Make the files."""
        singles, directory, video = (
            [*itertools.islice(counter, count)] for count in (FILES, DIRECTORY_SIZE, VIDEO_SIZE)
        )
        paths = write_directory(folder / "files", singles)
        write_directory(folder / "directory", directory)
        write_video(folder / "video.avi", video)
        files = dict(zip(paths, singles, strict=True))
        return cls(files, folder / "directory", directory, folder / "video.avi", video)


@dataclass(frozen=True)
class Clients:
    """They live through all outages."""

    main: InferenceHTTPClient
    """Shared by threads and by the event loop."""
    first: InferenceHTTPClient
    second: InferenceHTTPClient
    """These two are used in blocks that change their settings."""
    asynchronous: InferenceHTTPClient

    def close(self) -> None:
        """Close all; the asynchronous one closes in its event loop what it has there."""
        for client in (self.main, self.first, self.second, self.asynchronous):
            client.close()


def open_clients(url: str) -> Clients:
    """Make the clients and have each learn the models' tasks, so that from here on a call is one request an input."""
    clients = [InferenceHTTPClient(url, api_key="unused").configure(SETTINGS) for _ in range(4)]
    for client in clients:
        for model in MODELS:
            check(model, numbered_scene(0), client.infer(numbered_scene(0).bgr, model_id=model.model_id))
    return Clients(*clients)


@dataclass
class World:
    """What a load works with."""

    clients: Clients
    media: Media
    ledger: Ledger
    counter: Iterator[int]
    server_version: str
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def goes_on(self) -> bool:
        """Whether another call is to be made."""
        return not self.over.is_set()

    def scenes(self, count: int) -> list[Scene]:
        """Give as many scenes as no other call has."""
        return [numbered_scene(next(self.counter)) for _ in range(count)]

    def pause_after(self, call: Call) -> None:
        """Wait a little when a call failed."""
        if call.errors:
            self.over.wait(PAUSE)


def limit(inputs: int = 1, window: int = SETTINGS.max_concurrent_requests) -> float:
    """Seconds a call about so many inputs may take: each request has its time in all, and so many go at once."""
    return math.ceil(inputs / window) * SETTINGS.total_timeout + MARGIN
