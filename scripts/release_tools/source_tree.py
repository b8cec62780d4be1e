"""The files of a checkout that a release is made of."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from release_tools.errors import ReleaseError
from release_tools.versions import Version

__all__ = ["SourceTree"]

_VERSION = re.compile(r'^VERSION = "(?P<version>[^"]*)"$', re.MULTILINE)
_NOT_SOURCES = shutil.ignore_patterns("__pycache__")


@dataclass(frozen=True)
class SourceTree:
    """A checkout, a copy of one, or an unpacked sdist."""

    root: Path

    @property
    def version_file(self) -> Path:
        """The module that says which version this is."""
        return self.root / "inference_ext" / "version.py"

    @property
    def changelog(self) -> Path:
        """What changed in each version."""
        return self.root / "CHANGELOG.md"

    @property
    def fragments(self) -> Path:
        """The folder of what will be in the next version's entry."""
        return self.root / "changes"

    @property
    def settings(self) -> Path:
        """The project's settings."""
        return self.root / "pyproject.toml"

    @property
    def last_release(self) -> Path:
        """The folder of the last release's sdist, with which later code is compared."""
        return self.root / "tests" / "compatibility" / "last_release"

    def name(self, path: Path) -> str:
        """How messages call a file of the tree."""
        return path.relative_to(self.root).as_posix()

    def read_settings(self) -> Any:
        """Read pyproject.toml."""
        return tomllib.loads(self.settings.read_text(encoding="utf-8"))

    def read_version(self) -> Version:
        """Read the version that the tree says it is."""
        found = _VERSION.search(self.version_file.read_text(encoding="utf-8"))
        if found is None:
            raise ReleaseError(f'{self.name(self.version_file)}: expected a line such as VERSION = "1.2.3"')
        return Version.parse(found["version"], self.name(self.version_file))

    def write_version(self, version: Version) -> None:
        """Make the tree another version."""
        text = self.version_file.read_text(encoding="utf-8")
        self.version_file.write_text(_VERSION.sub(f'VERSION = "{version}"', text), encoding="utf-8")

    def copy_to(self, folder: Path, *, umask: int = 0o022, changed_at: int | None = None) -> SourceTree:
        """Copy what a release is made of, and nothing else, so that nothing else can have a part in it.

        Args:
            folder: Where to; it is made.
            umask: The permissions that the copies do not get.
            changed_at: The time of the copies in seconds since 1970; `None` is now.

        """
        sdist = self.read_settings()["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
        for name in [*sdist, "/.gitignore", "/changes"]:
            source, copy = self.root / name.strip("/"), folder / name.strip("/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, copy, ignore=_NOT_SOURCES)
            elif source.exists():
                shutil.copy(source, copy)
            elif name in sdist:
                raise ReleaseError(f"{self.name(self.settings)}: the sdist is to include {name}, which does not exist")
        for path in folder.rglob("*"):
            is_program = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod((0o777 if is_program else 0o666) & ~umask)
            if changed_at is not None:
                os.utime(path, (changed_at, changed_at))
        return SourceTree(folder)
