"""The changelog: its entries, and the one that fragments become."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import TYPE_CHECKING

from release_tools.commands import run_tool
from release_tools.errors import ReleaseError
from release_tools.versions import Version

if TYPE_CHECKING:
    from pathlib import Path

    from release_tools.source_tree import SourceTree

__all__ = ["MARK", "Entry", "collect_fragments", "read_entries", "source_date_epoch"]

MARK = "<!-- towncrier release notes start -->"
"""Where the next entry goes."""

_TITLE = re.compile(r"## (?P<version>\S+) \((?P<date>\d{4}-\d{2}-\d{2})\)")
_BEFORE_THE_FIRST_RELEASE = date(2020, 2, 2)
"""hatchling's own choice for files whose time nobody names."""


@dataclass(frozen=True)
class Entry:
    """The title of an entry."""

    version: Version
    date: date


def read_entries(tree: SourceTree) -> list[Entry]:
    """Read the titles of all entries, newest first.

    Raises:
        ReleaseError: A title is none, or the entries are out of order.

    """
    name = tree.name(tree.changelog)
    text = tree.changelog.read_text(encoding="utf-8")
    if text.count(MARK) != 1:
        raise ReleaseError(f"{name}: expected the line {MARK!r} once, above the newest entry")
    lines = enumerate(text.splitlines(), 1)
    entries = [_entry(line, f"{name}:{number}") for number, line in lines if line.startswith("## ")]
    for newer, older in pairwise(entries):
        if newer.version <= older.version or newer.date < older.date:
            raise ReleaseError(f"{name}: {newer.version} of {newer.date} stands above {older.version} of {older.date}")
    return entries


def source_date_epoch(tree: SourceTree) -> int:
    """The time that files of a release carry: the day of the newest entry, in seconds since 1970."""
    entries = read_entries(tree)
    day = entries[0].date if entries else _BEFORE_THE_FIRST_RELEASE
    return int(datetime.combine(day, time(), UTC).timestamp())


def collect_fragments(tree: SourceTree, version: Version, day: date, python: Path) -> None:
    """Put the fragments into a new entry and remove them.

    In a git checkout this also stages what it did; see `preparing`.
    """
    arguments = ["--yes", "--version", str(version), "--date", day.isoformat()]
    run_tool([python, "-m", "towncrier", "build", *arguments], tree.root)


def _entry(line: str, place: str) -> Entry:
    found = _TITLE.fullmatch(line)
    if found is None:
        raise ReleaseError(f"{place}: {line!r}; expected a title such as '## 1.2.3 (2030-01-31)'")
    try:
        day = date.fromisoformat(found["date"])
    except ValueError as error:
        raise ReleaseError(f"{place}: {found['date']} is no date: {error}") from error
    return Entry(Version.parse(found["version"], place), day)
