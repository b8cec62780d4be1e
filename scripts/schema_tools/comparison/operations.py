"""Which operation of one document is which of the other, and everything that one operation declares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tools.document import is_object, operations, shape

if TYPE_CHECKING:
    from schema_tools.document import Json, JsonObject

__all__ = ["OperationPair", "Operations", "declared", "pair_operations", "path_parameters"]

_PATH_PARAMETER = re.compile(r"\{([^}]*)\}")


@dataclass(frozen=True)
class OperationPair:
    """One operation in both documents; callers see no names of path parameters, so these may differ."""

    old: str
    new: str


@dataclass(frozen=True)
class Operations:
    """The operations of two documents, each as ``METHOD path``.

    Attributes:
        shared: Those that both have.
        removed: Those of the old one alone.
        added: Those of the new one alone.

    """

    shared: tuple[OperationPair, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]


def pair_operations(old: JsonObject, new: JsonObject) -> Operations:
    """Find each operation of one document in the other; all in sorted order."""
    olds, news = ({key for key, _ in operations(document)} for document in (old, new))
    shared = {OperationPair(key, key) for key in olds & news}
    removed, added = sorted(olds - news), sorted(news - olds)
    for key in list(removed):
        same = next((each for each in added if shape(each) == shape(key)), None)
        if same is not None:
            removed.remove(key)
            added.remove(same)
            shared.add(OperationPair(key, same))
    return Operations(tuple(sorted(shared, key=lambda pair: pair.old)), tuple(removed), tuple(added))


def path_parameters(key: str) -> list[str]:
    """The names in the path of an operation, in order."""
    return _PATH_PARAMETER.findall(key)


def declared(document: JsonObject) -> dict[str, JsonObject]:
    """Every operation with what is declared elsewhere for it: at its path, for the document, or by reference."""
    paths: JsonObject = document["paths"]
    return {key: _whole(operation, paths[key.partition(" ")[2]], document) for key, operation in operations(document)}


def _whole(operation: JsonObject, item: JsonObject, document: JsonObject) -> JsonObject:
    own = [_resolved(row, document) for row in operation.get("parameters", [])]
    given = {(row["in"], row["name"]) for row in own}
    common = [_resolved(row, document) for row in item.get("parameters", [])]
    whole = {
        **operation,
        "parameters": own + [row for row in common if (row["in"], row["name"]) not in given],
        "responses": {
            str(code): _resolved(response, document) for code, response in operation.get("responses", {}).items()
        },
        "security": operation.get("security", document.get("security", [])),
        "servers": operation.get("servers", item.get("servers", document.get("servers", []))),
    }
    if "requestBody" in operation:
        whole["requestBody"] = _resolved(operation["requestBody"], document)
    return whole


def _resolved(node: JsonObject, document: JsonObject) -> JsonObject:
    """The node, or the component that its reference leads to."""
    reference = node.get("$ref")
    if not isinstance(reference, str):
        return node
    target: Json = document
    for step in reference.removeprefix("#/").split("/"):
        target = target.get(step) if is_object(target) else None
    return target if is_object(target) else node
