"""Which keywords of a schema the comparison understands, and for which kind of value each counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schema_tools.document import JsonObject

__all__ = ["ANNOTATIONS", "KINDS", "UNIONS", "constraints_for", "is_constraint", "is_extension", "other_constraints"]

#: Texts, names for the document alone, and what `notes` compares.
NO_CONSTRAINT = frozenset(
    {
        "$anchor",
        "$comment",
        "$id",
        "$schema",
        "default",
        "deprecated",
        "description",
        "discriminator",
        "example",
        "examples",
        "externalDocs",
        "readOnly",
        "summary",
        "title",
        "writeOnly",
        "xml",
    }
)
#: Marks on a schema that are there or not.
ANNOTATIONS = ("deprecated", "readOnly", "writeOnly")
UNIONS = ("anyOf", "oneOf")
#: Keywords that say which kinds of values there are; `alternatives` resolves them.
KINDS = frozenset({"$ref", "allOf", "anyOf", "const", "enum", "nullable", "oneOf", "type"})

_OF_KIND = {
    "array": frozenset({"items", "maxItems", "minItems", "prefixItems", "uniqueItems"}),
    "boolean": frozenset[str](),
    "null": frozenset[str](),
    "number": frozenset({"exclusiveMaximum", "exclusiveMinimum", "format", "maximum", "minimum", "multipleOf"}),
    "object": frozenset(
        {"additionalProperties", "maxProperties", "minProperties", "properties", "propertyNames", "required"}
    ),
    "string": frozenset({"contentEncoding", "contentMediaType", "format", "maxLength", "minLength", "pattern"}),
}
_UNDERSTOOD = KINDS.union(*_OF_KIND.values())


def is_extension(keyword: str) -> bool:
    """Whether the keyword is one of the server's own, about which JSON Schema says nothing."""
    return keyword.startswith("x-")


def is_constraint(keyword: str) -> bool:
    """Whether the keyword changes which values are allowed."""
    return keyword not in NO_CONSTRAINT and not is_extension(keyword)


def constraints_for(kind: str, schema: JsonObject) -> JsonObject:
    """The keywords of a schema that count for values of one kind, the unknown ones among them."""
    return {
        keyword: value
        for keyword, value in schema.items()
        if is_constraint(keyword) and keyword not in KINDS and (keyword in _OF_KIND[kind] or keyword not in _UNDERSTOOD)
    }


def other_constraints(schema: JsonObject) -> JsonObject:
    """The keywords that change which values are allowed in a way that the comparison does not understand."""
    return {
        keyword: value for keyword, value in schema.items() if is_constraint(keyword) and keyword not in _UNDERSTOOD
    }
