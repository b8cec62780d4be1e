"""Docstrings of the generated code, from the texts of the built document."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from openapi_python_client.parser.properties.list_property import ListProperty

from schema_tools.answers import answer, arms, class_name, type_of
from schema_tools.document import operations, schemas_of

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import LiteralEnumProperty, ModelProperty
    from openapi_python_client.parser.properties.protocol import PropertyProtocol

    from schema_tools.document import JsonObject
    from schema_tools.version_notes import VersionNotes

__all__ = ["Docstrings", "literal", "wrap"]

WIDTH = 116
INDENT = "    "
TYPE_TEXTS = {"str": "a text.", "dict[str, Any]": "a JSON object."}
BULLET = re.compile(r"[-*] |\d+[.)] ")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z`])")


class Docstrings:
    """The docstring filters of the templates.

    Args:
        document: The built document; every operation, parameter, schema and field in it has a description.
        notes: What is said about server versions behind the descriptions.

    """

    def __init__(self, document: JsonObject, notes: VersionNotes) -> None:
        self._schemas = schemas_of(document)
        self._keys = {operation["operationId"]: key for key, operation in operations(document)}
        self._operations = {operation["operationId"]: operation for _, operation in operations(document)}
        self._notes = notes

    def model(self, model: ModelProperty) -> str:
        """Docstring of a model class."""
        return literal(wrap(self._schemas[model.class_info.name]["description"], INDENT), INDENT)

    def enum(self, enum: LiteralEnumProperty) -> str:
        """Docstring below the alias of a named set of values."""
        return literal(wrap(self._schemas[enum.class_info.name]["description"]))

    def field(self, field: PropertyProtocol, model: ModelProperty) -> str:
        """Docstring below a field of a model class."""
        schema, name = model.class_info.name, field.name.get_untrusted_value()
        text = self._schemas[schema]["properties"][name]["description"]
        return literal(wrap(_followed(text, self._notes.field(schema, name)), INDENT), INDENT)

    def operation(self, endpoint: Endpoint, *, detailed: bool) -> str:
        """Docstring of one of the four functions of an operation.

        Args:
            endpoint: The operation.
            detailed: For the variants that return status and headers, too.

        """
        texts = self._operations[endpoint.name]
        sections = [
            wrap(texts["summary"], INDENT),
            wrap(texts["description"], INDENT),
            wrap(self._notes.operation(self._keys[endpoint.name]), INDENT),
            self._arguments(endpoint, texts),
            self._returns(endpoint, detailed=detailed),
            _raises(endpoint),
        ]
        return literal("\n\n".join(filter(None, sections)), INDENT)

    def _arguments(self, endpoint: Endpoint, texts: JsonObject) -> str:
        key = self._keys[endpoint.name]
        described = {
            row["name"]: _followed(row["description"], self._notes.parameter(key, row["in"], row["name"]))
            for row in texts.get("parameters", [])
        }
        lines = [_entry(p.python_name, described[p.name.get_untrusted_value()]) for p in endpoint.path_parameters]
        lines.append(_entry("client", "Where the request goes."))
        if endpoint.bodies:
            lines.append(_entry("body", self._body(endpoint)))
        for parameter in endpoint.query_parameters + endpoint.header_parameters:
            lines.append(_entry(parameter.python_name, described[parameter.name.get_untrusted_value()]))
        return "\n".join([f"{INDENT}Args:", *lines])

    def _body(self, endpoint: Endpoint) -> str:
        texts = [text for body in endpoint.bodies for text in self._alternatives(body.prop)]
        return "\n\n".join(texts)

    def _alternatives(self, prop: PropertyProtocol) -> list[str]:
        """One text for each type a body or an answer may have; None needs none."""
        single_types = {type_of(arm) for arm in arms(prop)}
        return [self._alternative(arm, single_types) for arm in arms(prop) if type_of(arm) != "None"]

    def _alternative(self, arm: PropertyProtocol, single_types: set[str]) -> str:
        name = class_name(arm)
        annotation = type_of(arm)
        if isinstance(arm, ListProperty) and type_of(arm.inner_property) in single_types:
            return f"`{annotation}`: one for each image, in their order."
        if name is not None:
            return f"`{annotation}`: {self._first_sentence(name)}"
        if annotation == "File":
            return "`File`: bytes, sent with its media type."
        return f"`{annotation}`: {TYPE_TEXTS.get(annotation, 'JSON.')}"

    def _returns(self, endpoint: Endpoint, *, detailed: bool) -> str:
        returned = answer(endpoint)
        declared = [response.prop for response in returned.responses if not response.is_empty]
        lines = [line for prop in declared for line in self._alternatives(prop)]
        if returned.may_be_binary:
            lines.append("`bytes`: the binary answer, when the request asks for it.")
        if returned.type == "None":
            lines.append("Nothing.")
        if detailed:
            lines.insert(0, "The answer with its status, headers and raw content. Its `parsed` is:")
        blocks = [wrap(line, INDENT * 2) for line in lines]
        return "\n\n".join([f"{INDENT}Returns:\n{blocks[0]}", *blocks[1:]])

    def _first_sentence(self, schema: str) -> str:
        first_paragraph = self._schemas[schema]["description"].split("\n\n")[0]
        return SENTENCE_END.split(" ".join(first_paragraph.split()))[0]


def _followed(text: str, note: str) -> str:
    """A text with a note at its end; behind a list, the note is a paragraph of its own."""
    if not note:
        return text
    ends_in_list = BULLET.match(_items(re.split(r"\n\s*\n", text.strip())[-1])[-1])
    return f"{text.strip()}\n\n{note}" if ends_in_list else f"{text.strip()} {note}"


def literal(text: str, indent: str = "") -> str:
    """A docstring literal: the text between triple quotes, what could end it early escaped.

    Args:
        text: The text; its lines already stand at their indent.
        indent: Where the docstring itself stands.

    """
    escaped = text.strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    if escaped.endswith('"'):
        escaped = escaped[:-1] + '\\"'
    return f'"""{escaped}\n{indent}"""' if "\n" in escaped else f'"""{escaped}"""'


def wrap(text: str, indent: str = "", hanging: str = "") -> str:
    """Fill a text to the line width: paragraphs are filled, list items stay apart.

    Args:
        text: The text, as a YAML file has it.
        indent: Put before every line.
        hanging: Put before every line but the first, after the indent.

    """
    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        if lines:
            lines.append("")
        for item in _items(paragraph):
            lines += textwrap.wrap(
                item,
                WIDTH,
                initial_indent=indent + (hanging if lines else ""),
                subsequent_indent=indent + hanging + ("  " if BULLET.match(item) else ""),
                break_long_words=False,
                break_on_hyphens=False,
            )
    return "\n".join(lines)


def _items(paragraph: str) -> list[str]:
    """The pieces of a paragraph that begin a line of their own."""
    items: list[str] = []
    for line in paragraph.splitlines():
        starts_item = BULLET.match(line.strip()) or not items
        if starts_item:
            items.append(line.strip())
        else:
            items[-1] += " " + line.strip()
    return items


def _entry(name: str, text: str) -> str:
    return wrap(f"{name}: {text.strip()}", INDENT * 2, hanging=INDENT)


def _raises(endpoint: Endpoint) -> str:
    returned = answer(endpoint)
    statuses = " or ".join(str(response.status) for response in returned.responses)
    other = f"any other status than {statuses}" if statuses else "any status; this operation has no success"
    lines = [_entry("errors.UnexpectedStatus", f"The server answered with {other}.")]
    if any(response.is_json for response in returned.responses):
        lines.append(_entry("errors.UnexpectedPayload", "The body is not as declared."))
    lines.append(_entry("httpx.HTTPError", "No complete answer: refused, reset or timed out."))
    return "\n".join([f"{INDENT}Raises:", *lines])
