"""Inline lists of values get one name each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from schema_tools.document import is_array, reference_to, schemas_of, walk_keywords
from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from schema_tools.document import Json, JsonObject

__all__ = ["name_inline_enums"]


def name_inline_enums(document: JsonObject, table: dict[str, list[Json]], source: str) -> int:
    """Replace inline enums by a reference to a named schema with the same values in the same order.

    Args:
        document: Changed in place.
        table: Our name to the values.
        source: The file the table comes from, for messages.

    Returns:
        How many inline enums were replaced.

    Raises:
        SchemaError: A row matches nothing, or its name is taken.

    """
    schemas = schemas_of(document)
    for name in table:
        if name in schemas:
            raise SchemaError(f"{source}: enums row {name!r}: the server has a schema of that name")
    name_of = {json.dumps(values): name for name, values in table.items()}
    already_named = {id(schema) for schema in schemas.values()}
    uses = dict.fromkeys(table, 0)
    for node in list(walk_keywords({"paths": document["paths"], "schemas": schemas})):
        values = node.get("enum")
        if not is_array(values) or id(node) in already_named:
            continue
        match = name_of.get(json.dumps(values))
        if match is not None:
            _refer(node, match)
            uses[match] += 1
    for name, count in uses.items():
        if count == 0:
            raise SchemaError(f"{source}: enums row {name!r} matches nothing: no inline enum has these values")
        schemas[name] = _enum(table[name])
    return sum(uses.values())


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
