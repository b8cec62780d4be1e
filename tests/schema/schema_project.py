"""A copy of ``openapi/`` in which a test plays a changed server or an edited file."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from schema_tools import build, snapshot
from schema_tools.layout import REPOSITORY, Layout
from schema_tools.profile import load_profile

if TYPE_CHECKING:
    from collections.abc import Callable

Document = dict[str, Any]


@dataclass(frozen=True)
class SchemaProject:
    layout: Layout

    @classmethod
    def copy_to(cls, folder: Path) -> SchemaProject:
        shutil.copytree(REPOSITORY / "openapi", folder / "openapi")
        return cls(Layout(folder))

    def server_document(self) -> Document:
        """The document of the server of our snapshot."""
        return json.loads(self.layout.upstream.read_text(encoding="utf-8"))

    def change_server(self, change: Callable[[Document], object]) -> None:
        """Pull from a server whose document is changed like this."""
        document = self.server_document()
        change(document)
        snapshot.write(snapshot.take(document, load_profile(self.layout)), self.layout)

    def edit(self, path: Path, change: Callable[[Document], object]) -> None:
        """Edit one of our YAML files."""
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(table)
        path.write_text(yaml.safe_dump(table, allow_unicode=True, sort_keys=False), encoding="utf-8")

    def texts(self, name: str) -> Path:
        return self.layout.descriptions / f"{name}.yaml"

    def build(self) -> build.Built:
        return build.build(self.layout)
