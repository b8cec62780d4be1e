"""What an operation takes and returns, as the templates need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openapi_python_client import schema as oai
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.union import UnionProperty

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties.protocol import PropertyProtocol
    from openapi_python_client.parser.responses import Response

__all__ = ["Answer", "Success", "answer", "arms", "body_type", "class_name", "type_of"]

SUCCESS = range(200, 300)
BINARY = ("application/octet-stream", "image/")


@dataclass(frozen=True)
class Success:
    """One declared success.

    Attributes:
        status: The HTTP status.
        type: Python type of the parsed body.
        attribute: The expression that takes the body from the httpx response.
        prop: The generator's view of the body.

    """

    status: int
    type: str
    attribute: str
    prop: PropertyProtocol

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON."""
        return self.attribute == "response.json()"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is declared about the body."""
        return self.attribute == "None"


@dataclass(frozen=True)
class Answer:
    """All successes of an operation.

    Attributes:
        responses: Each declared success.
        may_be_binary: Whether one of them may also come as bytes, by the request's choice.
        type: Python type of what the operation returns.

    """

    responses: tuple[Success, ...]
    may_be_binary: bool
    type: str


def answer(endpoint: Endpoint) -> Answer:
    """What the operation returns when it succeeds."""
    declared = [response for response in endpoint.responses.patterns if _status(response) in SUCCESS]
    responses = tuple(_success(response) for response in declared)
    may_be_binary = any(_is_binary(response) for response in declared)
    types = [success.type for success in responses]
    if may_be_binary:
        types.append("bytes")
    return Answer(responses, may_be_binary, " | ".join(dict.fromkeys(types)) or "None")


def body_type(endpoint: Endpoint) -> str:
    """Annotation and default of the ``body`` argument."""
    types = [type_of(body.prop) for body in endpoint.bodies]
    if all(body.prop.required for body in endpoint.bodies):
        return " | ".join(types)
    return " | ".join([*types, "Unset"]) + " = UNSET"


def arms(prop: PropertyProtocol) -> list[PropertyProtocol]:
    """The alternatives of a union; anything else is its own only alternative."""
    return list(prop.inner_properties) if isinstance(prop, UnionProperty) else [prop]


def class_name(prop: PropertyProtocol) -> str | None:
    """Name of the model class the property holds, itself or in a list."""
    if isinstance(prop, ListProperty):
        return class_name(prop.inner_property)
    return str(prop.class_info.name) if isinstance(prop, ModelProperty) else None


def type_of(prop: PropertyProtocol) -> str:
    """The Python type, whether or not the property is required."""
    if isinstance(prop, FileProperty):
        return "File"
    return prop.get_type_string(no_optional=True).as_unembedded_code()


def _status(response: Response) -> int:
    covered = response.status_code.range
    if covered is None or covered[0] != covered[1]:
        raise ValueError(f"responses must be declared by one status, not by {response.status_code.pattern}")
    return covered[0]


def _success(response: Response) -> Success:
    attribute = response.source["attribute"]
    annotation = "None" if attribute == "None" else type_of(response.prop)
    return Success(_status(response), annotation, attribute, response.prop)


def _is_binary(response: Response) -> bool:
    if isinstance(response.data, oai.Reference):
        return False
    media_types = [media_type.get_untrusted_value() for media_type in response.data.content or {}]
    return any(media_type.startswith(BINARY) for media_type in media_types)
