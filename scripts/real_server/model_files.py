"""The analytic models' files: the ones the server reads, and a copy to make them again from.

Old servers, and the legacy engine of the current one, delete a model's files when they unload it.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ModelFiles"]


@dataclass(frozen=True)
class ModelFiles:
    """Two folders with the same `<project>/1/` inside."""

    copies: Path
    """Never touched by a server."""
    served: Path
    """Where the server looks for them."""

    def restore(self) -> None:
        """Make every model again that the server deleted; the others stay as they are."""
        for weights in self.copies.glob("*/*/weights.onnx"):
            folder = weights.parent
            served = self.served / folder.relative_to(self.copies)
            if not (served / weights.name).exists():
                shutil.copytree(folder, served, dirs_exist_ok=True)
