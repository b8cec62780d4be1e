"""Removing the server's prose: its texts are not ours, and the shape is all we need."""

from __future__ import annotations

from schema_tools.document import NAME_MAPS, OPAQUE, Json, JsonObject, is_array, is_object

__all__ = ["strip_prose"]

PROSE = frozenset({"description", "example", "examples", "externalDocs", "summary", "title"})


def strip_prose(raw: JsonObject) -> JsonObject:
    """The document without descriptions, summaries, titles and examples.

    Kept are the version of OpenAPI, the server's title and version, paths and components. A response must
    have a description, so each gets an empty one.
    """
    return {
        "openapi": raw["openapi"],
        "info": {"title": raw["info"]["title"], "version": raw["info"]["version"]},
        "paths": _strip_names(raw["paths"]),
        "components": _strip(raw["components"]),
    }


def _strip(node: Json) -> Json:
    if is_array(node):
        return [_strip(value) for value in node]
    if not is_object(node):
        return node
    stripped: JsonObject = {}
    for key, value in node.items():
        if key in PROSE:
            continue
        if key in OPAQUE:
            stripped[key] = value
        elif key == "responses" and is_object(value):
            stripped[key] = {code: {"description": "", **_strip(response)} for code, response in value.items()}
        elif key in NAME_MAPS and is_object(value):
            stripped[key] = _strip_names(value)
        else:
            stripped[key] = _strip(value)
    return stripped


def _strip_names(node: JsonObject) -> JsonObject:
    """The keys are names, a field may well be called ``title``: keep every key."""
    return {name: _strip(value) for name, value in node.items()}
