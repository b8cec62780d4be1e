"""What every operation of the built document accepts, as paths of the wire.

A path names a parameter and where it travels: `path.model_id`, `query.api_key`, `header.authorization`, `form.file`,
`body.prompts[].points[].x`, and `body` for one that is no JSON. `[]` stands for the elements of a list, `*` for the
values of an object with free names. Schemas are followed to their leaves; what an object of any content holds is not
looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from attrs import field, frozen

__all__ = ["DOCUMENT", "NOTHING", "Operation", "Shape", "read_document", "read_operations"]

DOCUMENT = Path(__file__).parents[2] / "openapi" / "openapi.json"

_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_JSON = "application/json"
_FORM = "multipart/form-data"


@frozen
class Shape:
    """What a place of a JSON body may hold; a union of schemas is one shape."""

    fields: Mapping[str, Shape] = field(factory=dict[str, "Shape"])
    """An object's fields."""

    items: Shape | None = None
    """A list's elements, when there are fields in them."""

    values: Shape | None = None
    """The values of an object with free names, when there are fields in them."""

    is_leaf: bool = False
    """Whether it may hold something without fields of its own: a number, a text, a list of these, anything."""

    def leaves(self, path: str) -> Iterator[str]:
        """Give the paths that end here or below."""
        if self.is_leaf:
            yield path
        for name, shape in self.fields.items():
            yield from shape.leaves(f"{path}.{name}")
        if self.items is not None:
            yield from self.items.leaves(f"{path}[]")
        if self.values is not None:
            yield from self.values.leaves(f"{path}.*")

    @property
    def has_fields(self) -> bool:
        """Whether there are fields here or below."""
        return bool(self.fields) or self.items is not None or self.values is not None


NOTHING = Shape()
"""The shape of a body that is not declared."""


@frozen
class Operation:
    """One operation and what it accepts."""

    key: str
    """Method and path, such as `POST /infer/lmm/{model_id}`."""

    accepted: frozenset[str]
    body: Shape = NOTHING


@cache
def read_document() -> Mapping[str, Any]:
    """Read the built document. Who changes it makes a copy."""
    document: dict[str, Any] = json.loads(DOCUMENT.read_bytes())
    return document


def read_operations(document: Mapping[str, Any]) -> dict[str, Operation]:
    """Give all operations of a document by their keys."""
    found: dict[str, Operation] = {}
    for path, item in document["paths"].items():
        for method, description in item.items():
            if method in _METHODS:
                key = f"{method.upper()} {path}"
                found[key] = _operation(key, description, document)
    return found


def _operation(key: str, description: Mapping[str, Any], document: Mapping[str, Any]) -> Operation:
    content = description.get("requestBody", {}).get("content", {})
    body = _shape(content[_JSON]["schema"], document) if _JSON in content else NOTHING
    accepted = {f"{one['in']}.{one['name'].lower()}" for one in description.get("parameters", ())}
    accepted |= set(_places_of_keys(description, document))
    accepted |= set(body.leaves("body"))
    for media_type, media in content.items():
        if media_type == _FORM:
            accepted |= set(_shape(media["schema"], document).leaves("form"))
        elif media_type != _JSON:
            accepted.add("body")
    return Operation(key, frozenset(accepted), body)


def _places_of_keys(description: Mapping[str, Any], document: Mapping[str, Any]) -> Iterator[str]:
    schemes = document.get("components", {}).get("securitySchemes", {})
    for alternative in description.get("security", document.get("security", ())):
        for name in alternative:
            scheme = schemes[name]
            yield "header.authorization" if scheme["type"] == "http" else f"{scheme['in']}.{scheme['name'].lower()}"


def _shape(schema: Mapping[str, Any], document: Mapping[str, Any], inside: tuple[str, ...] = ()) -> Shape:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name in inside:
            return Shape(is_leaf=True)  # a schema within itself is followed once
        return _shape(document["components"]["schemas"][name], document, (*inside, name))
    arms = [arm for union in ("anyOf", "oneOf", "allOf") for arm in schema.get(union, ())]
    if arms:
        return _union([_shape(arm, document, inside) for arm in arms if arm.get("type") != "null"])
    if schema.get("type") == "array":
        items = _shape(schema.get("items", {}), document, inside)
        return Shape(items=items) if items.has_fields else Shape(is_leaf=True)
    fields = {name: _shape(one, document, inside) for name, one in schema.get("properties", {}).items()}
    of_free_names = schema.get("additionalProperties")
    values = _shape(of_free_names, document, inside) if isinstance(of_free_names, dict) else NOTHING
    if values.has_fields:
        return Shape(fields=fields, values=values)
    return Shape(fields=fields, is_leaf=not fields or values.is_leaf or of_free_names is True)


def _union(shapes: list[Shape]) -> Shape:
    names = {name: None for shape in shapes for name in shape.fields}
    return Shape(
        fields={name: _union([shape.fields[name] for shape in shapes if name in shape.fields]) for name in names},
        items=_optional_union([shape.items for shape in shapes]),
        values=_optional_union([shape.values for shape in shapes]),
        is_leaf=not shapes or any(shape.is_leaf for shape in shapes),
    )


def _optional_union(shapes: list[Shape | None]) -> Shape | None:
    present = [shape for shape in shapes if shape is not None]
    return _union(present) if present else None
