"""Values that fit a schema of the document: any, for hypothesis, and the smallest."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]

TEXT = st.text("ab-é", max_size=4)
SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | TEXT
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
#: Names no schema has: what a newer server might add.
UNKNOWN_NAMES = st.sampled_from(["zz_new", "zz other", "zz-3"])
TIMES = ["2024-01-02T03:04:05+00:00", "2024-01-02T03:04:05.000100"]


def values(schema: Schema, schemas: dict[str, Schema]) -> st.SearchStrategy[Any]:
    """Values of a schema: optional fields present or absent, unknown fields added where the schema is open."""
    return _Values(schemas).of(schema)


class _Values:
    def __init__(self, schemas: dict[str, Schema]) -> None:
        self._schemas = schemas
        self._named: dict[str, st.SearchStrategy[Any]] = {}

    def of(self, schema: Schema) -> st.SearchStrategy[Any]:
        if "$ref" in schema:
            return self._reference(schema["$ref"].rsplit("/", 1)[1])
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        for keyword in ("anyOf", "allOf"):
            if keyword in schema:
                assert keyword == "anyOf" or len(schema[keyword]) == 1, schema
                return st.one_of([self.of(arm) for arm in schema[keyword]])
        return self._by_type(schema)

    def _reference(self, name: str) -> st.SearchStrategy[Any]:
        if name not in self._named:
            self._named[name] = st.deferred(lambda: self.of(self._schemas[name]))
        return self._named[name]

    def _by_type(self, schema: Schema) -> st.SearchStrategy[Any]:
        match schema.get("type"):
            case "object":
                return self._object(schema)
            case "array":
                smallest = schema.get("minItems", 0)
                largest = schema.get("maxItems", max(2, smallest))
                return st.lists(self.of(schema.get("items", {})), min_size=smallest, max_size=largest)
            case "string" if schema.get("format") == "date-time":
                return st.sampled_from(TIMES)
            case "string":
                return st.text("ab-é", min_size=schema.get("minLength", 0), max_size=4)
            case "integer":
                return st.integers(int(schema.get("minimum", -5)), int(schema.get("maximum", 99)))
            case "number":
                return st.floats(schema.get("minimum", -9), schema.get("maximum", 99), width=32)
            case "boolean":
                return st.booleans()
            case "null":
                return st.none()
            case _:
                return ANYTHING

    def _object(self, schema: Schema) -> st.SearchStrategy[Any]:
        fields = {name: self.of(field) for name, field in schema.get("properties", {}).items()}
        required = set(schema.get("required", []))
        declared = st.fixed_dictionaries(
            {name: fields[name] for name in fields if name in required},
            optional={name: fields[name] for name in fields if name not in required},
        )
        extra = schema.get("additionalProperties", True)
        if extra is False:
            return declared
        unknown = st.dictionaries(UNKNOWN_NAMES, ANYTHING if extra is True else self.of(extra), max_size=2)
        return st.builds(lambda more, known: {**more, **known}, unknown, declared)


def smallest(schema: Schema, schemas: dict[str, Schema]) -> Any:
    """The value of a schema with nothing in it that could be left out."""
    if "$ref" in schema:
        return smallest(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for keyword in ("anyOf", "allOf"):
        if keyword in schema:
            return smallest(schema[keyword][0], schemas)
    match schema.get("type"):
        case "object":
            fields = schema.get("properties", {})
            return {name: smallest(fields[name], schemas) for name in schema.get("required", [])}
        case "array":
            return [smallest(schema.get("items", {}), schemas)] * schema.get("minItems", 0)
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
        case "null":
            return None
        case "string" if schema.get("format") == "date-time":
            return TIMES[0]
        case _:
            return "a" * schema.get("minLength", 1)
