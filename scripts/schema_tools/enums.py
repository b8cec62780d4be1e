"""Inline lists of values get one name each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from schema_tools.document import is_array, reference_to, schemas_of, walk_keywords
from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from schema_tools.document import Json, JsonObject

__all__ = ["inline_enums", "name_inline_enums"]


def name_inline_enums(document: JsonObject, table: dict[str, list[Json]], source: str) -> int:
    """Replace inline enums by a reference to a named schema with the same values in the same order.

    Args:
        document: Changed in place.
        table: Our name to the values.
        source: The file the table comes from, for messages.

    Returns:
        How many inline enums were replaced.

    Raises:
        SchemaError: A row matches nothing, its name is taken, or an inline enum has no row.

    """
    schemas = schemas_of(document)
    for name in table:
        if name in schemas:
            raise SchemaError(f"{source}: enums row {name!r}: the server has a schema of that name")
    name_of = {json.dumps(values): name for name, values in table.items()}
    uses = dict.fromkeys(table, 0)
    nameless: list[str] = []
    for node in inline_enums(document):
        text = json.dumps(node["enum"])
        match = name_of.get(text)
        if match is None:
            nameless.append(text)
        else:
            _refer(node, match)
            uses[match] += 1
    for name in table:
        schemas[name] = _enum(table[name])
    if unused := [name for name, count in uses.items() if count == 0]:
        stale = "; ".join(f"enums row {name!r} matches nothing: no inline enum has these values" for name in unused)
        raise SchemaError(f"{source}: {stale}" + (f"; without a row: {', '.join(nameless)}" if nameless else ""))
    if nameless:
        raise SchemaError(f"{source}: add an enums row with a name for each of these values: {', '.join(nameless)}")
    return sum(uses.values())


def inline_enums(document: JsonObject) -> list[JsonObject]:
    """The schemas with a list of values that stand inside others and so have no name."""
    schemas = schemas_of(document)
    named = {id(schema) for schema in schemas.values()}
    nodes = walk_keywords({"paths": document["paths"], "schemas": schemas})
    return [node for node in nodes if is_array(node.get("enum")) and id(node) not in named]


def _refer(node: JsonObject, name: str) -> None:
    others = {key: value for key, value in node.items() if key not in {"const", "enum", "type"}}
    node.clear()
    if others:
        # keywords beside a plain $ref are lost in the generator
        node.update({"allOf": [{"$ref": reference_to(name)}], **others})
    else:
        node["$ref"] = reference_to(name)


def _enum(values: list[Json]) -> JsonObject:
    kind = "string" if all(isinstance(value, str) for value in values) else "integer"
    return {"type": kind, "enum": values}
