"""The code of one release as griffe reads it, without importing it."""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

import griffe

from api_tools.constructors import add_constructors

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["Tree", "alias_value", "target_of"]

#: What is written before the bracket of a type that is given a name without saying that it is one.
_OF_TYPES = ("collections.abc.", "dict", "list", "tuple", "typing.")


class Tree:
    """The packages of one release.

    Attributes:
        packages: Every package by its name.

    """

    def __init__(self, folders: Iterable[Path], packages: Iterable[str]) -> None:
        loader = griffe.GriffeLoader(search_paths=list(folders), allow_inspection=False)
        for name in packages:
            # Without this, griffe would take a folder of that name in the current one.
            loader.load(name, try_relative_path=False)
        loader.resolve_aliases(implicit=True, external=False)
        self._collection = loader.modules_collection
        self.packages: dict[str, griffe.Module] = {name: self._collection.members[name] for name in packages}
        for package in self.packages.values():
            add_constructors(package)
        self.find = cache(self._find)

    def _find(self, path: str) -> griffe.Object | None:
        """What a dotted path leads to; `None` for what other packages have."""
        try:
            return target_of(self._collection.get_member(path))
        except (KeyError, ValueError):
            return None

    def alias_value(self, path: str) -> griffe.Expr | str | None:
        """What a type alias stands for; `None` when the path leads to something else."""
        return alias_value(self.find(path))


def alias_value(found: griffe.Object | None) -> griffe.Expr | str | None:
    """What a type alias stands for; `None` for anything else."""
    if isinstance(found, griffe.TypeAlias):
        return found.value
    if not isinstance(found, griffe.Attribute) or not isinstance(found.parent, griffe.Module):
        return None
    if found.annotation is None:
        is_type = isinstance(found.value, griffe.ExprSubscript) and found.value.canonical_path.startswith(_OF_TYPES)
    else:
        is_type = str(found.annotation).rpartition(".")[2] == "TypeAlias"
    return _without_quotes(found) if is_type else None


def target_of(member: griffe.Object | griffe.Alias) -> griffe.Object | None:
    """What a name stands for; `None` for what other packages have."""
    try:
        return member.final_target if isinstance(member, griffe.Alias) else member
    except (griffe.AliasResolutionError, griffe.CyclicAliasError):
        return None


def _without_quotes(alias: griffe.Attribute) -> griffe.Expr | str | None:
    """The value as an expression, when it is written as a text: ``A: TypeAlias = "int | str"``."""
    value = alias.value
    if not isinstance(value, str) or value[:1] not in ("'", '"') or not isinstance(alias.parent, griffe.Module):
        return value
    text: str = ast.literal_eval(value)
    return griffe.get_expression(ast.parse(text, mode="eval").body, alias.parent, parse_strings=True)
