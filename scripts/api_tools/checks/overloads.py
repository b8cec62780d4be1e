"""Overloads: a call that one of them allowed must still be allowed by one, with the same result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import griffe

from api_tools.checks.functions import function_changes, griffe_changes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api_tools.change import Change
    from api_tools.pair import Pair

__all__ = ["overload_changes"]


def overload_changes(pair: Pair) -> Iterator[Change]:
    """Overloads that are gone, or that none of the new ones stands for; and new ones."""
    old, new = pair.old, pair.new
    if not isinstance(old, griffe.Function) or not isinstance(new, griffe.Function):
        return
    before, now = old.overloads or [], new.overloads or []
    if not before and now:
        yield pair.told("changed", f"has {len(now)} overloads, had none")
        return
    for index, overload in enumerate(before):
        if not any(_stands_for(pair, overload, other) for other in _nearest_first(now, index) or [new]):
            yield pair.told("breaking", f"no overload for `{_signature(overload)}`")
    for index, overload in enumerate(now):
        if not any(_stands_for(pair, other, overload) for other in _nearest_first(before, index)):
            yield pair.told("added", f"overload `{_signature(overload)}`")


def _nearest_first(overloads: list[griffe.Function], index: int) -> list[griffe.Function]:
    """The one with this index, which mostly is the same one, before the others."""
    return [*overloads[index : index + 1], *overloads[:index], *overloads[index + 1 :]]


def _stands_for(pair: Pair, old: griffe.Function, new: griffe.Function) -> bool:
    each = replace(pair, old=old, new=new)
    found = [*griffe_changes(each), *function_changes(each)]
    return not any(one.severity == "breaking" for one in found)


def _signature(overload: griffe.Function) -> str:
    parameters = [_parameter(one) for one in overload.parameters if one.name not in ("self", "cls")]
    return f"({', '.join(parameters)}) -> {overload.returns}"


def _parameter(parameter: griffe.Parameter) -> str:
    default = "" if parameter.required else f" = {parameter.default}"
    return f"{parameter.name}: {parameter.annotation}{default}"
