"""What a release needs before it is built: sound fragments, a fitting version, a changelog that agrees."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from release_tools.building import build
from release_tools.changelog import collect_fragments, read_entries
from release_tools.errors import ReleaseError
from release_tools.fragments import Fragment, read_fragments
from release_tools.versions import Version, next_versions

if TYPE_CHECKING:
    from datetime import date

    from release_tools.source_tree import SourceTree

__all__ = ["State", "demand_next", "prepare", "read_state"]


@dataclass(frozen=True)
class State:
    """Where a tree stands between two releases."""

    version: Version
    is_released: bool
    """Whether the changelog has an entry for it."""
    fragments: list[Fragment]

    @property
    def next_versions(self) -> list[Version]:
        """What the next release may be called, lowest first; nothing when nothing has changed."""
        if not self.fragments:
            return []
        if not self.is_released:
            return [self.version]
        return next_versions(self.version, max(fragment.change for fragment in self.fragments))


def read_state(tree: SourceTree) -> State:
    """Read it.

    Raises:
        ReleaseError: A fragment or the changelog is malformed, or the changelog and the version do not agree.

    """
    version, entries, fragments = tree.read_version(), read_entries(tree), read_fragments(tree)
    if entries and entries[0].version != version:
        raise ReleaseError(
            f"{tree.name(tree.version_file)} says {version}, and the newest entry of {tree.name(tree.changelog)} is "
            f"{entries[0].version}; `release.py prepare` changes both"
        )
    return State(version, bool(entries), fragments)


def demand_next(state: State, version: Version) -> None:
    """Refuse a version that is not the next one, or that promises more than the fragments keep."""
    allowed = state.next_versions
    if version in allowed:
        return
    if not allowed:
        raise ReleaseError("changes/ has no fragments: there is nothing to release")
    if state.is_released and version <= state.version:
        raise ReleaseError(f"{version} does not come after {state.version}, the last release")
    worst = max(state.fragments, key=lambda fragment: fragment.change).path.name
    raise ReleaseError(
        f"{version} cannot be the next version with changes/{worst}; expected {' or '.join(map(str, allowed))}"
    )


def prepare(tree: SourceTree, version: Version, day: date, python: Path) -> Path:
    """Turn the tree into a release; gives its sdist, which is kept for comparisons.

    All is done on a copy first: a failure leaves the tree as it was. Nothing is committed or staged.

    Args:
        tree: The sources: the version, the changelog, the fragments and the last release's sdist change.
        version: The new version.
        day: When it is released.
        python: The Python that has towncrier, build and hatchling.

    """
    state = read_state(tree)
    demand_next(state, version)
    with TemporaryDirectory() as scratch:
        release = tree.copy_to(Path(scratch) / "tree")
        release.write_version(version)
        collect_fragments(release, version, day, python)
        after = read_state(release)
        if after.fragments or after.version != version:
            raise ReleaseError(f"towncrier left {len(after.fragments)} fragments, and version {after.version}")
        sdist = build(release, Path(scratch) / "dist", python).sdist
        shutil.copyfile(release.version_file, tree.version_file)
        shutil.copyfile(release.changelog, tree.changelog)
        for fragment in state.fragments:
            fragment.path.unlink()
        tree.last_release.mkdir(parents=True, exist_ok=True)
        for path in tree.last_release.glob("*.tar.gz"):
            path.unlink()
        return Path(shutil.copy(sdist, tree.last_release))
