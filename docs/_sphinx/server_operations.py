"""`.. server-operations::` lists every operation of the generated package `inference_api`, by group."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

_SCHEMA = Path(__file__).parents[2] / "openapi" / "openapi.json"
_METHODS = ("get", "head", "post", "put", "patch", "delete")


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Group, name, request line and what the generated function says it does, for each operation."""
    for path, item in schema["paths"].items():
        for method in _METHODS:
            if method in item:
                (group,) = item[method]["tags"]
                name = item[method]["operationId"]
                module = import_module(f"inference_api.api.{group}.{name}")
                says = str(module.sync.__doc__).strip().splitlines()[0]
                yield group, name, f"{method.upper()} {path}", says


class ServerOperations(SphinxDirective):
    """A section with a table for each group."""

    def run(self) -> list[nodes.Node]:
        """Read the schema and the generated functions."""
        self.env.note_dependency(str(_SCHEMA))
        schema = json.loads(_SCHEMA.read_text(encoding="utf-8"))
        rows: dict[str, list[tuple[str, str, str]]] = {tag["name"]: [] for tag in schema["tags"]}
        for group, name, request, says in operations(schema):
            rows[group].append((name, request, says))
        return [_section(group, sorted(entries)) for group, entries in rows.items()]


def _section(group: str, entries: list[tuple[str, str, str]]) -> nodes.section:
    section = nodes.section(ids=[nodes.make_id(group)], names=[group])
    section += nodes.title("", "", nodes.literal("", group))
    table = nodes.table(classes=["operations"])
    columns = nodes.tgroup(cols=3)
    table += columns
    for width in (25, 30, 45):
        columns += nodes.colspec(colwidth=width)
    columns += nodes.thead("", _row(*(nodes.Text(title) for title in ("module", "request", "what it does"))))
    columns += nodes.tbody(
        "", *(_row(nodes.literal("", name), nodes.literal("", line), nodes.Text(says)) for name, line, says in entries)
    )
    section += table
    return section


def _row(*cells: nodes.Node) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", cell)) for cell in cells))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("server-operations", ServerOperations)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
