"""Where the fields of an operation stand: the paths to them in its request and in its answer.

Servers rename their schemas from version to version, so a field is found again by the operation it belongs to and
the way that leads to it there. Lists, unions and references are looked through: they take no part in the path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from schema_tools.document import is_array, is_object, referenced_schema, schemas_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schema_tools.document import Json, JsonObject

__all__ = ["Field", "Path", "Side", "fields"]

Side: TypeAlias = Literal["query", "header", "body", "answer"]

#: The names from the outermost object to the field.
Path: TypeAlias = tuple[str, ...]

#: Stands in a path for a key that the caller or the server chooses.
ANY_KEY = "*"

_COMBINED = ("anyOf", "oneOf", "allOf", "prefixItems")


@dataclass(frozen=True)
class Field:
    """One field of an operation.

    Attributes:
        side: Where it is sent or received.
        path: The way to it.
        schema: The named schema that declares it, if one does.

    """

    side: Side
    path: Path
    schema: str | None


def fields(document: JsonObject, operation: JsonObject) -> Iterator[Field]:
    """Every field that an operation declares, in its query, headers, body and successful answers."""
    for parameter in operation.get("parameters", []):
        if parameter["in"] in ("query", "header"):
            yield Field(parameter["in"], (parameter["name"],), None)
    schemas = schemas_of(document)
    for path, schema in _walk(_content(operation.get("requestBody", {})), schemas):
        yield Field("body", path, schema)
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            for path, schema in _walk(_content(response), schemas):
                yield Field("answer", path, schema)


def _content(holder: JsonObject) -> list[Json]:
    """The schemas of a body, one for each media type."""
    return [media_type.get("schema", {}) for media_type in holder.get("content", {}).values()]


def _walk(
    node: Json,
    schemas: dict[str, JsonObject],
    path: Path = (),
    owner: str | None = None,
    above: frozenset[str] = frozenset(),
) -> Iterator[tuple[Path, str | None]]:
    """Every field below a node, with the schema that declares it; a schema within itself is not entered again."""
    if is_array(node):
        for entry in node:
            yield from _walk(entry, schemas, path, owner, above)
        return
    if not is_object(node):
        return
    name = referenced_schema(node)
    if name is not None:
        if name not in above:
            yield from _walk(schemas[name], schemas, path, name, above | {name})
        return
    for key in _COMBINED:
        yield from _walk(node.get(key), schemas, path, owner, above)
    yield from _walk(node.get("items"), schemas, path, None, above)
    if is_object(node.get("additionalProperties")):
        yield (*path, ANY_KEY), None
        yield from _walk(node["additionalProperties"], schemas, (*path, ANY_KEY), None, above)
    for field, schema in node.get("properties", {}).items():
        yield (*path, field), owner
        yield from _walk(schema, schemas, (*path, field), None, above)
