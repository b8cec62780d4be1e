"""Corrections that concern only what we send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tools.document import operations, reachable_schemas, schemas_of, walk_keywords
from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schema_tools.document import Json, JsonObject

__all__ = ["hold_back_defaults", "relax_server_filled", "request_schemas"]

#: Every request that takes a key extends the server's base request, which fills the listed fields itself.
BASE_REQUEST_FIELD = "api_key"


def request_schemas(document: JsonObject) -> list[str]:
    """Names of all schemas that occur in request bodies, sorted.

    Raises:
        SchemaError: A schema is used in requests and in responses, so that no rule can apply to one side.

    """
    sent = reachable_schemas(document, [operation.get("requestBody", {}) for _, operation in operations(document)])
    received = reachable_schemas(document, [operation["responses"] for _, operation in operations(document)])
    if both := sorted(sent & received):
        raise SchemaError(
            f"openapi/upstream.json: these schemas are now used in requests and in responses: {both}. "
            "The rules of scripts/schema_tools/requests.py would change both sides: decide per schema there"
        )
    return sorted(sent)


def hold_back_defaults(document: JsonObject, names: Iterable[str]) -> int:
    """Turn the defaults of requests and parameters into ``x-server-default``.

    The server tells a field that was sent from one that was left out, even when the value is its own default.
    So a default must never be sent for the user; it stays in the document as information.

    Returns:
        How many defaults were held back.

    """
    schemas = schemas_of(document)
    roots: list[Json] = [schemas[name] for name in names]
    roots += [operation.get("parameters", []) for _, operation in operations(document)]
    count = 0
    for root in roots:
        for node in list(walk_keywords(root)):
            if "default" in node:
                value = node.pop("default")
                if "const" not in node:  # the only value there is tells nothing
                    node["x-server-default"] = value
                count += 1
    return _at_least_one(count, "hold_back_defaults")


def relax_server_filled(document: JsonObject, names: Iterable[str], fields: list[str], source: str) -> int:
    """Make fields optional that the server fills itself although its document requires them.

    Returns:
        In how many places a field was relaxed.

    Raises:
        SchemaError: A field is required nowhere any more.

    """
    schemas = schemas_of(document)
    requests = [schemas[name] for name in names if BASE_REQUEST_FIELD in schemas[name].get("properties", {})]
    total = 0
    for field in fields:
        relaxed = [schema for schema in requests if field in schema.get("required", [])]
        if not relaxed:
            raise SchemaError(
                f"{source}: server_filled row {field!r} changes nothing: no request requires it, delete it"
            )
        for schema in relaxed:
            schema["required"].remove(field)
            if not schema["required"]:
                del schema["required"]
        total += len(relaxed)
    return total


def _at_least_one(count: int, rule: str) -> int:
    if count == 0:
        raise SchemaError(f"scripts/schema_tools/requests.py: {rule} changes nothing any more, delete it")
    return count
