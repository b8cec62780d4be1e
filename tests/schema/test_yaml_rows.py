"""Editing rows of a YAML table: the row alone changes, comments and neighbours stay byte for byte."""

from __future__ import annotations

import yaml
from hypothesis import given
from hypothesis import strategies as st
from schema_tools.layout import Layout
from schema_tools.yaml_rows import delete_rows, insert_row, line_of_row, replace_value

TABLE = """\
# what this file is
b: one line
# about d
d: >-
  folded over
  two lines
f: {x: 1}

h:
  summary: >-
    deep
    text
  description: more
# the end
"""
SHARED = """\
first: &text >-
  said once
second: *text
third: other
fourth: *text
"""
NESTED = """\
# head
names:
  # about Old
  Old: New
  '200': ok
empty:
last: [1, 2]
"""
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=6)
VALUES = st.integers() | st.booleans() | WORDS | st.lists(st.integers(), max_size=2)


def test_a_row_goes_with_all_its_lines_and_no_others() -> None:
    assert delete_rows(TABLE, ["d", "h"]) == "# what this file is\nb: one line\n# about d\nf: {x: 1}\n\n# the end\n"


def test_a_text_that_others_share_moves_to_the_first_that_stays() -> None:
    assert delete_rows(SHARED, ["first"]) == "second: &text >-\n  said once\nthird: other\nfourth: *text\n"
    assert delete_rows(SHARED, ["first", "second"]) == "third: other\nfourth: &text >-\n  said once\n"
    assert delete_rows(SHARED, ["first", "second", "fourth"]) == "third: other\n"
    assert delete_rows(SHARED, ["second"]) == "first: &text >-\n  said once\nthird: other\nfourth: *text\n"


def test_a_row_comes_where_a_sorted_table_has_it() -> None:
    inserted = insert_row(TABLE, "e", "new")
    assert inserted == TABLE.replace("f: {x: 1}", "e: new\nf: {x: 1}")
    assert insert_row(TABLE, "z", "new") == TABLE.replace("  description: more\n", "  description: more\nz: new\n")


def test_a_row_comes_behind_the_one_that_is_named() -> None:
    assert insert_row(TABLE, "a", "new", after="d") == TABLE.replace("  two lines\n", "  two lines\na: new\n")


def test_tables_inside_a_table() -> None:
    assert delete_rows(NESTED, ["Old"], ["names"]) == NESTED.replace("  Old: New\n", "")
    assert insert_row(NESTED, "404", "gone", ["names"]) == NESTED.replace(
        "  '200': ok\n", "  '200': ok\n  '404': gone\n"
    )
    assert insert_row(NESTED, "Row", "1", ["empty"]) == NESTED.replace("empty:\n", "empty:\n  Row: 1\n")
    assert replace_value(NESTED, "Old", "Newer", ["names"]) == NESTED.replace("Old: New", "Old: Newer")
    assert line_of_row(NESTED, "200", ["names"]) == 5


@given(st.dictionaries(WORDS, VALUES, min_size=2, max_size=8), st.data())
def test_what_is_left_is_the_table_without_the_rows(table: dict[str, object], data: st.DataObject) -> None:
    text = yaml.safe_dump(table, allow_unicode=True, sort_keys=data.draw(st.booleans()))
    gone = data.draw(st.sets(st.sampled_from(sorted(table)), max_size=len(table) - 1))
    left = delete_rows(text, gone)
    assert yaml.safe_load(left) == {key: value for key, value in table.items() if key not in gone}
    for key in sorted(gone):
        left = insert_row(left, key, yaml.safe_dump(table[key], default_flow_style=True).split("\n...")[0].strip())
    assert yaml.safe_load(left) == table
    assert all(left.splitlines()[line_of_row(left, key) - 1].count(key) for key in table)


def test_every_row_of_our_own_texts_can_be_deleted_alone() -> None:
    for path in sorted(Layout().descriptions.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        table = yaml.safe_load(text)
        for key in list(table)[:: max(1, len(table) // 25)]:
            left = yaml.safe_load(delete_rows(text, [key]))
            assert left == {other: value for other, value in table.items() if other != key}, (path, key)
