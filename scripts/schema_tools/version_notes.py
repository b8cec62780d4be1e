"""What docstrings say about versions: since which server there is an operation, an argument or a field, or until which.

What every known server has says nothing. A note names what is known and no more: of something new, the oldest known
server that has it and the newest that lacks it, for it may have come with any version between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from schema_tools.availability import availability
from schema_tools.document import operations, shape
from schema_tools.fields import fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from schema_tools.availability import Availability, History, Places
    from schema_tools.document import JsonObject
    from schema_tools.fields import Path, Side

__all__ = ["VersionNotes", "sentence"]


class VersionNotes:
    """Gives the notes for the docstrings of one document; an empty text where there is nothing to say.

    Args:
        history: The server's own documents.
        document: The built document. What it adds to the server's own has no known history.

    """

    def __init__(self, history: History, document: JsonObject) -> None:
        self._history = history
        self._places: dict[tuple[str, str], list[tuple[str, Side, Path]]] = {}
        for key, operation in operations(document):
            for field in fields(document, operation):
                if field.schema is not None:
                    self._places.setdefault((field.schema, field.path[-1]), []).append((key, field.side, field.path))

    def operation(self, key: str) -> str:
        """For an operation."""
        return sentence(self._history.of_operation(key), self._history.versions)

    def parameter(self, key: str, side: Side, name: str) -> str:
        """For an argument; not when its operation says the same, in the same docstring."""
        known = self._history.of_field(key, (side,), (name,))
        if known is None or known == self._history.of_operation(key):
            return ""
        return sentence(known, self._history.versions)

    def field(self, schema: str, name: str) -> str:
        """For a field of a class.

        A class may belong to several operations. A version has the field when it is at every place that leads to the
        class and that this version has.
        """
        having = [version for version in self._history.versions if self._has_field(schema, name, version)]
        return sentence(availability(self._history.versions, having), self._history.versions) if having else ""

    def _has_field(self, schema: str, name: str, version: str) -> bool:
        found = [
            (side, path) in places
            for side, path, declared in self._known_places(schema, name)
            if (places := declared.get(version)) is not None and (not path[1:] or (side, path[:-1]) in places)
        ]
        return bool(found) and all(found)

    def _known_places(self, schema: str, name: str) -> Iterator[tuple[Side, Path, Mapping[str, Places]]]:
        """The places of a field that some version declares, and what every version declares in their operations."""
        for key, side, path in self._places.get((schema, name), []):
            declared = self._history.operations[shape(key)].fields
            if any((side, path) in places for places in declared.values()):
                yield side, path, declared


def sentence(known: Availability, versions: Sequence[str]) -> str:
    """Say where something is known from.

    Args:
        known: Its availability.
        versions: All known versions, the oldest first.

    """
    said: list[str] = []
    if known.missing_in is not None:
        said.append(f"Since server {known.since} at the latest (missing in {known.missing_in}).")
    if known.until is not None:
        lacking = versions[versions.index(known.until) + 1]
        said.append(f"Until server {known.until} at least (missing in {lacking}).")
    return " ".join(said)
