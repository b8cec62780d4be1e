"""The comparison as markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api_tools.change import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from api_tools.change import Change
    from api_tools.type_checking import CallError

__all__ = ["calls_section", "changes_report"]


def changes_report(name: str, changes: Mapping[str, Sequence[Change]]) -> str:
    """One section per package, one row per change."""
    lines = [f"# Changes since {name}", ""]
    for package, found in changes.items():
        counts = ", ".join(f"{sum(one.severity == kind for one in found)} {kind}" for kind in SEVERITIES)
        lines += [f"## {package} ({counts})" if found else f"## {package} (no change)", ""]
        lines += _table(
            ("severity", "place", "change"), ((one.severity, f"`{one.place}`", one.change) for one in found)
        )
    return "\n".join(lines)


def calls_section(errors: Sequence[CallError]) -> str:
    """What a type checker says about the calls of the last release."""
    lines = [f"## Calls of the last release ({len(errors) or 'no'} type error{'' if len(errors) == 1 else 's'})", ""]
    lines += _table(("file", "line", "error"), ((f"`{one.file}`", str(one.line), one.text) for one in errors))
    return "\n".join(lines)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    body = [_row(row) for row in rows]
    return [_row(header), _row("---" for _ in header), *body, ""] if body else []


def _row(cells: Iterable[str]) -> str:
    # In a table a bar ends the cell, even between backticks.
    shown = (" ".join(cell.split()).replace("|", "\\|") for cell in cells)
    return f"| {' | '.join(shown)} |"
