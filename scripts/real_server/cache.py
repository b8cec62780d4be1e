"""Where the lane keeps what it builds: outside the checkout, in one folder per server version.

::

    ~/.cache/inference-ext/                       or INFERENCE_EXT_CACHE, or under XDG_CACHE_HOME
    ├── server-0.58.3/                            as below, for every tested version
    └── server-1.8.3/
        ├── 0a1b2c3d4e5f/                         one environment; named after its requirements
        │   ├── venv/
        │   ├── install.log
        │   └── complete                          written last; without it the folder is rebuilt
        ├── 0a1b2c3d4e5f.lock
        └── runs/local-43121/                     a server's working folder: models, caches, server.log
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path

from real_server.errors import LaneError

__all__ = ["CURRENT", "OLDEST", "EnvironmentFolder", "Requirements", "cache_root", "environment_folder", "runs_folder"]

CACHE_VARIABLE = "INFERENCE_EXT_CACHE"
VERSIONS = Path(__file__).with_name("versions")
SNAPSHOT = Path(__file__).parents[2] / "openapi" / "upstream.lock.json"


@dataclass(frozen=True)
class Requirements:
    """What is installed: the packages asked for, and the versions of all that they pull in."""

    listed: Path
    constraints: Path

    @property
    def server_version(self) -> str:
        """The server's version, which the list must pin."""
        pin = re.search(r"^inference-cpu(?:\[[\w,]+\])?==(\S+)$", self.listed.read_text(), re.MULTILINE)
        if pin is None:
            raise LaneError(f"{self.listed} must pin the server: a line such as inference-cpu==1.8.3")
        return pin.group(1)

    @property
    def digest(self) -> str:
        """A short name for exactly these requirements."""
        return hashlib.sha256(self.listed.read_bytes() + b"\0" + self.constraints.read_bytes()).hexdigest()[:12]


def tested_version(version: str) -> Requirements:
    """Return the requirements kept under `versions/`."""
    return Requirements(VERSIONS / version / "requirements.txt", VERSIONS / version / "constraints.txt")


CURRENT = tested_version(json.loads(SNAPSHOT.read_text(encoding="utf-8"))["server_version"])
"""The server that this package is made for: the one whose document it was generated from."""
OLDEST = tested_version("0.58.3")
"""The oldest server that this package supports."""


@dataclass(frozen=True)
class EnvironmentFolder:
    """The paths of one server environment."""

    path: Path

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.path / "venv"

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.venv / "bin" / "python"

    @property
    def log(self) -> Path:
        """What the installation printed."""
        return self.path / "install.log"

    @property
    def marker(self) -> Path:
        """Present once the installation is complete."""
        return self.path / "complete"

    @property
    def is_complete(self) -> bool:
        """Whether it can be used; not when its Python was removed from the machine since."""
        return self.marker.exists() and self.python.exists()

    @property
    def lock(self) -> Path:
        """Held by the process that builds; beside the folder, because the folder may be replaced."""
        return self.path.with_name(self.path.name + ".lock")


def environment_folder(requirements: Requirements) -> EnvironmentFolder:
    """Return the folder for these requirements: a changed requirement names a new one."""
    return EnvironmentFolder(_version_folder(requirements) / requirements.digest)


def runs_folder(requirements: Requirements) -> Path:
    """Return the folder that holds the working folders of one version's servers."""
    return _version_folder(requirements) / "runs"


def _version_folder(requirements: Requirements) -> Path:
    return cache_root() / f"server-{requirements.server_version}"


def cache_root() -> Path:
    """Return the folder of all that the lanes keep between runs."""
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    shared = os.environ.get("XDG_CACHE_HOME")
    base = Path(shared).expanduser().absolute() if shared else Path.home() / ".cache"
    return base / "inference-ext"
