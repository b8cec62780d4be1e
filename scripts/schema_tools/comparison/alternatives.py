"""What values a schema allows: a list of alternatives, without unions, types in lists, or ``allOf``."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tools.comparison.json_text import canonical
from schema_tools.comparison.keywords import KINDS, UNIONS, constraints_for, is_constraint
from schema_tools.comparison.merging import merged
from schema_tools.document import is_array, is_object, reference_to, referenced_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from schema_tools.document import Json, JsonObject

__all__ = ["Alternative", "alternatives", "expanded"]

TYPES = ("null", "boolean", "number", "string", "array", "object")
#: Keywords that only one type of value can have, for schemas that do not name their type.
TYPICAL = {"properties": "object", "additionalProperties": "object", "required": "object", "items": "array"}


@dataclass(frozen=True)
class Alternative:
    """One of the alternatives of a schema.

    Attributes:
        kind: ``any``, ``value``, ``named``, ``integer`` (counted as ``number``), ``unknown``, or the type of JSON.
        schema: The keywords that count for it.
        name: The named schema it comes from, if it is one as a whole.

    """

    kind: str
    schema: JsonObject
    name: str | None = None

    @property
    def text(self) -> str:
        """A text that is equal for equal alternatives only."""
        return canonical([self.kind, self.name, self.schema])

    @property
    def is_number(self) -> bool:
        """Whether it allows numbers, perhaps integers only."""
        return self.kind in ("integer", "number")


def alternatives(schema: Json, schemas: Mapping[str, JsonObject]) -> list[Alternative]:
    """The alternatives of a schema; a named schema stays a reference (``named``) where nothing is combined with it.

    Args:
        schema: The schema; none at all allows anything.
        schemas: The named schemas of the document.

    """
    found: dict[str, Alternative] = {}
    for plain in _plain(schema, schemas, frozenset()):
        for alternative in _typed(plain, schemas):
            found.setdefault(alternative.text, alternative)
    return list(found.values())


def expanded(name: str, schemas: Mapping[str, JsonObject]) -> list[Alternative]:
    """The alternatives of the named schema that a reference leads to; a single one keeps the name."""
    own = alternatives(schemas[name], schemas)
    if len(own) == 1 and own[0].name is None and own[0].kind in ("object", "array"):
        return [Alternative(own[0].kind, own[0].schema, name)]
    return own


def _plain(schema: Json, schemas: Mapping[str, JsonObject], seen: frozenset[str]) -> list[JsonObject]:
    """The schemas, free of unions and ``allOf``, one of which a value must satisfy."""
    if schema is False:
        return []
    if not is_object(schema):
        return [{}]
    own = {key: value for key, value in schema.items() if is_constraint(key) and key not in ("allOf", *UNIONS)}
    reference = own.pop("$ref", None)
    factors: list[list[JsonObject]] = [[own]] if own else []
    if reference is not None:
        factors.append([{"$ref": reference}])
    factors += [_plain(part, schemas, seen) for part in schema.get("allOf", [])]
    factors += [
        [plain for arm in schema[union] for plain in _plain(arm, schemas, seen)] for union in UNIONS if union in schema
    ]
    if len(factors) <= 1:
        return factors[0] if factors else [{}]
    resolved = [[each for plain in factor for each in _resolved(plain, schemas, seen)] for factor in factors]
    combined: list[JsonObject] = []
    for combination in itertools.product(*resolved):
        whole: JsonObject | None = {}
        for part in combination:
            whole = None if whole is None else merged(whole, part)
        if whole is not None:
            combined.append(whole)
    return combined


def _resolved(plain: JsonObject, schemas: Mapping[str, JsonObject], seen: frozenset[str]) -> list[JsonObject]:
    """The schema itself, or what its reference leads to; a schema that contains itself as a whole adds nothing."""
    name = referenced_schema(plain)
    if name is None or name not in schemas:
        return [plain]
    if name in seen:
        return [{}]
    inside = seen | {name}
    return [each for part in _plain(schemas[name], schemas, inside) for each in _resolved(part, schemas, inside)]


def _typed(plain: JsonObject, schemas: Mapping[str, JsonObject]) -> Iterator[Alternative]:
    name = referenced_schema(plain)
    if "$ref" in plain:
        if name in schemas and plain == {"$ref": reference_to(str(name))}:
            yield Alternative("named", {}, name)
        else:
            yield Alternative("unknown", plain)
        return
    if plain.get("nullable"):
        yield Alternative("null", {})
    if "const" in plain or "enum" in plain:
        values: list[Json] = plain["enum"] if "enum" in plain else [plain["const"]]
        yield from (Alternative("value", {"const": value}) for value in values)
        return
    declared: Json = plain.get("type", next((TYPICAL[key] for key in TYPICAL if key in plain), None))
    if declared is None:
        constraints = {key: value for key, value in plain.items() if key not in KINDS}
        yield Alternative("any", constraints)
        return
    for kind in declared if is_array(declared) else [declared]:
        category = "number" if kind == "integer" else str(kind)
        if category in TYPES:
            yield Alternative(str(kind), constraints_for(category, plain))
        else:
            yield Alternative("unknown", plain)
