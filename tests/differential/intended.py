"""The table of intended differences: read from differences.toml, matched against what is found, shown as a page."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["PAGE", "TABLE", "Absence", "Place", "Row", "page_text", "read_absences", "read_rows"]

TABLE = Path(__file__).with_name("differences.toml")
PAGE = Path(__file__).parents[2] / "docs" / "differences.md"

_HEAD = """\
# Intended differences from inference-sdk 1.8.3

The same calls go through both libraries against one recording server
(`python3 scripts/differential_lane.py`). Their requests, results and errors may differ in what follows only: any other
difference fails that test, and so does a row below that no call shows any more. Time, memory and connections are not
compared.

This page is made from `tests/differential/differences.toml` by `python3 scripts/differential_lane.py page`.
"""

_NOT_HERE = """
## Not here

Every method, argument, setting, error and environment variable of inference-sdk that is not in this table is here,
under the same name and in the same module. The same test compares them.

| not here | why | instead |
|---|---|---|
"""


@dataclass(frozen=True)
class Place:
    """Where a row applies. All four are regular expressions that must match the whole text."""

    calls: re.Pattern[str]
    at: re.Pattern[str]
    peer: re.Pattern[str]
    ours: re.Pattern[str]
    within: float | None
    """The largest distance of numbers or pictures; `None` sets no limit."""

    def matches(self, case_id: str, found: Any) -> bool:
        close = self.within is None or (found.distance is not None and found.distance <= self.within)
        texts = ((self.calls, case_id), (self.at, found.at), (self.peer, found.peer), (self.ours, found.ours))
        return close and all(pattern.fullmatch(text) for pattern, text in texts)


@dataclass(frozen=True)
class Row:
    """One intended difference."""

    id: str
    area: str
    peer: str
    ours: str
    reason: str
    places: tuple[Place, ...]

    def matches(self, case_id: str, found: Any) -> bool:
        return any(place.matches(case_id, found) for place in self.places)


@dataclass(frozen=True)
class Absence:
    """What the other library has and this one has not."""

    what: str
    reason: str
    instead: str
    names: tuple[re.Pattern[str], ...]
    variables: tuple[re.Pattern[str], ...]


def read_rows() -> list[Row]:
    return [_row(entry) for entry in _table()["difference"]]


def read_absences() -> list[Absence]:
    return [
        Absence(
            entry["what"],
            entry["reason"],
            entry["instead"],
            tuple(re.compile(name) for name in entry["names"]),
            tuple(re.compile(variable) for variable in entry["variables"]),
        )
        for entry in _table()["absent"]
    ]


def _table() -> dict[str, Any]:
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def _row(entry: dict[str, Any]) -> Row:
    places = tuple(_place(place) for place in entry["where"])
    return Row(entry["id"], entry["area"], entry["peer"], entry["ours"], entry["reason"], places)


def _place(entry: dict[str, Any]) -> Place:
    unknown = set(entry) - {"calls", "at", "peer", "ours", "within"}
    if unknown:
        raise ValueError(f"{TABLE.name}: a place has unknown entries {sorted(unknown)}")

    def pattern(name: str) -> re.Pattern[str]:
        return re.compile(entry.get(name, ".*"), re.DOTALL)

    return Place(pattern("calls"), pattern("at"), pattern("peer"), pattern("ours"), entry.get("within"))


def page_text(rows: list[Row], absences: list[Absence]) -> str:
    """The page: one table per area in the order of the rows, and one of what is not here."""
    parts = [_HEAD]
    for area in dict.fromkeys(row.area for row in rows):
        parts.append(f"\n## {area}\n\n| id | inference-sdk 1.8.3 | inference-ext | why |\n|---|---|---|---|\n")
        parts.extend(f"| `{row.id}` | {row.peer} | {row.ours} | {row.reason} |\n" for row in rows if row.area == area)
    parts.append(_NOT_HERE)
    parts.extend(f"| {absence.what} | {absence.reason} | {absence.instead} |\n" for absence in absences)
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page_text(read_rows(), read_absences()), encoding="utf-8")
    print(f"written: {PAGE.name}")
