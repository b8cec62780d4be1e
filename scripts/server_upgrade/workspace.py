"""Where an upgrade keeps what it finds, outside version control."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from schema_tools.layout import Layout

__all__ = ["Workspace"]


@dataclass(frozen=True)
class Workspace:
    """The folder of one upgrade, `out/upgrade-VERSION`."""

    folder: Path

    @classmethod
    def of(cls, version: str, layout: Layout) -> Workspace:
        """Make the folder, or find it: an upgrade is usually run several times."""
        folder = layout.root / "out" / f"upgrade-{version}"
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder)

    @property
    def raw_document(self) -> Path:
        """The server's document as it came, with its prose."""
        return self.folder / "openapi.json"

    @property
    def log(self) -> Path:
        """What the tools printed."""
        return self.folder / "install.log"

    @property
    def texts_to_write(self) -> Path:
        """The rows that need a text, each with what the server itself says there."""
        return self.folder / "texts-to-write.md"

    @property
    def packages_before(self) -> Path:
        """Both packages as they were before."""
        return self.folder / "before"

    def report(self, name: str) -> Path:
        """A report for the reviewer, such as `server-against-1.8.2`."""
        return self.folder / f"{name}.md"
