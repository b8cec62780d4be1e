"""Which server versions have which operation, from the documents of `openapi/history` and the current one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tools.document import operations
from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from schema_tools.document import JsonObject
    from schema_tools.layout import Layout

__all__ = ["OperationHistory", "known_versions", "operation_histories"]


@dataclass(frozen=True)
class OperationHistory:
    """Where one operation is known from.

    Attributes:
        key: Method and path, such as ``POST /infer/lmm``.
        since: The oldest known version from which on it is there.
        missing_in: The newest version known to be older than that, in which it is missing.
        until: The newest known version that has it, when a newer one lacks it.

    """

    key: str
    since: str
    missing_in: str | None
    until: str | None


def known_versions(layout: Layout) -> dict[str, JsonObject]:
    """Read every document, the server's current one last, by version.

    Raises:
        SchemaError: A document of the history is of another version than its name says.

    """
    documents = {path.stem: layout.load(path) for path in layout.history}
    for version, document in documents.items():
        if document["info"]["version"] != version:
            raise SchemaError(f"openapi/history/{version}.json: is of version {document['info']['version']}")
    current = layout.load(layout.upstream)
    documents[current["info"]["version"]] = current
    return {version: documents[version] for version in sorted(documents, key=_numbers)}


def operation_histories(layout: Layout) -> list[OperationHistory]:
    """Follow every operation through the versions; names of path parameters do not matter."""
    documents = known_versions(layout)
    versions = list(documents)
    has: dict[str, set[str]] = {}
    spelled: dict[str, str] = {}
    for version, document in documents.items():
        for key, _ in operations(document):
            same = re.sub(r"\{[^}]*\}", "{}", key)
            has.setdefault(same, set()).add(version)
            spelled[same] = key  # as the newest document spells it
    return [_history(spelled[same], versions, having) for same, having in sorted(has.items())]


def _history(key: str, versions: list[str], having: set[str]) -> OperationHistory:
    last = max(versions.index(version) for version in having)
    first = last
    while first > 0 and versions[first - 1] in having:
        first -= 1
    return OperationHistory(
        key=key,
        since=versions[first],
        missing_in=versions[first - 1] if first else None,
        until=versions[last] if last + 1 < len(versions) else None,
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
