"""From the server's document to ours: every correction in its order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tools.descriptions import apply_descriptions, load_texts, name_responses
from schema_tools.document import dumps, operations, referenced_schema, schemas_of, walk_objects
from schema_tools.enums import name_inline_enums
from schema_tools.errors import SchemaError
from schema_tools.naming import name_operations, rename_schemas
from schema_tools.overlay import apply_overlay
from schema_tools.problems import Problems
from schema_tools.requests import hold_back_defaults, relax_server_filled, request_schemas
from schema_tools.snapshot import require_snapshot
from schema_tools.unions import drop_empty_arms, merge_array_arms

if TYPE_CHECKING:
    from schema_tools.document import Json, JsonObject
    from schema_tools.layout import Layout

__all__ = ["Built", "build", "check", "correct", "normalise_rules", "write"]

NORMALISE_TABLES = {"rename_schemas", "server_filled", "enums", "responses"}


@dataclass(frozen=True)
class Built:
    """The built document.

    Attributes:
        document: The document.
        text: Its canonical text, what ``openapi.json`` holds.
        statistics: What each kind of correction did.

    """

    document: JsonObject
    text: str
    statistics: dict[str, int]


def build(layout: Layout) -> Built:
    """Build the document from the snapshot, the corrections and our texts.

    Raises:
        SchemaError: A correction or a text no longer applies, or something is missing.

    """
    document = require_snapshot(layout)
    upstream_operations = [key for key, _ in operations(document)]
    upstream_schemas = list(schemas_of(document))
    renames: dict[str, str] = normalise_rules(layout)["rename_schemas"]

    problems = Problems()
    statistics = correct(document, layout, problems)
    with problems.noted():
        statistics["descriptions"] = apply_descriptions(document, load_texts(layout))
    problems.raise_noted()

    _require_nothing_lost(document, upstream_operations, [renames.get(name, name) for name in upstream_schemas])
    _require_unique_parameters(document)
    _require_references(document)
    _require_typed_answers(document)
    document["info"]["x-generated-by"] = "scripts/build_schema.py from openapi/upstream.json; do not edit"
    statistics["operations"] = len(upstream_operations)
    statistics["server schemas"] = len(upstream_schemas)
    statistics["schemas"] = len(schemas_of(document))
    return Built(document, dumps(document), statistics)


def correct(document: JsonObject, layout: Layout, problems: Problems) -> dict[str, int]:
    """Apply every correction except the texts.

    Args:
        document: The server's document, changed in place.
        layout: Where the corrections are.
        problems: Takes note of each correction that no longer applies.

    Returns:
        What each kind of correction did.

    Raises:
        SchemaError: The names no longer fit, without which nothing else can be judged.

    """
    rules = normalise_rules(layout)
    source = layout.name(layout.normalise)
    statistics: dict[str, int] = {}

    with problems.noted():
        rename_schemas(document, rules["rename_schemas"], source)
    with problems.noted():
        name_operations(document, layout.load(layout.operations), layout.name(layout.operations))
    problems.raise_noted()
    statistics["schemas renamed"] = len(rules["rename_schemas"])
    with problems.noted():
        requests = request_schemas(document)
        statistics["request defaults held back"] = hold_back_defaults(document, requests)
        filled = relax_server_filled(document, requests, rules["server_filled"], source)
        statistics["server-filled fields relaxed"] = filled
    with problems.noted():
        statistics["array unions merged"] = merge_array_arms(document)
    with problems.noted():
        statistics["empty union arms dropped"] = drop_empty_arms(document)
    with problems.noted():
        statistics["inline enums named"] = name_inline_enums(document, rules["enums"], source)
    statistics["overlay actions"] = sum(
        apply_overlay(document, layout.load(path), layout.name(path), problems) for path in layout.overlays
    )
    with problems.noted():
        name_responses(document, rules["responses"], source)
    return statistics


def write(built: Built, layout: Layout) -> None:
    """Replace ``openapi.json``."""
    layout.document.write_text(built.text, encoding="utf-8", newline="\n")


def check(built: Built, layout: Layout) -> None:
    """Compare with the ``openapi.json`` we have.

    Raises:
        SchemaError: It is stale.

    """
    if not layout.document.exists() or layout.document.read_text(encoding="utf-8") != built.text:
        raise SchemaError(f"{layout.name(layout.document)}: is stale, run scripts/build_schema.py")


def normalise_rules(layout: Layout) -> dict[str, Json]:
    """Read ``openapi/normalise.yaml``; a table without rows is empty.

    Raises:
        SchemaError: It has other tables than it should.

    """
    rules = layout.load(layout.normalise)
    if set(rules) != NORMALISE_TABLES:
        raise SchemaError(
            f"{layout.name(layout.normalise)}: expected the tables {sorted(NORMALISE_TABLES)}, got {sorted(rules)}"
        )
    # YAML reads a table without rows as null.
    return {name: rows or {} for name, rows in rules.items()}


def _require_nothing_lost(document: JsonObject, expected_operations: list[str], expected_schemas: list[str]) -> None:
    kept = {key for key, _ in operations(document)}
    if lost := [key for key in expected_operations if key not in kept]:
        raise SchemaError(f"openapi/overlays: an action removes these operations of the server: {lost}")
    if lost := [name for name in expected_schemas if name not in schemas_of(document)]:
        raise SchemaError(f"openapi/overlays: an action removes these schemas of the server: {lost}")


def _require_unique_parameters(document: JsonObject) -> None:
    for key, operation in operations(document):
        uses = Counter((parameter["in"], parameter["name"]) for parameter in operation.get("parameters", []))
        if repeated := [name for (_, name), count in uses.items() if count > 1]:
            raise SchemaError(f"openapi/overlays: {key}: the server now declares {repeated} itself, delete the action")


def _require_references(document: JsonObject) -> None:
    schemas = schemas_of(document)
    for node in walk_objects(document):
        name = referenced_schema(node)
        if name is not None and name not in schemas:
            raise SchemaError(f"openapi/overlays: a $ref leads to {name!r}, which is no schema of the document")


def _require_typed_answers(document: JsonObject) -> None:
    untyped = [
        f"\n  {key}: {code}: {media_type}"
        for key, operation in operations(document)
        for code, response in operation["responses"].items()
        for media_type, content in response.get("content", {}).items()
        if code.startswith("2") and not content.get("schema")
    ]
    if untyped:
        raise SchemaError(
            "openapi/overlays/30-responses.yaml: these answers have no type; find out what the server answers and add "
            "an action for each:" + "".join(untyped)
        )
