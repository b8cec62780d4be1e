"""Bringing the tables of corrections and texts up to a new server document, as far as a script can.

Rows that have lost their object are deleted, rows that are missing are added. What only a person can know, the meaning
of a field for instance, is added as a draft, with which the build does not pass.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal, TypeAlias

from schema_tools.build import correct, normalise_rules
from schema_tools.descriptions import DRAFT, describe, load_texts
from schema_tools.document import operations, schemas_of, walk_keywords
from schema_tools.draft_names import enum_name, operation_row, schema_name
from schema_tools.enums import inline_enums
from schema_tools.naming import name_operations, rename_schemas
from schema_tools.problems import Problems
from schema_tools.snapshot import require_snapshot
from schema_tools.yaml_rows import delete_rows, insert_row, line_of_row, replace_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from schema_tools.descriptions import Table
    from schema_tools.document import Json, JsonObject
    from schema_tools.layout import Layout

__all__ = ["CONFIRM_NAME", "WRITE_TEXT", "Edit", "draft_rows"]

CONFIRM_NAME = "is it a good name?"
WRITE_TEXT = "write its text"

Change: TypeAlias = Literal["added", "changed", "deleted"]


@dataclass(frozen=True)
class Edit:
    """One row that was edited.

    Attributes:
        file: The file, as messages name it.
        row: The row's key.
        change: What became of it.
        todo: What a person has to do about it, or None.
        line: Where the row stands; None when it is gone.

    """

    file: str
    row: str
    change: Change
    todo: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.change} {self.row}" + (f"  <- {self.todo}" if self.todo else "")


def draft_rows(layout: Layout) -> list[Edit]:
    """Edit the tables; gives every edit.

    Raises:
        SchemaError: A table does not have its form.

    """
    document = require_snapshot(layout)
    names = _Editor(layout, layout.normalise)
    rows = _Editor(layout, layout.operations)
    _draft_schema_names(document, names, layout)
    _draft_operation_rows(document, rows, layout)
    rename_schemas(document, normalise_rules(layout)["rename_schemas"], layout.name(layout.normalise))
    name_operations(document, layout.load(layout.operations), layout.name(layout.operations))
    _draft_enums(document, names, layout)

    ignored = Problems()  # the build tells them
    document = require_snapshot(layout)
    correct(document, layout, ignored)
    _draft_responses(document, names, layout)
    return [*names.edits(), *rows.edits(), *_draft_texts(document, layout)]


_Done: TypeAlias = "tuple[tuple[str, ...], str, Change, str | None]"


class _Editor:
    """One YAML file and what was done to it; every edit is written at once."""

    def __init__(self, layout: Layout, file: Path) -> None:
        self._file = file
        self._name = layout.name(file)
        self._done: list[_Done] = []

    def delete(self, keys: Sequence[str], path: tuple[str, ...] = ()) -> None:
        if keys:
            self._write(delete_rows(self._read(), keys, path))
            self._done.extend((path, key, "deleted", None) for key in keys)

    def add(
        self, key: str, value: str, path: tuple[str, ...] = (), *, todo: str | None = None, after: str | None = None
    ) -> None:
        self._write(insert_row(self._read(), key, value, path, after=after))
        self._done.append((path, key, "added", todo))

    def change(self, key: str, value: str, path: tuple[str, ...] = ()) -> None:
        self._write(replace_value(self._read(), key, value, path))
        self._done.append((path, key, "changed", None))

    def edits(self) -> list[Edit]:
        text = self._read()
        return [
            Edit(self._name, key, change, todo, None if change == "deleted" else line_of_row(text, key, path))
            for path, key, change, todo in self._done
        ]

    def _read(self) -> str:
        return self._file.read_text(encoding="utf-8")

    def _write(self, text: str) -> None:
        self._file.write_text(text, encoding="utf-8", newline="\n")


def _draft_schema_names(document: JsonObject, editor: _Editor, layout: Layout) -> None:
    path = ("rename_schemas",)
    rows: dict[str, str] = normalise_rules(layout)["rename_schemas"]
    schemas = schemas_of(document)
    editor.delete([name for name in rows if name not in schemas], path)
    taken = {rows.get(name, name) for name in schemas}
    for name in schemas:
        if name not in rows and (not name.isidentifier() or name.endswith("_")):
            clean = schema_name(name, taken)
            taken.add(clean)
            editor.add(name, clean, path, todo=CONFIRM_NAME)


def _draft_operation_rows(document: JsonObject, editor: _Editor, layout: Layout) -> None:
    rows: dict[str, list[str]] = layout.load(layout.operations)
    found = [key for key, _ in operations(document)]
    editor.delete([key for key in rows if key not in found])
    rows = {key: row for key, row in rows.items() if key in found}
    for key in found:
        if key not in rows:
            tag, name = rows[key] = list(operation_row(key, rows))
            after = [other for other, row in rows.items() if row[0] == tag and other != key]
            editor.add(key, f"[{tag}, {name}]", todo=CONFIRM_NAME, after=after[-1] if after else None)


def _draft_enums(document: JsonObject, editor: _Editor, layout: Layout) -> None:
    path = ("enums",)
    rows: dict[str, list[Json]] = normalise_rules(layout)["enums"]
    found: dict[str, list[Json]] = {json.dumps(node["enum"]): node["enum"] for node in inline_enums(document)}
    known = {json.dumps(values) for values in rows.values()}
    nameless = [values for text, values in found.items() if text not in known]
    stale = [name for name, values in rows.items() if json.dumps(values) not in found]
    taken = {*rows, *schemas_of(document)}
    for values in nameless:
        flow = json.dumps(values)
        successor = max(stale, key=lambda name: len(set(rows[name]) & set(values)), default=None)
        if successor is not None and set(rows[successor]) & set(values):
            stale.remove(successor)
            editor.change(successor, flow, path)
        else:
            name = enum_name(_field_of(document, values), taken)
            taken.add(name)
            editor.add(name, flow, path, todo=CONFIRM_NAME)
    editor.delete(stale, path)


def _field_of(document: JsonObject, values: list[Json]) -> str:
    """The field or parameter that has these values."""
    fields = [item for schema in schemas_of(document).values() for item in schema.get("properties", {}).items()]
    for _, operation in operations(document):
        fields += [(row["name"], row["schema"]) for row in operation.get("parameters", [])]
    return next(name for name, schema in fields if any(node.get("enum") == values for node in walk_keywords(schema)))


def _draft_responses(document: JsonObject, editor: _Editor, layout: Layout) -> None:
    path = ("responses",)
    rows: dict[str, str] = normalise_rules(layout)["responses"]
    used = {code for _, operation in operations(document) for code in operation["responses"]}
    editor.delete([code for code in rows if str(code) not in used], path)
    for code in sorted(used - {str(code) for code in rows}):
        editor.add(code, f"{HTTPStatus(int(code)).phrase}.", path)


def _draft_texts(document: JsonObject, layout: Layout) -> list[Edit]:
    texts = load_texts(layout)
    describe(document, texts)
    edits: list[Edit] = []
    for table in texts.tables():
        editor = _Editor(layout, layout.root / table.source)
        editor.delete(table.unused())
        for row in _rows_to_write(table):
            editor.add(row, _draft_text(table is texts.operations), todo=WRITE_TEXT)
        edits += editor.edits()
    return edits


def _rows_to_write(table: Table) -> Iterable[str]:
    """The missing rows: one for all owners, or one for each owner where the name's meaning depends on it."""
    depend_on_owner = {_name(row) for row in table.rows if "." in row}
    return dict.fromkeys(row if _name(row) in depend_on_owner else _name(row) for row in table.missing)


def _name(row: str) -> str:
    return row.rpartition(".")[2]


def _draft_text(is_operation: bool) -> str:
    return f"\n  summary: {DRAFT}\n  description: {DRAFT}" if is_operation else DRAFT
