"""The last release: where its code and its files of calls are, whatever form it comes in."""

from __future__ import annotations

import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from release_tools.source_tree import SourceTree
from schema_tools.errors import SchemaError
from schema_tools.layout import REPOSITORY

from api_tools.surface import PACKAGES
from api_tools.trees import Tree

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CALLS", "LAST_RELEASE", "Release", "last_release", "open_release"]

LAST_RELEASE = SourceTree(REPOSITORY).last_release
CALLS = Path("tests", "distribution", "calls")


@dataclass(frozen=True)
class Release:
    """The code of one release.

    Attributes:
        name: What to call it.
        folder: Where it is unpacked.

    """

    name: str
    folder: Path

    @property
    def import_folders(self) -> list[Path]:
        """The folders from which its packages are imported."""
        return list(dict.fromkeys(self._folder_of(package) for package in PACKAGES))

    @property
    def calls(self) -> list[Path]:
        """Its files of calls.

        Raises:
            SchemaError: It has none.

        """
        found = sorted((self.folder / CALLS).glob("*.py"))
        if not found:
            raise SchemaError(
                f"{self.name}: has no files in {CALLS.as_posix()}, which --type-check needs; an sdist or a checkout has"
            )
        return found

    def tree(self) -> Tree:
        """Read its packages."""
        return Tree(self.import_folders, PACKAGES)

    def _folder_of(self, package: str) -> Path:
        for folder in (self.folder, self.folder / "generated"):
            if (folder / package / "__init__.py").is_file():
                return folder
        raise SchemaError(f"{self.name}: has no package {package}, neither at the top nor in generated/")


def last_release(folder: Path = LAST_RELEASE) -> Path:
    """The one sdist that is kept for comparisons.

    Raises:
        SchemaError: There is none, or more than one.

    """
    found = sorted(folder.glob("*.tar.gz"))
    if not found:
        raise SchemaError(
            f"{folder}: holds no sdist of a release: `scripts/release.py prepare VERSION` puts one there. "
            "Or name a folder, a wheel or an sdist with --against"
        )
    if len(found) > 1:
        names = ", ".join(path.name for path in found)
        raise SchemaError(f"{folder}: holds {names}; expected one, delete all but the last release")
    return found[0]


def open_release(path: Path, scratch: Path) -> Release:
    """Find the code of a release.

    Args:
        path: A folder that holds the packages, a wheel, or an sdist.
        scratch: An empty folder to unpack into.

    Raises:
        SchemaError: It is none of these.

    """
    if path.is_dir():
        return Release(path.resolve().name, path.resolve())
    if not path.is_file():
        raise SchemaError(f"{path}: there is no such file or folder; expected a folder, a wheel or an sdist")
    if path.name.endswith(".whl"):
        with zipfile.ZipFile(path) as wheel:
            wheel.extractall(scratch)  # noqa: S202 - zipfile itself keeps names inside the folder
        return Release(path.name, scratch)
    if path.name.endswith(".tar.gz"):
        with tarfile.open(path) as sdist:
            sdist.extractall(scratch, filter="data")
        return Release(path.name, _only_folder(path, scratch))
    raise SchemaError(f"{path}: expected a folder, a wheel (.whl) or an sdist (.tar.gz)")


def _only_folder(path: Path, scratch: Path) -> Path:
    found: Iterator[Path] = scratch.iterdir()
    folders = [one for one in found if one.is_dir()]
    if len(folders) != 1:
        raise SchemaError(f"{path}: expected one folder in it, found {len(folders)}; is it an sdist?")
    return folders[0]
