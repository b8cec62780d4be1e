"""Our names for the server's schemas and operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tools.document import operations, reference_to, referenced_schema, schemas_of, walk_objects
from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from schema_tools.document import Json, JsonObject

__all__ = ["name_operations", "rename_schemas"]


def rename_schemas(document: JsonObject, renames: dict[str, str], source: str) -> None:
    """Rename schemas and every reference to them.

    Args:
        document: Changed in place.
        renames: Server name to our name.
        source: The file the renames come from, for messages.

    Raises:
        SchemaError: A row no longer applies, a name is taken, or a server name makes no clean class name.

    """
    schemas = schemas_of(document)
    for old, new in renames.items():
        if old not in schemas:
            raise SchemaError(f"{source}: rename_schemas row {old!r} matches nothing: the server has no such schema")
        if new in schemas and new not in renames:
            raise SchemaError(f"{source}: rename_schemas row {old!r}: the name {new!r} is taken by another schema")
    renamed = {renames.get(name, name): schema for name, schema in schemas.items()}
    if len(renamed) != len(schemas):
        raise SchemaError(f"{source}: rename_schemas gives two schemas the same name")
    document["components"]["schemas"] = renamed
    for node in walk_objects(document):
        target = referenced_schema(node)
        if target in renames:
            node["$ref"] = reference_to(renames[target])
    if unclean := [name for name in renamed if not name.isidentifier() or name.endswith("_")]:
        raise SchemaError(f"{source}: add a rename_schemas row for each of these server names: {unclean}")


def name_operations(document: JsonObject, table: dict[str, Json], source: str) -> None:
    """Give every operation the tag and the name of its row.

    Args:
        document: Changed in place.
        table: ``METHOD path`` to ``[tag, operation id]``.
        source: The file the table comes from, for messages.

    Raises:
        SchemaError: An operation has no row, a row has no operation, or two rows give the same name.

    """
    found = dict(operations(document))
    if new := [key for key in found if key not in table]:
        raise SchemaError(f"{source}: the server has new operations, add a row for each:" + _lines(new))
    if gone := [key for key in table if key not in found]:
        raise SchemaError(f"{source}: these rows have no operation on the server, delete them:" + _lines(gone))
    names: dict[str, str] = {}
    for key, operation in found.items():
        tag, name = table[key]
        if name in names:
            raise SchemaError(f"{source}: rows {names[name]!r} and {key!r} both have the name {name!r}")
        names[name] = key
        operation["x-upstream-operation-id"] = operation.get("operationId")
        operation["operationId"] = name
        operation["tags"] = [tag]
    document["tags"] = [{"name": tag} for tag in dict.fromkeys(row[0] for row in table.values())]


def _lines(rows: list[str]) -> str:
    return "".join(f"\n  {row}" for row in rows)
