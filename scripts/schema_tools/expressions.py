"""Python expressions that turn JSON values into typed values and back, for the templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.literal_enum_property import LiteralEnumProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty

from schema_tools.answers import type_of
from schema_tools.free_form_objects import MapProperty

if TYPE_CHECKING:
    from openapi_python_client.parser.properties.protocol import PropertyProtocol

__all__ = ["reader", "writer"]

#: What `isinstance` must see before an arm of a union is tried.
JSON_TYPES = {"None": "NoneType", "bool": "bool", "float": "(int, float)", "int": "int", "str": "str"}
TEXTS = (DateProperty, DateTimeProperty, LiteralEnumProperty, UuidProperty)


def reader(prop: PropertyProtocol, source: str, depth: int = 0) -> str:
    """The expression that reads a property.

    Args:
        prop: The property.
        source: The expression of the JSON value. It is the result when the value can stay as it is.
        depth: How many comprehensions the expression stands in; keeps their variables apart.

    """
    match prop:
        case ModelProperty():
            return f"{prop.class_info.name}.from_dict({source})"
        case DateTimeProperty():
            return f"datetime.datetime.fromisoformat({source})"
        case DateProperty():
            return f"datetime.date.fromisoformat({source})"
        case UuidProperty():
            return f"UUID({source})"
        case FileProperty():
            return f"File(payload={source})"
        case ListProperty():
            item = f"i{depth}"
            inner = reader(prop.inner_property, item, depth + 1)
            return source if inner == item else f"[{inner} for {item} in as_list({source})]"
        case MapProperty():
            key, value = f"k{depth}", f"v{depth}"
            inner = reader(prop.inner_property, value, depth + 1)
            return source if inner == value else f"{{{key}: {inner} for {key}, {value} in {source}.items()}}"
        case UnionProperty():
            return _union_reader(prop, source, depth)
        case _:
            return source


def writer(prop: PropertyProtocol, source: str, depth: int = 0) -> str:
    """The expression that writes a property; see `reader`."""
    match prop:
        case ModelProperty():
            return f"{source}.to_dict()"
        case DateTimeProperty() | DateProperty():
            return f"{source}.isoformat()"
        case UuidProperty():
            return f"str({source})"
        case ListProperty():
            item = f"i{depth}"
            inner = writer(prop.inner_property, item, depth + 1)
            return source if inner == item else f"[{inner} for {item} in {source}]"
        case MapProperty():
            key, value = f"k{depth}", f"v{depth}"
            inner = writer(prop.inner_property, value, depth + 1)
            return source if inner == value else f"{{{key}: {inner} for {key}, {value} in {source}.items()}}"
        case UnionProperty():
            stays = all(writer(arm, "x") == "x" for arm in prop.inner_properties)
            return source if stays else f"to_json({source})"
        case _:
            return source


def _union_reader(prop: UnionProperty, source: str, depth: int) -> str:
    nulls = [arm for arm in prop.inner_properties if type_of(arm) == "None"]
    to_read = [arm for arm in prop.inner_properties if arm not in nulls and reader(arm, "x") != "x"]
    if not to_read:
        return source
    is_optional_one = len(to_read) == 1 and len(to_read) + len(nulls) == len(prop.inner_properties)
    if is_optional_one and not nulls:
        return reader(to_read[0], source, depth)
    if is_optional_one and source.isidentifier():
        return f"None if {source} is None else {reader(to_read[0], source, depth)}"
    arms = ", ".join(_arm(arm, depth) for arm in prop.inner_properties)
    return f"first_match({source}, {arms})"


def _arm(arm: PropertyProtocol, depth: int) -> str:
    """The pair of JSON type and reader, as ``first_match`` takes it."""
    expression = reader(arm, "x", depth)
    if expression == "x":
        function = "None"
    elif isinstance(arm, ModelProperty):
        function = f"{arm.class_info.name}.from_dict"
    else:
        function = f"lambda x: {expression}"
    return f"({_json_type(arm)}, {function})"


def _json_type(arm: PropertyProtocol) -> str:
    match arm:
        case ModelProperty() | MapProperty():
            return "dict"
        case ListProperty():
            return "list"
        case _ if isinstance(arm, TEXTS):
            return "str"
        case _:
            return JSON_TYPES.get(type_of(arm), "object")
