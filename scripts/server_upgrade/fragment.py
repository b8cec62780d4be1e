"""The changelog's fragment about a new server version, from the differences of the two documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from schema_tools.differences import Difference
    from schema_tools.document import JsonObject
    from schema_tools.layout import Layout

__all__ = ["write_fragment"]

SHOWN = 12
"""Operations that are named; of more, the number is told."""


def write_fragment(old: JsonObject, new: JsonObject, changes: Sequence[Difference], layout: Layout) -> Path:
    """Write the fragment and return its path; one that is there is replaced."""
    version = new["info"]["version"]
    path = layout.root / "changes" / f"+server-{version}.server.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(_text(old, new, changes), encoding="utf-8", newline="\n")
    return path


def _text(old: JsonObject, new: JsonObject, rows: Sequence[Difference]) -> str:
    sentences = [f"Server {new['info']['version']} is supported (before: {old['info']['version']})."]
    for verb, change in (("New", "operation added"), ("Gone", "operation removed")):
        if places := [row.place for row in rows if row.change.startswith(change)]:
            more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
            sentences.append(f"{verb}: {', '.join(f'`{place}`' for place in places[:SHOWN])}{more}.")
    if breaking := sum(row.severity == "breaking" for row in rows):
        sentences.append(f"The generated layer follows {breaking} changes of the server that can break its callers.")
    return "\n".join(sentences) + "\n"
