"""The constructors that Python code does not spell out: those of attrs classes and named tuples.

griffe adds those of data classes itself. With these, a field that is new and required, or that lost its default, is a
change of the parameters of `__init__`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import griffe
from griffe import Parameter, ParameterKind

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["add_constructors", "ancestors", "decorator_arguments", "is_attrs", "is_named_tuple"]

_ATTRS = {f"{module}.{name}" for module in ("attr", "attrs") for name in ("define", "frozen", "mutable")}
_FIELD = {"attrs.field", "attr.field", "attr.ib"}


def add_constructors(module: griffe.Module) -> None:
    """Give every class of a package, of whatever depth, the constructor it has at run time."""
    for member in module.members.values():
        if isinstance(member, griffe.Module):
            add_constructors(member)
        elif isinstance(member, griffe.Class) and "__init__" not in member.members:
            parameters = _parameters(member)
            if parameters is not None:
                _add(member, parameters)


def ancestors(kind: griffe.Class) -> list[str]:
    """Paths of all bases, near ones first; of other packages' classes only those that are named here."""
    found: list[str] = []
    for one in [kind, *kind.mro()]:
        found += [one.canonical_path] if one is not kind else []
        for base in one.bases:
            path = base if isinstance(base, str) else base.canonical_path
            found += [path] if path not in found else []
    return found


def is_named_tuple(kind: griffe.Class) -> bool:
    """Whether a class is a named tuple."""
    return "typing.NamedTuple" in ancestors(kind)


def is_attrs(kind: griffe.Class) -> bool:
    """Whether a class itself is decorated by attrs."""
    return any(decorator.callable_path in _ATTRS for decorator in kind.decorators)


def decorator_arguments(kind: griffe.Class) -> dict[str, str]:
    """Keyword arguments of all decorators of a class, as written."""
    found: dict[str, str] = {}
    for decorator in kind.decorators:
        found |= {name: str(value) for name, value in _keywords(decorator.value).items()}
    return found


def _parameters(kind: griffe.Class) -> list[Parameter] | None:
    if is_attrs(kind):
        fields: dict[str, Parameter] = {}
        for one in [*reversed(kind.mro()), kind]:
            if is_attrs(one):
                for parameter in _attrs_parameters(one):
                    fields.pop(parameter.name, None)  # a field that is declared anew moves to the end
                    fields[parameter.name] = parameter
        return sorted(fields.values(), key=lambda parameter: parameter.kind is ParameterKind.keyword_only)
    if is_named_tuple(kind):
        return [
            Parameter(
                field.name,
                annotation=field.annotation,
                kind=ParameterKind.positional_or_keyword,
                default=field.value,
            )
            for field in _fields(kind)
        ]
    return None


def _attrs_parameters(kind: griffe.Class) -> Iterator[Parameter]:
    all_by_keyword = decorator_arguments(kind).get("kw_only") == "True"
    for field in _fields(kind):
        is_call = isinstance(field.value, griffe.ExprCall) and field.value.canonical_path in _FIELD
        options = _keywords(field.value) if is_call else {}
        if str(options.get("init")) == "False":
            continue
        by_keyword = all_by_keyword or str(options.get("kw_only")) == "True"
        yield Parameter(
            str(options["alias"]).strip("'\"") if "alias" in options else field.name.lstrip("_"),
            annotation=field.annotation,
            kind=ParameterKind.keyword_only if by_keyword else ParameterKind.positional_or_keyword,
            default=options.get("default", options.get("factory")) if is_call else field.value,
        )


def _fields(kind: griffe.Class) -> Iterator[griffe.Attribute]:
    for member in kind.members.values():
        if isinstance(member, griffe.Attribute) and member.annotation is not None:
            is_class_variable = "class-attribute" in member.labels and "instance-attribute" not in member.labels
            if not is_class_variable and "property" not in member.labels:
                yield member


def _keywords(call: griffe.Expr | str | None) -> dict[str, griffe.Expr | str]:
    if not isinstance(call, griffe.ExprCall):
        return {}
    return {one.name: one.value for one in call.arguments if isinstance(one, griffe.ExprKeyword)}


def _add(kind: griffe.Class, parameters: list[Parameter]) -> None:
    itself = Parameter("self", kind=ParameterKind.positional_or_keyword)
    made = griffe.Function("__init__", parameters=griffe.Parameters(itself, *parameters), returns="None", parent=kind)
    kind.set_member("__init__", made)
