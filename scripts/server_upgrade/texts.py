"""A page for whoever writes the missing texts: each row with what the server itself says there.

The server's words are for reading; ours are written anew. The page stays outside version control.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tools.build import normalise_rules
from schema_tools.document import is_object, operations, schemas_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from schema_tools.document import Json, JsonObject
    from schema_tools.drafts import Edit
    from schema_tools.layout import Layout

__all__ = ["texts_page"]


def texts_page(edits: Iterable[Edit], raw: JsonObject, layout: Layout) -> str:
    """The page, as markdown."""
    words = dict(_words(raw, layout))
    lines = ["# Texts to write", ""]
    for edit in edits:
        said = words.get((edit.file.rpartition("/")[2], edit.row)) or words.get(("", edit.row)) or "nothing"
        lines += [f"- `{edit.file}:{edit.line}` **{edit.row}**; the server says: {said}"]
    return "\n".join(lines) + "\n"


def _words(raw: JsonObject, layout: Layout) -> Iterator[tuple[tuple[str, str], str]]:
    """The server's words by file and row; a row that is about fields of many owners gets the words of one."""
    names: dict[str, list[str]] = layout.load(layout.operations)
    renames = normalise_rules(layout)["rename_schemas"]
    for key, operation in operations(raw):
        name = names[key][1]
        yield ("operations.yaml", name), _said(operation)
        for parameter in operation.get("parameters", []):
            for row in (f"{name}.{parameter['name']}", parameter["name"]):
                yield ("parameters.yaml", row), _said({**parameter["schema"], **parameter})
    for server_name, schema in schemas_of(raw).items():
        name = renames.get(server_name, server_name)
        yield ("schemas.yaml", name), _said(schema)
        for field, prop in schema.get("properties", {}).items():
            for row in (f"{name}.{field}", field):
                yield ("fields.yaml", row), _said(prop)


def _said(node: Json) -> str:
    if not is_object(node):
        return ""
    parts = [str(node[key]) for key in ("summary", "description") if node.get(key)]
    if "default" in node:
        parts.append(f"default {node['default']!r}")
    return " ".join(" ".join(parts).split())
