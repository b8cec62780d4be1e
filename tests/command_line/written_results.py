"""Results as they stand in outputs, without what differs from run to run."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

__all__ = ["lasting", "lines_of", "rows_of"]

_CHANGING = {"time", "inference_id", "detection_id"}


def lasting(value: Any) -> Any:
    """A result without its times and identities."""
    if isinstance(value, dict):
        return {key: lasting(inner) for key, inner in value.items() if key not in _CHANGING}
    return [lasting(inner) for inner in value] if isinstance(value, list) else value


def lines_of(source: Path | str) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines, or of its text."""
    text = source.read_text(encoding="utf-8") if isinstance(source, Path) else source
    assert text == "" or text.endswith("\n")
    return [lasting(json.loads(line)) for line in text.splitlines()]


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with io.StringIO(path.read_bytes().decode(), newline="") as file:
        return [lasting(row) for row in csv.DictReader(file, strict=True)]
