"""The servers that the lane starts, one after the other, and the tests that each of them must pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from real_server.cache import CURRENT, OLDEST
from real_server.settings import Engine

if TYPE_CHECKING:
    from real_server.cache import Requirements

__all__ = ["ARRANGEMENTS", "Arrangement"]


@dataclass(frozen=True)
class Arrangement:
    """One server in one setting."""

    name: str
    requirements: Requirements
    engine: Engine
    tests: tuple[str, ...]
    """Folders and files below tests/real_server."""
    has_platform: bool = False
    """Whether it may ask the platform (a stand-in on loopback) instead of being offline."""
    checks_keys: bool = False
    """Whether it serves only those who have a key of the stand-in's workspace."""

    @property
    def description(self) -> str:
        """What it is, in one line."""
        platform = "with a platform" if self.has_platform else "offline"
        keys = ", checks keys" if self.checks_keys else ""
        return f"{self.name}: server {self.requirements.server_version}, {self.engine} engine, {platform}{keys}"


ARRANGEMENTS = {
    arrangement.name: arrangement
    for arrangement in (
        Arrangement("current", CURRENT, Engine.LOCAL, ("lane", "any_server", "current")),
        Arrangement("platform", CURRENT, Engine.LOCAL, ("with_platform",), has_platform=True, checks_keys=True),
        Arrangement("legacy", CURRENT, Engine.LEGACY, ("any_server/test_tasks.py", "any_server/test_lists.py")),
        # Too old to be told that it is offline: what it asks goes to the stand-in.
        Arrangement("oldest", OLDEST, Engine.LEGACY, ("any_server", "with_platform"), has_platform=True),
    )
}
"""By name, in the order in which they run."""
