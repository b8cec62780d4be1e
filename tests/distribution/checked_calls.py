"""What the files of calls hold: which names are called, with which arguments, and which have their type checked.

An expression is checked when it stands in `assert_type`, is what a `with` block opens, or is assigned to a name with a
declared type. Whose name it is says the annotation of the parameter it is read from, or the class it is read from.
"""

from __future__ import annotations

import ast
import inspect
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from attrs import field, frozen

__all__ = ["CALLS", "Calls", "Name", "read_calls"]

CALLS = Path(__file__).parent / "calls"

Name: TypeAlias = tuple[str, str]
"""Class and member, or an empty text and the name of a function or a class."""


@frozen
class Calls:
    """What all files of calls hold together."""

    mentioned: set[str] = field(factory=set[str])
    """Every name and attribute that occurs."""

    checked: set[Name] = field(factory=set[Name])
    """What has its type checked."""

    done: set[Name] = field(factory=set[Name])
    """What is called as a statement: enough for what gives nothing, as there is no type to demand."""

    types: dict[Name, set[str]] = field(factory=lambda: defaultdict[Name, set[str]](set))
    """The types that `assert_type` demands of calls of a name."""

    calls: dict[Name, list[ast.Call]] = field(factory=lambda: defaultdict[Name, list[ast.Call]](list))
    """Every call of a name."""

    def unused_parameters(self, name: Name, function: Callable[..., Any], *, skip: int) -> set[str]:
        """Parameters that no call of a name passes; `skip` leaves out `self`."""
        parameters = list(inspect.signature(function).parameters)[skip:]
        passed: set[str] = set()
        for call in self.calls[name]:
            passed |= {*parameters[: len(call.args)], *(one.arg for one in call.keywords if one.arg)}
        return set(parameters) - passed


def read_calls(folder: Path = CALLS) -> Calls:
    """Read all files of a folder."""
    found = Calls()
    for path in sorted(folder.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found.mentioned.update(_mentioned(tree))
        outside = [node for node in tree.body if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        _read(outside, {}, found)
        for function in tree.body:
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                parameters = (*function.args.args, *function.args.kwonlyargs)
                owners = {one.arg: _last_part(one.annotation) for one in parameters if one.annotation is not None}
                _read(function.body, owners, found)
    return found


def _read(body: list[ast.stmt], owners: Mapping[str, str], found: Calls) -> None:
    for node in (inner for statement in body for inner in ast.walk(statement)):
        if isinstance(node, ast.Call) and (name := _name(node.func, owners)):
            found.calls[name].append(node)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "assert_type":
            expression, declared = node.args
            found.checked.update(_names(expression, owners))
            for inner in ast.walk(expression):
                if isinstance(inner, ast.Call) and (name := _name(inner.func, owners)):
                    found.types[name].add(ast.unparse(declared))
        elif isinstance(node, ast.withitem):
            found.checked.update(_names(node.context_expr, owners))
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            found.checked.update(_names(node.value, owners))
        elif isinstance(node, ast.Expr):
            value = node.value.value if isinstance(node.value, ast.Await) else node.value
            if isinstance(value, ast.Call) and (name := _name(value.func, owners)):
                found.done.add(name)


def _names(expression: ast.expr, owners: Mapping[str, str]) -> Iterator[Name]:
    for node in ast.walk(expression):
        if name := _name(node, owners):
            yield name


def _name(node: ast.AST, owners: Mapping[str, str]) -> Name | None:
    match node:
        case ast.Attribute(value=value, attr=attribute):
            return owners.get(ast.unparse(value), _last_part(value)), attribute
        case ast.Subscript(value=value, slice=ast.Constant(value=str(key))):  # a field of a typed dictionary
            return owners.get(ast.unparse(value), ""), key
        case ast.Call(func=ast.Attribute(value=value, attr="get"), args=[ast.Constant(value=str(key))]):
            return owners.get(ast.unparse(value), ""), key
        case ast.Name(id=name):
            return "", name
        case _:
            return None


def _last_part(node: ast.AST) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _mentioned(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
