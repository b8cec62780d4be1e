"""What one operation answers: statuses, media types, headers, schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tools.comparison.difference import Change, judge
from schema_tools.comparison.media import compare_contents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tools.comparison.schemas import SchemaComparison
    from schema_tools.document import JsonObject

__all__ = ["compare_answers"]


def compare_answers(old: JsonObject, new: JsonObject, schemas: SchemaComparison) -> Iterator[Change]:
    """Every change of the answers.

    Args:
        old: The responses before, by status.
        new: The responses now.
        schemas: Compares their schemas.

    """
    gone, more = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
    pairs = [(status, status) for status in sorted(old.keys() & new.keys())]
    successes, successes_now = (sorted(filter(_is_success, statuses)) for statuses in (old, new))
    if len(successes) == len(successes_now) == 1 and successes != successes_now:
        yield Change("breaking", f"success is {successes_now[0]}, was {successes[0]}")
        gone.remove(successes[0])
        more.remove(successes_now[0])
        pairs.append((successes[0], successes_now[0]))
    for status in gone:
        # a caller may meet any failure, declared or not, and must be ready for it
        yield Change("changed", f"answer {status} no longer declared")
    for status in more:
        yield Change("breaking" if _is_success(status) else "changed", f"answer {status} added")
    for status, status_now in pairs:
        is_only_success = _is_success(status) and len(successes) == len(successes_now) == 1
        what = "answer" if is_only_success else f"answer {status}"
        yield from _compare_answer(what, old[status], new[status_now], schemas)


def _compare_answer(what: str, old: JsonObject, new: JsonObject, schemas: SchemaComparison) -> Iterator[Change]:
    contents, contents_now = old.get("content", {}), new.get("content", {})
    if contents and not contents_now:
        yield Change("breaking", f"{what} no longer has a declared content")
    elif contents_now and not contents:
        yield Change("changed", f"{what} is now declared as {', '.join(sorted(contents_now))}")
    else:
        for media_type in sorted(contents_now.keys() - contents.keys()):
            yield judge("answer", "wider", f"{what} may now be {media_type}")
        for media_type in sorted(contents.keys() - contents_now.keys()):
            yield judge("answer", "narrower", f"{what} is no longer {media_type}")
        yield from compare_contents(what, contents, contents_now, "answer", schemas)
    yield from _compare_headers(what, old.get("headers", {}), new.get("headers", {}), schemas)


def _compare_headers(what: str, old: JsonObject, new: JsonObject, schemas: SchemaComparison) -> Iterator[Change]:
    # HTTP has no capitals in the names of headers
    olds, news = ({name.lower(): header for name, header in headers.items()} for headers in (old, new))
    for name in sorted(olds.keys() - news.keys()):
        yield Change("breaking", f"header `{name}` of {what} removed")
    for name in sorted(news.keys() - olds.keys()):
        yield Change("added", f"header `{name}` of {what} added")
    for name in sorted(olds.keys() & news.keys()):
        header, header_now = olds[name], news[name]
        named = f"header `{name}` of {what}"
        if header.get("required") and not header_now.get("required"):
            yield judge("answer", "wider", f"{named} may now be missing")
        if header_now.get("required") and not header.get("required"):
            yield judge("answer", "narrower", f"{named} is now always there")
        yield from schemas.compare(named, header.get("schema"), header_now.get("schema"), "answer")


def _is_success(status: str) -> bool:
    return status.startswith("2")
