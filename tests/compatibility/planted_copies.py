"""Copies in which changes are planted: of the server's document with our rows about it, and of the handwritten code."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from schema_project import SchemaProject
from schema_tools import build, render, snapshot
from schema_tools.profile import load_profile

__all__ = ["ServerCopy", "SourceCopy"]

Table = dict[str, Any]


@dataclass
class ServerCopy:
    """A server's document and our YAML files, changed as a new server and a maintainer would, and written once."""

    project: SchemaProject
    document: Table = field(init=False)
    _tables: dict[Path, Table] = field(init=False, default_factory=dict[Path, Table])

    def __post_init__(self) -> None:
        self.document = self.project.server_document()

    @property
    def paths(self) -> Table:
        return self.document["paths"]

    @property
    def schemas(self) -> Table:
        return self.document["components"]["schemas"]

    @property
    def operations(self) -> Table:
        return self.table(self.project.layout.operations)

    @property
    def normalise(self) -> Table:
        return self.table(self.project.layout.normalise)

    def texts(self, name: str) -> Table:
        return self.table(self.project.texts(name))

    def table(self, path: Path) -> Table:
        if path not in self._tables:
            self._tables[path] = yaml.safe_load(path.read_text(encoding="utf-8"))
        return self._tables[path]

    def generate(self) -> Path:
        """Write everything, build the document and generate the package; gives the folder it is imported from."""
        layout = self.project.layout
        for path, table in self._tables.items():
            path.write_text(yaml.safe_dump(table, allow_unicode=True, sort_keys=False), encoding="utf-8")
        changed = json.loads(json.dumps(self.document))
        snapshot.write(snapshot.take(changed, load_profile(layout)), layout)
        build.write(build.build(layout), layout)
        render.replace(layout)
        return layout.package.parent


@dataclass(frozen=True)
class SourceCopy:
    """A copy of the handwritten package."""

    folder: Path

    def replace(self, file: str, old: str, new: str, *, times: int = 1) -> None:
        """Change a piece of code, which must be there as often as expected."""
        path = self.folder / "inference_ext" / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == times, f"{file} has {text.count(old)} times what is to be planted over: {old}"
        path.write_text(text.replace(old, new), encoding="utf-8")
