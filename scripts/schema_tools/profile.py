"""Which routes a server lists depends on its environment flags; here is how we see that all are on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tools.document import is_object, operations
from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from schema_tools.document import JsonObject
    from schema_tools.layout import Layout

__all__ = ["Flag", "Profile", "load_profile"]


@dataclass(frozen=True)
class Flag:
    """One environment flag of the server.

    Attributes:
        name: The environment variable.
        value: What it must be set to.
        marker: ``METHOD path`` of an operation that exists only then.

    """

    name: str
    value: str
    marker: str

    def __str__(self) -> str:
        return f"{self.name}={self.value} (missing: {self.marker})"


@dataclass(frozen=True)
class Profile:
    """The flags of a server that mounts every route.

    Attributes:
        to_set: Flags whose default hides routes.
        to_keep: Flags whose default shows routes; somebody may have changed it.

    """

    to_set: tuple[Flag, ...]
    to_keep: tuple[Flag, ...]

    def missing(self, document: JsonObject) -> list[Flag]:
        """The flags whose marker is not in the document."""
        present = {key for key, _ in operations(document)}
        return [flag for flag in self.to_set + self.to_keep if flag.marker not in present]

    def locked(self) -> dict[str, str]:
        """What the lock file records: the flags that have to be set."""
        return {flag.name: flag.value for flag in self.to_set}


def load_profile(layout: Layout) -> Profile:
    """Read ``openapi/profile.yaml``.

    Raises:
        SchemaError: The file does not have the form its head comment describes.

    """
    table = layout.load(layout.profile)
    if set(table) != {"set", "keep"}:
        raise SchemaError(f"{layout.name(layout.profile)}: expected the two tables `set` and `keep`, got {list(table)}")
    return Profile(to_set=_flags(layout, table, "set"), to_keep=_flags(layout, table, "keep"))


def _flags(layout: Layout, table: JsonObject, part: str) -> tuple[Flag, ...]:
    rows = table[part]
    if not is_object(rows):
        raise SchemaError(f"{layout.name(layout.profile)}: `{part}` must be a table of flags")
    flags: list[Flag] = []
    for name, row in rows.items():
        if not isinstance(row, list) or len(row) != 2:  # pyright: ignore[reportUnknownArgumentType]
            raise SchemaError(f"{layout.name(layout.profile)}: row {name!r} must be [value, METHOD path]")
        value, marker = map(str, row)  # pyright: ignore[reportUnknownArgumentType]
        flags.append(Flag(name, value, marker))
    return tuple(flags)
