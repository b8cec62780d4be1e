"""Versions, and how far the changes of a release must move them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from release_tools.errors import ReleaseError

__all__ = ["Change", "Version", "next_versions"]

_NUMBER = "(0|[1-9][0-9]*)"
_VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}")


class Change(IntEnum):
    """What a change is for users, the greater the worse."""

    REPAIR = 0
    FEATURE = 1
    BREAKING = 2


@dataclass(frozen=True, order=True)
class Version:
    """Three numbers; there are no preliminary releases."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str, place: str) -> Version:
        """Read a version.

        Args:
            text: Such as "1.2.3".
            place: Where it stands, for the message.

        """
        found = _VERSION.fullmatch(text)
        if found is None:
            raise ReleaseError(f"{place}: {text!r} is no version; expected three numbers, such as 1.2.3")
        return cls(*map(int, found.groups()))

    def __str__(self) -> str:
        """Give it as it is written."""
        return f"{self.major}.{self.minor}.{self.patch}"


def next_versions(last: Version, change: Change) -> list[Version]:
    """The versions that may follow, lowest first.

    Before 1.0 a breaking change takes a minor version, and all else may be a patch. A greater step than necessary is
    allowed, as from 0.9.4 to 1.0.0, but no number is left out.

    Args:
        last: The last release.
        change: The worst of the changes since.

    """
    steps = [
        Version(last.major, last.minor, last.patch + 1),
        Version(last.major, last.minor + 1, 0),
        Version(last.major + 1, 0, 0),
    ]
    if last.major > 0:
        return steps[change:]
    return steps[1:] if change is Change.BREAKING else steps
