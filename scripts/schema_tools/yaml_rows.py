"""Editing single rows of our YAML tables by script, so that comments, order and line breaks of the others stay.

A row is a key and its value in the table at the top of a file, or in a table inside it (``path``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["delete_rows", "insert_row", "line_of_row", "replace_value"]


@dataclass(frozen=True)
class _Row:
    """Where a row stands: lines from `first` up to, not including, `end`."""

    key: str
    value: yaml.Node
    first: int
    end: int


def delete_rows(text: str, keys: Iterable[str], path: Sequence[str] = ()) -> str:
    """Take rows out of a table.

    A text that other rows share by a YAML anchor moves to the first of them that stays.
    """
    gone = set(keys)
    rows = _rows(text, path)
    lines = text.splitlines(keepends=True)
    if moved := _first_heir(rows, gone):
        heir, owner = moved
        lines[heir.first : heir.end] = _under_another_key(lines[owner.first : owner.end], owner.key, heir.key)
        # An anchor stands before its aliases: of the rows that go, those before the heir go in the same step.
        sharing = [row for row in rows if row.value is owner.value and row.key in gone and row.first < heir.first]
        for row in reversed(sharing):
            del lines[row.first : row.end]
        return delete_rows("".join(lines), gone - {row.key for row in sharing}, path)
    for row in reversed([row for row in rows if row.key in gone]):
        del lines[row.first : row.end]
    return "".join(lines)


def insert_row(text: str, key: str, value: str, path: Sequence[str] = (), *, after: str | None = None) -> str:
    """Put a row into a table: at its place when the table is sorted, otherwise behind `after` or at the end.

    Args:
        text: The file.
        key: The row's key.
        value: Its value, written as YAML: one line, or lines that are indented already.
        path: The table.
        after: A row of the table.

    """
    rows = _rows(text, path)
    lines = text.splitlines(keepends=True)
    names = [row.key for row in rows]
    before = [row for row in rows if row.key.casefold() < key.casefold()]
    if not rows:
        place = line_of_row(text, path[-1], path[:-1])
    elif after is not None:
        place = rows[names.index(after)].end
    elif names == sorted(names, key=str.casefold) and len(before) < len(rows):
        place = rows[len(before)].first
    else:
        place = rows[-1].end
    lines.insert(place, f"{'  ' * len(path)}{_plain_key(key)}: {value}\n")
    return "".join(lines)


def replace_value(text: str, key: str, value: str, path: Sequence[str] = ()) -> str:
    """Give a row another value, written as YAML on one line."""
    row = next(row for row in _rows(text, path) if row.key == key)
    lines = text.splitlines(keepends=True)
    lines[row.first : row.end] = [f"{'  ' * len(path)}{_plain_key(key)}: {value}\n"]
    return "".join(lines)


def line_of_row(text: str, key: str, path: Sequence[str] = ()) -> int:
    """The number of the line on which a row begins, from 1."""
    return next(row.first for row in _rows(text, path) if row.key == key) + 1


def _rows(text: str, path: Sequence[str]) -> list[_Row]:
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    for step in path:
        node = next(row.value for row in _rows_of(node) if row.key == step)
    return _rows_of(node)


def _rows_of(node: yaml.Node | None) -> list[_Row]:
    if not isinstance(node, yaml.MappingNode):
        return []
    return [_Row(str(key.value), value, key.start_mark.line, _end(key, value)) for key, value in node.value]


def _end(key: yaml.Node, value: yaml.Node) -> int:
    """The line behind the value's last: a node's own end mark lies behind the comments that follow it."""
    if value.start_mark.line < key.start_mark.line:
        return key.end_mark.line + 1  # an alias: its node stands where the anchor is
    if isinstance(value, yaml.MappingNode) and not value.flow_style and value.value:
        return _end(*value.value[-1])
    if isinstance(value, yaml.SequenceNode) and not value.flow_style and value.value:
        return _end(key, value.value[-1])
    mark = value.end_mark
    return mark.line if mark.column == 0 else mark.line + 1


def _first_heir(rows: list[_Row], gone: set[str]) -> tuple[_Row, _Row] | None:
    """A row that stays and shares the text of a row that goes, with that row."""
    owners: dict[int, _Row] = {}
    for row in rows:
        owner = owners.setdefault(id(row.value), row)
        if owner.key in gone and row.key not in gone:
            return row, owner
    return None


def _under_another_key(lines: list[str], old: str, new: str) -> list[str]:
    return [lines[0].replace(_plain_key(old), _plain_key(new), 1), *lines[1:]]


def _plain_key(key: str) -> str:
    """The key as YAML writes it, quoted when it has to be."""
    text = str(yaml.safe_dump({key: 0}, width=1000, allow_unicode=True))  # pyright: ignore[reportUnknownMemberType]
    return text.rpartition(": ")[0]
