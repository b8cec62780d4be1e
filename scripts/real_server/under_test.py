"""What the lane tells its tests, which run in another process, about the server they talk to."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from real_server.model_files import ModelFiles
from real_server.settings import Engine

__all__ = ["VARIABLE", "ServerUnderTest"]

VARIABLE = "INFERENCE_EXT_REAL_SERVER"
"""The environment variable that holds it, as JSON."""


@dataclass(frozen=True)
class ServerUnderTest:
    """A running server and its surroundings."""

    url: str
    """Without a trailing slash."""
    version: str
    engine: Engine
    model_files: ModelFiles
    platform_url: str | None = None
    """Of the stand-in for the platform; `None` for a server that is offline."""
    checks_keys: bool = False
    """Whether the server refuses every call without a key of the stand-in's workspace."""

    def to_json(self) -> str:
        """Return the value of the environment variable."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_environment(cls) -> ServerUnderTest | None:
        """Read the environment variable; `None` when it is not set."""
        text = os.environ.get(VARIABLE)
        if not text:
            return None
        fields = json.loads(text)
        files = {name: Path(path) for name, path in fields.pop("model_files").items()}
        engine = Engine(fields.pop("engine"))
        return cls(engine=engine, model_files=ModelFiles(**files), **fields)
