"""openapi/README.md tells every correction, and every correction says which row it is for."""

from __future__ import annotations

import re

from schema_tools.layout import Layout

LAYOUT = Layout()
README = (LAYOUT.openapi / "README.md").read_text(encoding="utf-8")
ROWS = {row[0]: row for row in re.findall(r"^\| (L\d+) \| (.+) \| (.+) \| (.+) \| (.+) \|$", README, re.MULTILINE)}
FILE = re.compile(r"`([\w./-]+(?:\.\w+|/\w+))`")


def actions() -> list[tuple[str, list[str]]]:
    """Every overlay action: its file and the rows it names."""
    found: list[tuple[str, list[str]]] = []
    for path in LAYOUT.overlays:
        for action in LAYOUT.load(path)["actions"]:
            words = action["description"].split()
            found.append((f"overlays/{path.name}", [word for word in words if re.fullmatch(r"L\d+", word)]))
    return found


def test_the_rows_are_numbered_without_a_gap() -> None:
    assert sorted(ROWS, key=lambda name: int(name[1:])) == [f"L{number}" for number in range(1, len(ROWS) + 1)]
    assert len(ROWS) == len(re.findall(r"^\| L\d+", README, re.MULTILINE))


def test_every_overlay_action_names_a_row_that_names_its_file() -> None:
    for file, rows in actions():
        assert rows, f"{file}: an action without a row of openapi/README.md"
        for row in rows:
            assert f"`{file}`" in ROWS[row][-1], f"{file}: {row} does not say that it is corrected there"


def test_every_overlay_file_a_row_names_has_an_action_for_it() -> None:
    corrected = {(file, row) for file, rows in actions() for row in rows}
    named = {(file, row) for row, cells in ROWS.items() for file in FILE.findall(cells[-1]) if "overlays/" in file}
    assert named == corrected


def test_every_place_of_a_correction_exists() -> None:
    for row, cells in ROWS.items():
        places = FILE.findall(cells[-1])
        assert places, row
        for place in places:
            assert (LAYOUT.openapi / place).exists() or (LAYOUT.root / place).exists(), (row, place)


def test_every_table_of_corrections_names_its_row() -> None:
    text = LAYOUT.normalise.read_text(encoding="utf-8")
    for table in LAYOUT.load(LAYOUT.normalise):
        (comment,) = re.findall(rf"^# (L\d+[^\n]*)\n{table}:", text, re.MULTILINE)
        for row in re.findall(r"L\d+", comment):
            assert f"`{table}`" in ROWS[row][-1], (table, row)
