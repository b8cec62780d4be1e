"""How messages call the values that a schema allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tools.comparison.alternatives import alternatives
from schema_tools.comparison.json_text import canonical, shown
from schema_tools.document import is_array

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schema_tools.comparison.alternatives import Alternative
    from schema_tools.document import Json, JsonObject

__all__ = ["label", "labels"]


def labels(found: Iterable[Alternative], schemas: Mapping[str, JsonObject]) -> str:
    """The alternatives in a message, sorted."""
    return ", ".join(sorted({label(each, schemas) for each in found}))


def label(alternative: Alternative, schemas: Mapping[str, JsonObject]) -> str:
    """One alternative in a message: a type, a value, or the name of a schema."""
    schema = alternative.schema
    match alternative.kind:
        case _ if alternative.name is not None:
            return alternative.name
        case "value":
            return shown(schema["const"])
        case "array" if is_array(schema.get("prefixItems")):
            return f"list of {len(schema['prefixItems'])} items of their own types"
        case "array":
            return f"list of {_held(schema.get('items'), schemas)}"
        case "object" if schema.get("properties"):
            return f"object with {', '.join(f'`{name}`' for name in schema['properties'])}"
        case "object":
            return f"map of {_held(schema.get('additionalProperties'), schemas)}"
        case "unknown":
            return canonical(schema)
        case kind:
            limits = [f"{keyword} {shown(value)}" for keyword, value in schema.items()]
            return f"{kind} ({', '.join(limits)})" if limits else kind


def _held(schema: Json, schemas: Mapping[str, JsonObject]) -> str:
    held = sorted({label(each, schemas) for each in alternatives(schema, schemas)})
    return " or ".join(held) or "nothing"
