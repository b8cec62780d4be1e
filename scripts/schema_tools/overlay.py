"""A strict reader of OpenAPI Overlay 1.x: an action that has no effect is an error.

A lenient one would pass over a correction that no longer fits, which is the failure to fear here.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import jsonpath_rfc9535

from schema_tools.document import is_array, is_object
from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from schema_tools.document import Json, JsonObject
    from schema_tools.problems import Problems

__all__ = ["apply_overlay"]

VERSIONS = ("1.0.0", "1.1.0")


def apply_overlay(document: JsonObject, overlay: JsonObject, source: str, problems: Problems) -> int:
    """Apply every action of an overlay.

    Args:
        document: Changed in place.
        overlay: The overlay document.
        source: The file it comes from, for messages.
        problems: Takes note of each action that is not understood, matches nothing, or changes nothing.

    Returns:
        How many actions there are.

    Raises:
        SchemaError: It is no overlay of a version that is known here.

    """
    if str(overlay.get("overlay")) not in VERSIONS:
        raise SchemaError(f"{source}: `overlay` must be one of {VERSIONS}, is {overlay.get('overlay')!r}")
    for number, action in enumerate(overlay["actions"], start=1):
        where = f"{source}: action {number} ({action.get('target')})"
        with problems.noted():
            _apply(document, action, where)
    return len(overlay["actions"])


def _apply(document: JsonObject, action: JsonObject, where: str) -> None:
    if len(action.keys() & {"update", "remove"}) != 1:
        raise SchemaError(f"{where}: needs a target and either `update` or `remove: true`")
    try:
        matches = jsonpath_rfc9535.find(action["target"], document)
    except jsonpath_rfc9535.JSONPathError as error:
        raise SchemaError(f"{where}: the target is not a JSONPath: {error}") from error
    if not matches:
        raise SchemaError(f"{where}: matches nothing: the server's document has changed there")
    for match in reversed(matches):  # from the back, so that removing from an array moves nothing
        parent, key = _parent(document, match.location)
        if action.get("remove"):
            del parent[key]
        elif parent is None:
            _merge(document, action["update"], where)
        else:
            parent[key] = _merge(parent[key], action["update"], where)


def _parent(document: JsonObject, location: tuple[int | str, ...]) -> tuple[Json, int | str]:
    """The container of the matched node and the key in it; no container when the whole document matched."""
    if not location:
        return None, ""
    node: Json = document
    for step in location[:-1]:
        node = node[step]
    return node, location[-1]


def _merge(target: Json, update: Json, where: str) -> Json:
    """The specification's merge: objects recursively, arrays by appending, anything else replaced.

    Every value of the update must make a difference.
    """
    if is_object(target) and is_object(update):
        if not update:
            raise _without_effect(where)
        for key, value in update.items():
            inside = f"{where}: {key}"
            target[key] = _merge(target[key], value, inside) if key in target else copy.deepcopy(value)
        return target
    if is_array(target):
        items = update if is_array(update) else [update]
        if any(item in target for item in items):
            raise _without_effect(where)
        target.extend(copy.deepcopy(items))
        return target
    if target == update:
        raise _without_effect(where)
    return copy.deepcopy(update)


def _without_effect(where: str) -> SchemaError:
    return SchemaError(f"{where}: changes nothing: the server's document has caught up, delete it")
