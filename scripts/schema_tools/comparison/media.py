"""The schemas of a body or an answer, by media type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tools.comparison.difference import Change
from schema_tools.comparison.json_text import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tools.comparison.difference import Side
    from schema_tools.comparison.schemas import SchemaComparison
    from schema_tools.document import JsonObject

__all__ = ["compare_contents"]


def compare_contents(
    what: str, old: JsonObject, new: JsonObject, side: Side, schemas: SchemaComparison
) -> Iterator[Change]:
    """Every change of the schemas; which media types there are is the caller's to compare.

    Args:
        what: How messages call it.
        old: The contents before, by media type.
        new: The contents now.
        side: Who writes it.
        schemas: Compares the schemas.

    """
    shared = sorted(old.keys() & new.keys())
    pairs = [(media_type, media_type) for media_type in shared]
    if not shared and len(old) == len(new) == 1:
        pairs = [(next(iter(old)), next(iter(new)))]
    for media_type, media_type_now in pairs:
        content, content_now = old[media_type], new[media_type_now]
        whole = what if len(old) == len(new) == 1 else f"{what} as {media_type}"
        yield from schemas.compare(whole, content.get("schema"), content_now.get("schema"), side)
        if canonical(content.get("encoding")) != canonical(content_now.get("encoding")):
            yield Change("breaking", f"{whole} is written in another way: `encoding` changed")
