"""The page docs/reliability.md, as the tests have found it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["PAGE", "Cell", "Table"]

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- the table: begin -->\n", "<!-- the table: end -->\n"


@dataclass(frozen=True)
class Cell:
    """One call that met one fault, through one shell."""

    call: str
    shell: str
    words: str
    searched: int
    """Texts searched for secrets."""

    problems: Sequence[str]


@dataclass
class Table:
    """What came of all faults so far."""

    rows: dict[tuple[str, str], dict[str, list[str]]] = field(default_factory=dict)
    """By group and name of the fault: by call, the words of each shell."""

    cells: int = 0
    right: int = 0
    searched: int = 0

    def add(self, group: str, name: str, cells: Sequence[Cell], searched: int = 0) -> None:
        """Add a row."""
        row: dict[str, list[str]] = {}
        for cell in cells:
            row.setdefault(cell.call, []).append(cell.words)
        self.rows[group, name] = row
        self.cells += len(cells)
        self.right += sum(not cell.problems for cell in cells)
        self.searched += searched + sum(cell.searched for cell in cells)

    def lines(self, calls: Sequence[str]) -> list[str]:
        """Render the rows, group by group."""
        lines: list[str] = []
        for group in dict.fromkeys(group for group, _ in self.rows):
            lines += [
                f"### {group.capitalize()}",
                "",
                f"| fault | {' | '.join(calls)} |",
                f"|---|{'---|' * len(calls)}",
                *(
                    f"| {name} | {' | '.join(_both(row.get(call, [])) for call in calls)} |"
                    for (of, name), row in self.rows.items()
                    if of == group
                ),
                "",
            ]
        return lines

    def text(self, calls: Sequence[str]) -> str:
        """Render everything between the marks of the page."""
        summary = f"{self.cells} cells (blocking and asyncio), {self.right} with the right outcome."
        return "\n".join([summary, "", *self.lines(calls)])


def _both(words: Sequence[str]) -> str:
    """Give the words of both shells, once where they are the same."""
    return " / ".join(dict.fromkeys(words)) or "-"
