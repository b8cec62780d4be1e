"""Whether a server still is the one of our snapshot: it may have changed, run with other flags, or both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schema_tools.comparison.flags import flags_off
from schema_tools.comparison.operations import pair_operations
from schema_tools.differences import compare, is_renaming
from schema_tools.document import reachable_schemas, schemas_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from schema_tools.differences import Difference
    from schema_tools.document import JsonObject
    from schema_tools.profile import Flag, Profile

__all__ = ["Drift", "drift"]


@dataclass(frozen=True)
class Drift:
    """What is different about a server.

    Attributes:
        ours: The version of our snapshot.
        theirs: The version of the server.
        differences: What has changed among all that no flag explains.
        off: The flags that are off, each with the operations that are missing because of it.
        unknown: Operations that no flag of the profile can have added to a server of our own version.

    """

    ours: str
    theirs: str
    differences: tuple[Difference, ...]
    off: dict[Flag, frozenset[str]]
    unknown: tuple[str, ...]

    @property
    def has_changed(self) -> bool:
        """Whether it is another server."""
        return bool(self.differences) or self.ours != self.theirs

    @property
    def has_other_flags(self) -> bool:
        """Whether it runs with other flags than ours did."""
        return bool(self.off or self.unknown)

    def lines(self) -> list[str]:
        """Each finding, on a line of its own."""
        lines = [f"{row.severity}: {row.place}: {row.change}" for row in self.differences]
        for flag, hidden in self.off.items():
            more = f" and {len(hidden) - 1} more" if len(hidden) > 1 else ""
            lines.append(f"other flag: {flag.name}={flag.value} (missing: {flag.marker}{more})")
        lines += [f"unknown flag: no row of openapi/profile.yaml explains {key}" for key in self.unknown]
        return lines

    def to_do(self) -> list[str]:
        """The steps that follow from the findings."""
        steps: list[str] = []
        if self.off:
            flags = " ".join(f"{flag.name}={flag.value}" for flag in self.off)
            otherwise = "" if self.ours == self.theirs else " (if this version has no such route, edit its row instead)"
            steps.append(f"start the server with the flags of openapi/profile.yaml{otherwise}: {flags}")
        if self.unknown:
            steps.append("find the flag that shows the unknown operations; openapi/profile.yaml needs a row for it")
        if self.has_changed or not steps:
            steps.append("pull again without --check")
        return steps


def drift(ours: JsonObject, theirs: JsonObject, profile: Profile) -> Drift:
    """Compare a server with the document that we have.

    Args:
        ours: The document with every operation.
        theirs: The document of the server at hand.
        profile: The flags that decide what is listed.

    """
    version, version_now = (str(document["info"]["version"]) for document in (ours, theirs))
    paired = pair_operations(ours, theirs)
    off = flags_off(profile, ours, paired.removed)
    unknown = paired.added if version == version_now else ()
    if not off and not unknown:
        return Drift(version, version_now, tuple(compare(ours, theirs)), off, unknown)
    hidden = frozenset[str]().union(*off.values())
    found = compare(_without(ours, hidden), _without(theirs, unknown))
    # A server names its schemas so that no two that it lists have one name: with other operations, other names.
    return Drift(version, version_now, tuple(row for row in found if not is_renaming(row)), off, unknown)


def _without(document: JsonObject, keys: Collection[str]) -> JsonObject:
    """The document without some operations, and with no schemas but those that the others use."""
    paths = {
        path: {key: value for key, value in item.items() if f"{key.upper()} {path}" not in keys}
        for path, item in document["paths"].items()
    }
    used = reachable_schemas(document, [paths, {**document["components"], "schemas": {}}])
    schemas = {name: schema for name, schema in schemas_of(document).items() if name in used}
    return {**document, "paths": paths, "components": {**document["components"], "schemas": schemas}}
