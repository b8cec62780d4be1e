"""Names for what a new server document brings, as our tables would name it; a person confirms them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

__all__ = ["enum_name", "operation_row", "schema_name"]

#: How FastAPI names a generic class: `Outer_Inner_`.
_GENERIC = re.compile(r"([A-Za-z0-9]+)_(\w+)_")
_METHODS_IN_NAMES = frozenset({"get", "delete", "head", "patch", "put"})


def operation_row(key: str, rows: Mapping[str, Sequence[str]]) -> tuple[str, str]:
    """Group and name for an operation (``METHOD path``), given the rows there are."""
    method, _, path = key.partition(" ")
    segments = [segment for segment in path.split("/") if segment]
    fixed = [_snake(segment) for segment in segments if not segment.startswith("{")]
    taken = {row[1] for row in rows.values()}
    words = [method.lower()] if method.lower() in _METHODS_IN_NAMES else []
    name = "_".join([*words, *fixed]) or method.lower()
    parameters = [_snake(segment) for segment in segments if segment.startswith("{")]
    if name in taken and parameters:
        name = "_".join([name, "with", *parameters])
    return _group(segments, rows) or (fixed[0] if fixed else "server"), _free(name, taken)


def schema_name(name: str, taken: Collection[str]) -> str:
    """A class name for a schema whose name on the server makes none."""
    generic = _GENERIC.fullmatch(name)
    clean = generic[2] + generic[1] if generic else name
    return _free(_camel(clean), taken)


def enum_name(field: str, taken: Collection[str]) -> str:
    """A name for the values of a field."""
    return _free(_camel(field), taken)


def _group(segments: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str | None:
    """The group of the operation whose path begins most like this one."""
    best, longest = None, 0
    for key, row in rows.items():
        others = [segment for segment in key.partition(" ")[2].split("/") if segment]
        common = 0
        for ours, theirs in zip(segments, others, strict=False):
            if ours != theirs:
                break
            common += 1
        if common > longest:
            best, longest = row[0], common
    return best


def _snake(segment: str) -> str:
    return "_".join(re.findall(r"[A-Za-z0-9]+", segment)).lower()


def _camel(name: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", name)
    return "".join(word[0].upper() + word[1:] for word in words)


def _free(name: str, taken: Collection[str]) -> str:
    """The name itself, or the first of name2, name3, ... that nobody has."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}{number}"
    return free
