"""The rule of the comparison, on schemas that nobody wrote: wider never breaks who sends, and always who receives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from schema_tools.differences import compare
from test_schema_differences import document

if TYPE_CHECKING:
    from schema_tools.comparison.difference import Side
    from schema_tools.differences import Difference

Schema = dict[str, Any]

NAMED: dict[str, Schema] = {
    "Loop": {
        "type": "object",
        "properties": {"again": {"$ref": "#/components/schemas/Loop"}, "n": {"type": "integer"}},
    },
    "Kind": {"type": "string", "enum": ["x", "y"]},
}
NAMES = ("a", "b", "c")

LEAVES = st.sampled_from(
    [
        {"type": "string"},
        {"type": "string", "minLength": 2, "pattern": "^a"},
        {"type": "integer", "minimum": 0},
        {"type": "number", "maximum": 9, "multipleOf": 0.5},
        {"type": "null"},
        {"const": "x"},
        {"enum": ["x", 1, None]},
        {"$ref": "#/components/schemas/Loop"},
        {"$ref": "#/components/schemas/Kind"},
    ]
)


def records(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    def make(fields: dict[str, Schema], required: list[str], *, closed: bool) -> Schema:
        schema: Schema = {"type": "object", "properties": fields, "required": [n for n in required if n in fields]}
        return {**schema, "additionalProperties": False} if closed else schema

    fields = st.dictionaries(st.sampled_from(NAMES), inner, min_size=1)
    return st.builds(make, fields=fields, required=st.lists(st.sampled_from(NAMES), unique=True), closed=st.booleans())


def inner_schemas(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    return st.one_of(
        st.builds(lambda arms: {"anyOf": arms}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda arms: {"oneOf": arms}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda arm: {"allOf": [arm]}, inner),
        st.builds(lambda items: {"type": "array", "items": items, "minItems": 1}, inner),
        st.builds(lambda values: {"type": "object", "additionalProperties": values}, inner),
        records(inner),
    )


SCHEMAS = st.recursive(LEAVES, inner_schemas, max_leaves=6)
#: No schema above allows these.
STRANGER, STRANGE_VALUE = {"type": "boolean"}, False
LIMITS = ("minLength", "pattern", "minimum", "maximum", "multipleOf", "minItems")

#: A busy machine takes longer, which is no failure.
UNHURRIED = settings(deadline=None)


def widenings(schema: Schema) -> list[Schema]:
    """Every schema that is wider than this one in one place; none of them is equal to it."""
    found = [{key: value for key, value in schema.items() if key != limit} for limit in LIMITS if limit in schema]
    found += [{**schema, "enum": [*schema["enum"], STRANGE_VALUE]}] if "enum" in schema else []
    found += [{"enum": [schema["const"], STRANGE_VALUE]}] if "const" in schema else []
    found += [{**schema, "type": "number"}] if schema.get("type") == "integer" else []
    found += [{**schema, "additionalProperties": True}] if schema.get("additionalProperties") is False else []
    for name in schema.get("required", []):
        found += [{**schema, "required": [each for each in schema["required"] if each != name]}]
    for name, field in schema.get("properties", {}).items():
        found += [{**schema, "properties": {**schema["properties"], name: wider}} for wider in widenings(field)]
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            found += [{**schema, key: wider} for wider in widenings(schema[key])]
    return found


LIMITS = ("minLength", "pattern", "minimum", "maximum", "multipleOf", "minItems")


def changes(side: Side, old: Schema, new: Schema) -> list[Difference]:
    return compare(document(side, old, NAMED), document(side, new, NAMED))


def severities(side: Side, old: Schema, new: Schema) -> set[str]:
    return {row.severity for row in changes(side, old, new)}


@UNHURRIED
@given(SCHEMAS)
def test_a_document_equals_itself(schema: Schema) -> None:
    assert changes("request", schema, schema) == changes("answer", schema, schema) == []


@UNHURRIED
@given(SCHEMAS, st.data())
def test_wider_breaks_nobody_who_sends_and_everybody_who_receives(schema: Schema, data: st.DataObject) -> None:
    wider = data.draw(st.sampled_from([*widenings(schema), {"anyOf": [schema, STRANGER]}]))
    assert severities("request", schema, wider) == {"added"}
    assert "breaking" in severities("request", wider, schema)
    assert "breaking" in severities("answer", schema, wider)
    assert severities("answer", wider, schema) == {"changed"}


@UNHURRIED
@example({"anyOf": [{"type": "string"}]}, {"oneOf": [{"type": "string"}, {"type": "null"}]})
@given(SCHEMAS, SCHEMAS)
def test_one_more_arm_never_breaks_who_sends(one: Schema, other: Schema) -> None:
    union = {"anyOf": [one, other]}
    assert "breaking" not in severities("request", one, union)
    assert "breaking" not in severities("answer", union, one)


@UNHURRIED
@given(SCHEMAS, SCHEMAS)
def test_what_breaks_who_sends_breaks_who_receives_on_the_way_back(one: Schema, other: Schema) -> None:
    there = changes("request", one, other)
    # a field that is gone is breaking on both sides, one that came on neither
    assume(not any(row.change.endswith(("removed", "added", "added (required)")) for row in there))
    assert ("breaking" in {row.severity for row in there}) == ("breaking" in severities("answer", other, one))
