"""What a call must pass, gets, and how it is made.

griffe judges names, kinds, order and defaults of parameters. What it leaves out is judged here: the types, whether the
result must be awaited, and the decorators that decide how a function is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import griffe

from api_tools.change import Change

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api_tools.pair import Pair

__all__ = ["function_changes", "griffe_changes"]

_DECORATORS = {
    "staticmethod": "a static method",
    "classmethod": "a class method",
    "contextlib.contextmanager": "a context manager",
    "contextlib.asynccontextmanager": "an asynchronous context manager",
}
_DEPRECATED = {"warnings.deprecated", "typing_extensions.deprecated"}


def function_changes(pair: Pair) -> Iterator[Change]:
    """Every change of a function but those of its overloads."""
    old, new = pair.old, pair.new
    if not isinstance(old, griffe.Function) or not isinstance(new, griffe.Function):
        return
    if ("async" in old.labels) != ("async" in new.labels):
        became = "became asynchronous" if "async" in new.labels else "is no longer asynchronous"
        yield pair.told("breaking", became)
    yield from _decorator_changes(pair, _decorators(old), _decorators(new))
    yield from _new_parameters(pair, old, new)
    if not (old.overloads and new.overloads):  # where there are overloads, callers see their types
        yield from _type_changes(pair, old, new)


def griffe_changes(pair: Pair) -> Iterator[Change]:
    """What griffe itself finds about an object; the members of a class are pairs of their own."""
    if isinstance(pair.old, griffe.Class | griffe.Module) and pair.old.kind is pair.new.kind:
        return
    for breakage in griffe.find_breaking_changes(_holder(pair.old), _holder(pair.new)):
        if (told := _told(breakage)) is not None:
            yield pair.told(
                "changed" if isinstance(breakage, griffe.ParameterChangedDefaultBreakage) else "breaking", told
            )


def _holder(found: griffe.Object) -> griffe.Module:
    """A module with one member, as griffe compares members alone."""
    module = griffe.Module("holder")
    module.members["member"] = griffe.Alias("member", found, parent=module)
    return module


def _told(breakage: griffe.Breakage) -> str | None:
    old, new = breakage.old_value, breakage.new_value
    match breakage:
        case griffe.ParameterRemovedBreakage():
            return f"parameter `{old.name}` removed"
        case griffe.ParameterMovedBreakage():
            return f"parameter `{old.name}` has another position"
        case griffe.ParameterChangedKindBreakage():
            return f"parameter `{old.name}` is {new.kind.value}, was {old.kind.value}"
        case griffe.ParameterChangedDefaultBreakage():
            return f"default of parameter `{old.name}` {old.default} -> {new.default}"
        case griffe.ParameterChangedRequiredBreakage():
            return f"parameter `{old.name}` became required"
        case griffe.ParameterAddedRequiredBreakage():
            return f"parameter `{new.name}` added (required)"
        case griffe.ObjectChangedKindBreakage():
            return f"kind is {new.value}, was {old.value}"
        case _:
            return None  # a return type that is gone: the types are compared here


def _decorators(function: griffe.Function) -> set[str]:
    return {decorator.callable_path for decorator in function.decorators}


def _decorator_changes(pair: Pair, old: set[str], new: set[str]) -> Iterator[Change]:
    for path, said in _DECORATORS.items():
        if (path in old) != (path in new):
            yield pair.told("breaking", f"became {said}" if path in new else f"is no longer {said}")
    if new & _DEPRECATED and not old & _DEPRECATED:
        yield pair.told("changed", "deprecated")


def _new_parameters(pair: Pair, old: griffe.Function, new: griffe.Function) -> Iterator[Change]:
    known = {parameter.name for parameter in old.parameters}
    for parameter in new.parameters:
        if parameter.name not in known and not parameter.required:
            yield pair.told("added", f"parameter `{parameter.name}` added")


def _type_changes(pair: Pair, old: griffe.Function, new: griffe.Function) -> Iterator[Change]:
    for parameter in old.parameters:
        if parameter.name in new.parameters and not pair.is_unmade:
            what = f"parameter `{parameter.name}`"
            yield from pair.sent(what, parameter.annotation, new.parameters[parameter.name].annotation)
    yield from pair.received("result", old.returns, new.returns)
