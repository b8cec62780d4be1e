"""Where every file of the pipeline lives."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from schema_tools.document import load_object

if TYPE_CHECKING:
    from schema_tools.document import JsonObject

__all__ = ["REPOSITORY", "Layout", "version_numbers"]

REPOSITORY = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Layout:
    """The files of one ``openapi/`` folder; tests point it at a copy.

    Attributes:
        root: Folder that holds ``openapi/`` and ``generated/``.

    """

    root: Path = REPOSITORY

    @property
    def openapi(self) -> Path:
        """The folder of all inputs and of the built document."""
        return self.root / "openapi"

    @property
    def upstream(self) -> Path:
        """The server's document, prose stripped."""
        return self.openapi / "upstream.json"

    @property
    def lock(self) -> Path:
        """Which server the snapshot came from, and its counts."""
        return self.openapi / "upstream.lock.json"

    @property
    def profile(self) -> Path:
        """The flags a server needs so that its document lists every route."""
        return self.openapi / "profile.yaml"

    @property
    def normalise(self) -> Path:
        """Schema renames, named enums, server-filled fields, response texts."""
        return self.openapi / "normalise.yaml"

    @property
    def operations(self) -> Path:
        """Tag and name of every operation."""
        return self.openapi / "operations.yaml"

    @property
    def overlays(self) -> list[Path]:
        """The OpenAPI Overlay files, in the order they are applied."""
        return sorted((self.openapi / "overlays").glob("*.yaml"))

    @property
    def descriptions(self) -> Path:
        """Folder with our own texts."""
        return self.openapi / "descriptions"

    @property
    def document(self) -> Path:
        """The built document, the only input of the generator."""
        return self.openapi / "openapi.json"

    @property
    def generator_settings(self) -> Path:
        """Settings of openapi-python-client."""
        return self.openapi / "generator.yaml"

    @property
    def templates(self) -> Path:
        """Our templates for openapi-python-client."""
        return self.openapi / "templates"

    @property
    def history(self) -> list[Path]:
        """Documents of older servers, each named after its version; the oldest first."""
        return sorted((self.openapi / "history").glob("*.json"), key=lambda path: version_numbers(path.stem))

    @property
    def package(self) -> Path:
        """The generated package."""
        return self.root / "generated" / "inference_api"

    def name(self, path: Path) -> str:
        """The path as error messages and the manifest show it: relative to the root, with slashes."""
        return path.relative_to(self.root).as_posix()

    def load(self, path: Path) -> JsonObject:
        """Read one of the JSON or YAML files; messages show its `name`."""
        return load_object(path, self.name(path))


def version_numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, by which versions are sorted."""
    return tuple(int(part) for part in re.findall(r"\d+", version))
