"""The fragments of the changelog: one file per change, put together by the next release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from release_tools.errors import ReleaseError
from release_tools.versions import Change

if TYPE_CHECKING:
    from pathlib import Path

    from release_tools.source_tree import SourceTree

__all__ = ["CHANGES", "Fragment", "read_fragments"]

CHANGES = {
    "breaking": Change.BREAKING,
    "removed": Change.BREAKING,
    "server": Change.FEATURE,
    "added": Change.FEATURE,
    "changed": Change.FEATURE,
    "deprecated": Change.FEATURE,
    "fixed": Change.REPAIR,
    "security": Change.REPAIR,
}
"""The types of fragments, in the order of the changelog, and what each is for users."""

_NAME = re.compile(r"\+[a-z0-9]+(-[a-z0-9]+)*\.(?P<type>[a-z]+)\.md")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass(frozen=True)
class Fragment:
    """One change."""

    path: Path
    change: Change


def read_fragments(tree: SourceTree) -> list[Fragment]:
    """Read the folder of fragments.

    Raises:
        ReleaseError: A file there is no fragment; the message names all of them.

    """
    settings = tree.read_settings()["tool"]["towncrier"]
    configured = [kind["directory"] for kind in settings["type"]]
    if configured != list(CHANGES):
        raise ReleaseError(
            f"{tree.name(tree.settings)}: the types of [tool.towncrier] are {', '.join(configured)}; expected "
            f"{', '.join(CHANGES)}, as scripts/release_tools/fragments.py has them"
        )
    paths = sorted(path for path in tree.fragments.iterdir() if path.name not in settings["ignore"])
    problems = [f"{tree.name(path)}: {problem}" for path in paths if (problem := _problem(path))]
    if problems:
        raise ReleaseError("\n".join(problems))
    return [Fragment(path, CHANGES[path.name.split(".")[1]]) for path in paths]


def _problem(path: Path) -> str | None:
    name = _NAME.fullmatch(path.name)
    if name is None or not path.is_file():
        return "no fragment; expected a file +what-changed.TYPE.md in small letters, digits and hyphens"
    if name["type"] not in CHANGES:
        return f"there is no type {name['type']!r}; expected one of {', '.join(CHANGES)}"
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        return f"not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8"
    # A comment alone would be an empty line in the changelog.
    return None if _COMMENT.sub("", text).strip() else "empty; say what changed for users, or remove it"
