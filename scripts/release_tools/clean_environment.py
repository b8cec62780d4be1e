"""Environments that have the wheel and what it asks for: new ones, and ones whose dependencies are kept."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from real_server.cache import EnvironmentFolder, cache_root
from real_server.commands import run_logged
from real_server.environment import locked

if TYPE_CHECKING:
    from collections.abc import Generator

    from release_tools.source_tree import SourceTree

__all__ = ["Ingredients", "kept_environment", "new_environment"]

_INSTALL_LIMIT = 20 * 60.0
"""Seconds one installation step may take."""


@dataclass(frozen=True)
class Ingredients:
    """What an environment is made of."""

    tree: SourceTree
    wheel: Path
    interpreter: Path
    """The Python that the environment is for."""
    tools: Path
    """A Python with a pip that knows dependency groups."""

    def pip(self, folder: EnvironmentFolder, *arguments: str | Path) -> list[str]:
        """The command that works on an environment, which has no pip of its own."""
        pip = [self.tools, "-m", "pip", "--disable-pip-version-check", "--no-input", "--python", folder.python]
        return [str(part) for part in (*pip, *arguments)]

    @property
    def digest(self) -> str:
        """A short text that changes with the dependencies and with the Python."""
        settings = self.tree.read_settings()
        project = settings["project"]
        wanted = [project["dependencies"], project["optional-dependencies"], settings["dependency-groups"]["test"]]
        python = subprocess.run([self.interpreter, "-VV"], capture_output=True, text=True, check=True).stdout
        return hashlib.sha256(json.dumps([wanted, python]).encode()).hexdigest()


@contextmanager
def new_environment(ingredients: Ingredients) -> Generator[Path]:
    """Make an environment outside the checkout for once; gives its Python.

    Raises:
        LaneError: The installation failed; the message ends with the log.

    """
    with TemporaryDirectory(prefix="inference-ext-") as name:
        folder = EnvironmentFolder(Path(name))
        _install(ingredients, folder)
        yield folder.python


@contextmanager
def kept_environment(ingredients: Ingredients, version: str) -> Generator[Path]:
    """Put the wheel into the environment of a Python version; gives the environment's Python.

    What the wheel depends on is kept from run to run, in ~/.cache/inference-ext (INFERENCE_EXT_CACHE names another
    place), until pyproject.toml or the Python changes. Nobody else can use the environment meanwhile.

    Raises:
        LaneError: The installation failed; the message ends with the log.

    """
    folder = EnvironmentFolder(cache_root() / f"python-{version}")
    with locked(folder.lock):
        if not folder.is_complete or folder.marker.read_text() != ingredients.digest:
            shutil.rmtree(folder.path, ignore_errors=True)
            folder.path.mkdir(parents=True)
            _install(ingredients, folder)
            folder.marker.write_text(ingredients.digest)
        else:
            _run(folder, ingredients.pip(folder, "install", "--force-reinstall", "--no-deps", ingredients.wheel))
        yield folder.python


def _install(ingredients: Ingredients, folder: EnvironmentFolder) -> None:
    tests = f"{ingredients.tree.settings}:test"
    # Most modules of the dependencies are never imported, so none is compiled ahead.
    install = ("install", "--no-compile", "--progress-bar", "off", f"{ingredients.wheel}[all]", "--group", tests)
    _run(folder, [str(ingredients.interpreter), "-m", "venv", "--without-pip", str(folder.venv)])
    _run(folder, ingredients.pip(folder, *install))
    _run(folder, ingredients.pip(folder, "check"))


def _run(folder: EnvironmentFolder, command: list[str]) -> None:
    run_logged("Installing the wheel", command, log=folder.log, limit=_INSTALL_LIMIT)
