"""The types that annotations name, taken apart far enough to tell whether one covers another.

A union is a set of arms, and one union covers another when each arm of the other is covered by one of its own. A type
alias has the same name in both releases as long as it is the same alias: what became of it is told where it is defined,
not at every place that names it. It is opened only where the names differ.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import griffe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api_tools.trees import Tree

__all__ = ["Arm", "TypeReader", "Union", "not_covered", "type_names"]

_TYPING = ("typing.", "typing_extensions.")
_WRAPPERS = {"Annotated", "ClassVar", "Final", "NotRequired", "ReadOnly", "Required"}
_ANYTHING = {"typing.Any", "object"}
_LITERAL = "typing.Literal"
#: Where a static type may be written for another by PEP 484, or is abstract in the standard library.
_NUMBERS = {"bool": {"int", "float", "complex"}, "int": {"float", "complex"}, "float": {"complex"}}
_STANDARD = ("builtins", "collections", "collections.abc", "datetime", "enum", "os", "pathlib", "typing")


@dataclass(frozen=True)
class Arm:
    """One arm of a union.

    Attributes:
        name: What is named: the place where callers find it, or the text of a literal or of another expression.
        path: Where that is defined.
        arguments: What stands in its brackets.
        shown: How the code writes it.

    """

    name: str
    path: str
    arguments: tuple[Union, ...]
    shown: str


Union: TypeAlias = frozenset[Arm]


@dataclass(frozen=True)
class TypeReader:
    """Reads the annotations of one release.

    Attributes:
        tree: The code of the release.
        public_name: From the path of a definition to the name callers import, if there is one.

    """

    tree: Tree
    public_name: Callable[[str], str]

    def read(self, expression: griffe.Expr | str | None) -> Union:
        """The arms of an annotation; none at all stands for anything."""
        if expression is None:
            return frozenset({Arm("typing.Any", "typing.Any", (), "Any")})
        return frozenset(self._arms(expression))

    def opened(self, arm: Arm) -> Union | None:
        """What a type alias stands for; `None` for any other type."""
        value = self.tree.alias_value(arm.path)
        return None if value is None else self.read(value)

    def ancestors(self, arm: Arm) -> Iterator[str]:
        """Names of the classes that an object of this class is one of, too."""
        found = self.tree.find(arm.path)
        if isinstance(found, griffe.Class):
            yield from (self.public_name(one.canonical_path) for one in found.mro())

    def _arms(self, expression: griffe.Expr | str) -> Iterator[Arm]:
        match expression:
            case griffe.ExprBinOp(operator="|", left=left, right=right):
                yield from self._arms(left)
                yield from self._arms(right)
            case griffe.ExprSubscript():
                yield from self._subscript(expression)
            case griffe.ExprName() | griffe.ExprAttribute():
                word = _typing_word(expression.canonical_path)
                if word not in _WRAPPERS:  # as `Final` without a type
                    yield self._arm(expression, ())
            case _:
                yield Arm(str(expression), str(expression), (), str(expression))

    def _subscript(self, expression: griffe.ExprSubscript) -> Iterator[Arm]:
        inner = expression.slice
        elements = list(inner.elements) if isinstance(inner, griffe.ExprTuple) else [inner]
        match _typing_word(expression.canonical_path):
            case "Union":
                for element in elements:
                    yield from self._arms(element)
            case "Optional":
                yield from self._arms(elements[0])
                yield Arm("None", "None", (), "None")
            case "Literal":
                for element in elements:
                    value = f"{_LITERAL}[{element}]"
                    yield Arm(value, value, (), str(element))
            case word if word in _WRAPPERS:
                yield from self._arms(elements[0])
            case _:
                arguments = tuple(self.read(element) for element in elements)
                yield self._arm(expression, arguments)

    def _arm(self, expression: griffe.Expr, arguments: tuple[Union, ...]) -> Arm:
        found = self.tree.find(expression.canonical_path)
        path = expression.canonical_path if found is None else found.canonical_path
        return Arm(self.public_name(path), path, arguments, str(expression))


def type_names(expression: griffe.Expr | str | None) -> Iterator[str]:
    """Paths of everything an annotation names, at any depth."""
    if isinstance(expression, griffe.Expr):
        for one in expression.iterate(flat=True):
            if isinstance(one, griffe.ExprName):
                yield one.canonical_path


def not_covered(narrow: Union, of: TypeReader, wide: Union, by: TypeReader) -> list[Arm]:
    """The arms of one union that another does not cover, sorted.

    Args:
        narrow: The union whose arms are asked for.
        of: What read it.
        wide: The union that should cover it.
        by: What read that.

    """
    return sorted((arm for arm in narrow if not _is_covered(arm, of, wide, by)), key=lambda arm: arm.shown)


def _is_covered(arm: Arm, of: TypeReader, wide: Union, by: TypeReader) -> bool:
    if arm in wide or any(_covers(one, by, arm, of) for one in wide):
        return True
    opened = of.opened(arm)
    if opened is not None and all(_is_covered(one, of, wide, by) for one in opened):
        return True
    values = [inner for one in wide if (inner := by.opened(one)) is not None]
    return any(_is_covered(arm, of, inner, by) for inner in values)


def _covers(wide: Arm, by: TypeReader, narrow: Arm, of: TypeReader) -> bool:
    if wide.name in _ANYTHING:
        return True
    if wide.name == narrow.name or wide.path == narrow.path:
        return _arguments_are_covered(wide, by, narrow, of)
    if narrow.name.startswith(_LITERAL):
        return wide.name == ("str" if narrow.shown[:1] in ("'", '"') else "int")
    if wide.name in of.ancestors(narrow) or wide.name in _NUMBERS.get(narrow.name, ()):
        return True
    return _is_standard_subclass(narrow.name, wide.name) and _arguments_are_covered(wide, by, narrow, of)


def _arguments_are_covered(wide: Arm, by: TypeReader, narrow: Arm, of: TypeReader) -> bool:
    if not wide.arguments or not narrow.arguments:
        return True
    if len(wide.arguments) != len(narrow.arguments):
        return False
    return all(not not_covered(mine, of, its, by) for mine, its in zip(narrow.arguments, wide.arguments, strict=True))


def _is_standard_subclass(narrow: str, wide: str) -> bool:
    mine, its = _standard_class(narrow), _standard_class(wide)
    return mine is not None and its is not None and issubclass(mine, its)


def _standard_class(path: str) -> type | None:
    module, _, name = path.rpartition(".")
    if (module or "builtins") not in _STANDARD:
        return None
    value: Any = getattr(importlib.import_module(module or "builtins"), name, None)
    value = getattr(value, "__origin__", value)  # `typing.Sequence` is the class of `collections.abc`
    return value if isinstance(value, type) else None


def _typing_word(path: str) -> str:
    for module in _TYPING:
        if path.startswith(module):
            return path.removeprefix(module)
    return ""
