"""Reading, writing and walking an OpenAPI document."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

import yaml

from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = [
    "NAME_MAPS",
    "OPAQUE",
    "Json",
    "JsonObject",
    "Operation",
    "dumps",
    "is_array",
    "is_object",
    "load_object",
    "operations",
    "reachable_schemas",
    "reference_to",
    "referenced_schema",
    "schemas_of",
    "shape",
    "walk_keywords",
    "walk_objects",
]

Json: TypeAlias = Any
JsonObject: TypeAlias = dict[str, Any]
Operation: TypeAlias = tuple[str, JsonObject]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
SCHEMA_PREFIX = "#/components/schemas/"

#: Keys whose children are names chosen by someone (of fields, schemas, paths), never keywords.
NAME_MAPS = frozenset(
    {
        "$defs",
        "content",
        "dependentSchemas",
        "headers",
        "mapping",
        "parameters",
        "paths",
        "patternProperties",
        "properties",
        "requestBodies",
        "responses",
        "schemas",
        "securitySchemes",
    }
)
#: Keys whose values are data, not schema.
OPAQUE = frozenset({"const", "default", "enum", "x-server-default"})


def is_object(node: object) -> TypeGuard[JsonObject]:
    """Whether the node is a JSON object."""
    return isinstance(node, dict)


def is_array(node: object) -> TypeGuard[list[Json]]:
    """Whether the node is a JSON array."""
    return isinstance(node, list)


def load_object(path: Path, source: str) -> JsonObject:
    """Read a JSON or YAML file that holds one object.

    Args:
        path: The file.
        source: Its name in messages.

    Raises:
        SchemaError: The file is missing, is not readable as its suffix says, or holds something else.

    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SchemaError(f"{source}: cannot be read: {error.strerror}") from error
    try:
        value: object = json.loads(text) if path.suffix == ".json" else UniqueKeyLoader(text).get_single_data()
    except (ValueError, yaml.YAMLError) as error:
        raise SchemaError(f"{source}: is not valid {path.suffix[1:]}: {' '.join(str(error).split())}") from error
    if not is_object(value):
        raise SchemaError(f"{source}: expected one object of names and values")
    return value


def dumps(document: Json) -> str:
    """Canonical text of a document: order kept (it is the order of class fields), LF, final newline."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def schemas_of(document: JsonObject) -> dict[str, JsonObject]:
    """The named schemas of a document."""
    schemas: dict[str, JsonObject] = document["components"]["schemas"]
    return schemas


def operations(document: JsonObject) -> Iterator[Operation]:
    """Every operation as ``("METHOD path", operation)``, in document order."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield f"{method.upper()} {path}", item[method]


def shape(key: str) -> str:
    """The key of an operation without the names of its path parameters, which callers do not see."""
    return re.sub(r"\{[^}]*\}", "{}", key)


def reference_to(name: str) -> str:
    """The ``$ref`` value that leads to a named schema."""
    return SCHEMA_PREFIX + name


def referenced_schema(node: JsonObject) -> str | None:
    """Name of the schema the node's ``$ref`` leads to, or None."""
    reference = node.get("$ref")
    if isinstance(reference, str) and reference.startswith(SCHEMA_PREFIX):
        return reference.removeprefix(SCHEMA_PREFIX)
    return None


def walk_objects(node: Json) -> Iterator[JsonObject]:
    """Every JSON object in the node, parents first."""
    if is_object(node):
        yield node
        for value in node.values():
            yield from walk_objects(value)
    elif is_array(node):
        for value in node:
            yield from walk_objects(value)


def walk_keywords(node: Json, *, is_name_map: bool = False) -> Iterator[JsonObject]:
    """Every object whose keys are keywords: maps of names are looked through, data is left out.

    A field may be called ``default``; only this walk tells it from the keyword.
    """
    if is_array(node):
        for value in node:
            yield from walk_keywords(value)
    elif is_object(node):
        if not is_name_map:
            yield node
        for key, value in node.items():
            if is_name_map or key not in OPAQUE:
                holds_names = not is_name_map and key in NAME_MAPS and is_object(value)
                yield from walk_keywords(value, is_name_map=holds_names)


def reachable_schemas(document: JsonObject, roots: Iterable[Json]) -> set[str]:
    """Names of all schemas that the roots lead to, directly or through other schemas."""
    schemas = schemas_of(document)
    found: set[str] = set()
    pending = list(roots)
    while pending:
        for node in walk_objects(pending.pop()):
            name = referenced_schema(node)
            if name is not None and name not in found:
                found.add(name)
                pending.append(schemas[name])
    return found


class UniqueKeyLoader(yaml.CSafeLoader):
    """YAML's safe loader, except that a key given twice is an error and not silently the last one."""


def _unique_mapping(loader: UniqueKeyLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    mapping: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key: Any = loader.construct_object(key_node)  # pyright: ignore[reportUnknownMemberType]
        if key in mapping:
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} appears twice", key_node.start_mark)
        mapping[key] = loader.construct_object(value_node, deep=True)  # pyright: ignore[reportUnknownMemberType]
    return mapping


UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique_mapping)
