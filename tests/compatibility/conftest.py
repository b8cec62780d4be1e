from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path += [str(HERE.parents[1] / "scripts"), str(HERE.parent / "schema"), str(HERE)]

from planted_worlds import handwritten_world, server_world, unchanged  # noqa: E402 - found by the line above

__all__ = ["handwritten_world", "server_world", "unchanged"]
