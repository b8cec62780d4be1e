"""Classes as a whole: what they are one of, and what callers may do with their objects."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import griffe

from api_tools.constructors import ancestors, decorator_arguments, is_named_tuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api_tools.change import Change
    from api_tools.pair import Pair
    from api_tools.type_expressions import TypeReader

__all__ = ["class_changes"]

_FROZEN = {"attrs.frozen", "attr.frozen"}
_FINAL = {"typing.final", "typing_extensions.final"}


def class_changes(pair: Pair) -> Iterator[Change]:
    """Bases that are gone, and what objects and subclasses can no longer do."""
    old, new = pair.old, pair.new
    if not isinstance(old, griffe.Class) or not isinstance(new, griffe.Class):
        return
    yield from _lost_bases(pair, old, new)
    if _is_frozen(new) and not _is_frozen(old):
        yield pair.told("breaking", "became frozen")
    if _decorators(new) & _FINAL and not _decorators(old) & _FINAL:
        yield pair.told("breaking", "became final")
    if is_named_tuple(old) and is_named_tuple(new):
        before, now = _length(old), _length(new)
        if before != now:
            yield pair.told("breaking", f"has {now} elements, had {before}: it cannot be unpacked as before")


def _lost_bases(pair: Pair, old: griffe.Class, new: griffe.Class) -> Iterator[Change]:
    now = _named_bases(new, pair.sides.new)
    for base in _named_bases(old, pair.sides.old):
        is_ours = pair.sides.old.tree.find(base) is not None or base in pair.sides.public
        if is_ours and base not in pair.sides.public:
            continue  # a private helper, whose methods are compared where they are called
        if not any(other == base or _is_builtin_subclass(other, base) for other in now):
            yield pair.told("breaking", f"is no longer a `{base}`")


def _named_bases(kind: griffe.Class, by: TypeReader) -> list[str]:
    found = [(path, by.tree.find(path)) for path in ancestors(kind)]
    return [by.public_name(path if base is None else base.canonical_path) for path, base in found]


def _is_builtin_subclass(narrow: str, wide: str) -> bool:
    mine, its = getattr(builtins, narrow, None), getattr(builtins, wide, None)
    return isinstance(mine, type) and isinstance(its, type) and issubclass(mine, its)


def _decorators(kind: griffe.Class) -> set[str]:
    return {decorator.callable_path for decorator in kind.decorators}


def _is_frozen(kind: griffe.Class) -> bool:
    return bool(_decorators(kind) & _FROZEN) or decorator_arguments(kind).get("frozen") == "True"


def _length(kind: griffe.Class) -> int:
    return len(kind.parameters) - 1  # without `self`
