"""Which server versions have which operation and which field of it, from the documents of all known versions.

The documents are those of `openapi/history` and the server's current one. A version between two known ones may have
either; so of what is new in one of them it is only known that it came after the one before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from schema_tools.document import operations, shape
from schema_tools.errors import SchemaError
from schema_tools.fields import fields
from schema_tools.layout import version_numbers

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from schema_tools.document import JsonObject
    from schema_tools.fields import Path, Side
    from schema_tools.layout import Layout

__all__ = ["Availability", "History", "Places", "availability", "history", "known_versions"]

#: Where the fields of an operation stand.
Places: TypeAlias = "frozenset[tuple[Side, Path]]"

#: Servers read these from the query of routes that do not declare them, so a declaration does not tell since when.
UNDECLARED_IN_QUERY = frozenset({"api_key", "source", "source_info"})


@dataclass(frozen=True)
class Availability:
    """Where something is known from.

    Attributes:
        since: The oldest known version from which on it is there without a gap.
        missing_in: The newest known version before that, which lacks it.
        until: The newest known version that has it, when a newer one lacks it.

    """

    since: str
    missing_in: str | None
    until: str | None


def availability(versions: Sequence[str], having: Collection[str]) -> Availability:
    """The last unbroken stretch of versions.

    Args:
        versions: All known versions, the oldest first.
        having: Those that have it, at least one.

    """
    last = max(versions.index(version) for version in having)
    first = last
    while first > 0 and versions[first - 1] in having:
        first -= 1
    return Availability(
        since=versions[first],
        missing_in=versions[first - 1] if first else None,
        until=versions[last] if last + 1 < len(versions) else None,
    )


@dataclass(frozen=True)
class OperationHistory:
    """One operation through the versions.

    Attributes:
        key: Method and path as the newest document spells them, such as ``POST /infer/lmm``.
        fields: By version that has it: its fields.

    """

    key: str
    fields: Mapping[str, Places]


@dataclass(frozen=True)
class History:
    """All known versions of the server.

    Attributes:
        versions: The oldest first; the last is the current one.
        operations: By the `shape` of their keys, sorted.

    """

    versions: tuple[str, ...]
    operations: Mapping[str, OperationHistory]

    def of_operations(self) -> dict[str, Availability]:
        """Every operation there ever was, by its key."""
        return {each.key: self._of(each.fields) for each in self.operations.values()}

    def of_operation(self, key: str) -> Availability:
        """One operation."""
        return self._of(self.operations[shape(key)].fields)

    def of_field(self, key: str, sides: Collection[Side], path: Path) -> Availability | None:
        """One field of an operation, in any of these places of it; None when no version declares it there."""
        declared = self.operations[shape(key)].fields
        having = [version for version, places in declared.items() if any((side, path) in places for side in sides)]
        is_undeclared = path[0] in UNDECLARED_IN_QUERY and "body" not in sides and "answer" not in sides
        return None if not having or is_undeclared else self._of(having)

    def of_parameters(self) -> dict[str, dict[str, Availability]]:
        """By key of the operation and dotted name: what a request may hold and not every server with that operation.

        A field within another is listed when it differs from that.
        """
        found = {each.key: self._differing(each) for each in self.operations.values()}
        return {key: parameters for key, parameters in found.items() if parameters}

    def _differing(self, operation: OperationHistory) -> dict[str, Availability]:
        differing: dict[str, Availability] = {}
        sent: set[tuple[Side, Path]] = {
            (side, path)
            for places in operation.fields.values()
            for side, path in places
            if side in ("query", "body") and not (side == "query" and path[0] in UNDECLARED_IN_QUERY)
        }
        for path in sorted({path for _, path in sent}):
            sides: set[Side] = {side for side, each in sent if each == path}
            own = self.of_field(operation.key, sides, path)
            around = self.of_field(operation.key, ("body",), path[:-1]) if path[1:] else self._of(operation.fields)
            if own is not None and own != around:
                differing[".".join(path)] = own
        return differing

    def _of(self, having: Collection[str]) -> Availability:
        return availability(self.versions, having)


def known_versions(layout: Layout) -> dict[str, JsonObject]:
    """Read every document, by version, the oldest first.

    Raises:
        SchemaError: A document of the history is of another version than its name says.

    """
    documents = {path.stem: layout.load(path) for path in layout.history}
    for version, document in documents.items():
        if document["info"]["version"] != version:
            raise SchemaError(f"openapi/history/{version}.json: is of version {document['info']['version']}")
    current = layout.load(layout.upstream)
    documents[current["info"]["version"]] = current
    return {version: documents[version] for version in sorted(documents, key=version_numbers)}


def history(documents: Mapping[str, JsonObject]) -> History:
    """Follow every operation through the versions; names of path parameters do not matter.

    Args:
        documents: By version, the oldest first.

    """
    declared: dict[str, dict[str, Places]] = {}
    spelled: dict[str, str] = {}
    for version, document in documents.items():
        for key, operation in operations(document):
            places: Places = frozenset((field.side, field.path) for field in fields(document, operation))
            declared.setdefault(shape(key), {})[version] = places
            spelled[shape(key)] = key
    return History(
        versions=tuple(documents),
        operations={same: OperationHistory(spelled[same], declared[same]) for same in sorted(declared)},
    )
