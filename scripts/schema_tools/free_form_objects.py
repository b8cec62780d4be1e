"""One addition to openapi-python-client 0.29.1: a JSON object without fields becomes ``dict[str, T]``.

The generator makes a class of its own of every free-form object, fifty of them here, none of which has
``.items()``. Only ``ModelProperty.build`` is wrapped; ``render`` refuses any other version of the generator.
"""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import define, field
from openapi_python_client import schema as oai
from openapi_python_client.parser.errors import PropertyError
from openapi_python_client.parser.properties import ModelProperty, property_from_data
from openapi_python_client.parser.properties.protocol import PropertyProtocol, Value, convert_example
from openapi_python_client.strings import PythonCode, PythonIdentifier

__all__ = ["MapProperty", "install"]


@define
class MapProperty(PropertyProtocol):
    """A property of type ``dict[str, inner]``."""

    name: oai.UntrustedString
    required: bool
    default: Value | None
    python_name: PythonIdentifier
    description: oai.UntrustedString | None
    example: oai.UntrustedString | None = field(converter=convert_example)
    inner_property: PropertyProtocol
    template: ClassVar[str] = "map_property.py.jinja"

    def convert_value(self, value: Any) -> Value | PropertyError | None:  # noqa: ARG002
        """A map has no default in generated code."""
        return None

    def get_base_type_string(self) -> PythonCode:
        """The type annotation."""
        return PythonCode(f"dict[str, {self.inner_property.get_type_string().as_unembedded_code()}]")

    def get_base_json_type_string(self) -> PythonCode:
        """The type annotation of the JSON form."""
        return PythonCode(f"dict[str, {self.inner_property.get_type_string(json=True).as_unembedded_code()}]")

    def get_instance_type_string(self) -> PythonCode:
        """The class for ``isinstance``."""
        return PythonCode("dict")

    def get_imports(self, *, prefix: str) -> set[str]:
        """Imports needed by the annotation."""
        return super().get_imports(prefix=prefix) | self.inner_property.get_imports(prefix=prefix)

    def get_lazy_imports(self, *, prefix: str) -> set[str]:
        """Imports needed only by type checkers."""
        return super().get_lazy_imports(prefix=prefix) | self.inner_property.get_lazy_imports(prefix=prefix)


original_build = ModelProperty.build


def install() -> None:
    """Make the generator use `MapProperty`; calling it again changes nothing."""
    ModelProperty.build = _build  # type: ignore[method-assign,assignment]  # pyright: ignore[reportAttributeAccessIssue]


def _build(
    *, data: oai.Schema, name: oai.UntrustedString, parent_name: str | None, **others: Any
) -> tuple[ModelProperty | MapProperty | PropertyError, Any]:
    if not _is_free_form(data) or not parent_name:
        return original_build(data=data, name=name, parent_name=parent_name, **others)
    values = data.additionalProperties
    inner, schemas = property_from_data(
        name=oai.UntrustedString(f"{name.get_untrusted_value()}_value"),
        required=True,
        data=oai.Schema() if values is None or isinstance(values, bool) else values,
        parent_name=parent_name,
        **{key: value for key, value in others.items() if key != "required"},
    )
    if isinstance(inner, PropertyError):
        return inner, schemas
    python_name = PythonIdentifier(value=name, prefix=others["config"].field_prefix)
    map_property = MapProperty(
        name=name,
        required=others["required"],
        default=None,
        inner_property=inner,
        python_name=python_name,
        description=data.description,
        example=data.example,
    )
    return map_property, schemas


def _is_free_form(data: oai.Schema) -> bool:
    return not data.properties and not data.allOf and data.additionalProperties is not False
