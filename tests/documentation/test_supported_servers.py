"""The pages name the servers that the package is for: the oldest and the one it is generated from."""

from __future__ import annotations

import re
from pathlib import Path

from inference_api.availability import VERSIONS

ROOT = Path(__file__).resolve().parents[2]


def test_the_compatibility_page_names_both_ends() -> None:
    page = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")
    (oldest, newest) = re.findall(r"^\| server \| ([\d.]+) to ([\d.]+) \|", page, re.MULTILINE)[0]
    assert (oldest, newest) == (VERSIONS[0], VERSIONS[-1]), "docs/compatibility.md: edit the row `server`"
