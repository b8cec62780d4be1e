"""What one operation takes: parameters and body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schema_tools.comparison.difference import Change
from schema_tools.comparison.json_text import canonical
from schema_tools.comparison.media import compare_contents
from schema_tools.comparison.notes import mark_change
from schema_tools.comparison.operations import path_parameters

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from schema_tools.comparison.operations import OperationPair
    from schema_tools.comparison.schemas import SchemaComparison
    from schema_tools.document import Json, JsonObject

    #: A place in the path or a name, after where it is: what makes two parameters the same for HTTP.
    ParameterKey: TypeAlias = tuple[str, int | str]

__all__ = ["compare_bodies", "compare_parameters"]

#: How a parameter's value is written; each default as OpenAPI has it.
SERIALISATION: dict[str, Any] = {"allowEmptyValue": False, "allowReserved": False, "explode": None, "style": None}


def compare_parameters(
    pair: OperationPair, old: JsonObject, new: JsonObject, schemas: SchemaComparison
) -> Iterator[Change]:
    """Every change of the parameters.

    Args:
        pair: The operation.
        old: What it declares before.
        new: What it declares now.
        schemas: Compares their schemas.

    """
    olds, news = _parameters(pair.old, old), _parameters(pair.new, new)
    removed = [olds[key] for key in sorted(olds.keys() - news.keys(), key=str)]
    added = {key: news[key] for key in sorted(news.keys() - olds.keys(), key=str)}
    shared = [(olds[key], news[key]) for key in sorted(olds.keys() & news.keys(), key=str)]
    for row in removed:
        moved = next((other for other in added if added[other]["name"] == row["name"]), None)
        if moved is None:
            yield Change("breaking", f"{_name(row)} removed")
        else:
            now = added.pop(moved)
            yield Change("breaking", f"{_name(row)} moved to {now['in']}")
            shared.append((row, now))
    for row in added.values():
        if row.get("required"):
            yield Change("breaking", f"{_name(row)} added (required)")
        else:
            yield Change("added", f"{_name(row)} added")
    for before, now in shared:
        yield from _compare_parameter(before, now, schemas)


def compare_bodies(old: JsonObject | None, new: JsonObject | None, schemas: SchemaComparison) -> Iterator[Change]:
    """Every change of the body."""
    if old is None and new is not None:
        required = " (required)" if new.get("required") else ""
        yield Change("breaking" if required else "added", f"body added{required}")
    if old is not None and new is None:
        yield Change("breaking", "body removed")
    if old is None or new is None:
        return
    yield from _required_change("body", old, new)
    contents, contents_now = old.get("content", {}), new.get("content", {})
    for media_type in sorted(contents.keys() - contents_now.keys()):
        yield Change("breaking", f"body no longer taken as {media_type}")
    for media_type in sorted(contents_now.keys() - contents.keys()):
        yield Change("added", f"body also taken as {media_type}")
    yield from compare_contents("body", contents, contents_now, "request", schemas)


def _compare_parameter(old: JsonObject, new: JsonObject, schemas: SchemaComparison) -> Iterator[Change]:
    name = _name(old)
    yield from _required_change(name, old, new)
    yield from mark_change(name, "deprecated", old, new)
    for keyword, default in SERIALISATION.items():
        if canonical(old.get(keyword, default)) != canonical(new.get(keyword, default)):
            yield Change("breaking", f"{name} is written in another way: `{keyword}` changed")
    contents, contents_now = old.get("content", {}), new.get("content", {})
    if contents.keys() != contents_now.keys():
        yield Change("breaking", f"{name} is {_listed(contents_now)}, was {_listed(contents)}")
    yield from schemas.compare(name, _schema(old), _schema(new), "request")


def _required_change(what: str, old: JsonObject, new: JsonObject) -> Iterator[Change]:
    if new.get("required") and not old.get("required"):
        yield Change("breaking", f"{what} became required")
    if old.get("required") and not new.get("required"):
        yield Change("added", f"{what} is no longer required")


def _parameters(key: str, operation: JsonObject) -> dict[ParameterKey, JsonObject]:
    in_path = path_parameters(key)
    found: dict[ParameterKey, JsonObject] = {}
    for row in operation["parameters"]:
        name = str(row["name"])
        if row["in"] == "path" and name in in_path:
            found["path", in_path.index(name)] = row
        else:
            # HTTP has no capitals in the names of headers
            found[str(row["in"]), name.lower() if row["in"] == "header" else name] = row
    return found


def _name(row: JsonObject) -> str:
    return f"{row['in']} parameter `{row['name']}`"


def _schema(row: JsonObject) -> Json:
    contents: list[JsonObject] = list(row.get("content", {}).values())
    return contents[0].get("schema") if contents else row.get("schema")


def _listed(contents: JsonObject) -> str:
    return ", ".join(sorted(contents)) or "a plain value"
