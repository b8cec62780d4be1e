"""Every planted change is reported at the levels that can see it, and nothing else is reported anywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from api_tools.comparison import compare
from api_tools.surface import PACKAGES
from api_tools.type_checking import CallError
from planted_change import Expected, Planted, Reported
from planted_table import FOLLOWING, HANDWRITTEN, SERVER
from planted_worlds import HANDWRITTEN_CALLS, SERVER_CALLS, World

ALL: tuple[Planted[Any], ...] = (*SERVER, *HANDWRITTEN)


def named(planted: Sequence[Planted[Any]]) -> list[Any]:
    return [pytest.param(one, id=one.name) for one in planted]


@cache
def lines_of(calls: Path) -> dict[str, range]:
    """The lines of every function of a file of calls, by the name of its change."""
    tree = ast.parse(calls.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name.replace("_", " "): range(node.lineno, (node.end_lineno or 0) + 1) for node in functions}


def said_in(errors: Sequence[CallError], calls: Path, name: str) -> list[str]:
    return [error.text for error in errors if error.line in lines_of(calls)[name]]


def assert_reported(expected: Iterable[Expected], rows: Sequence[Reported]) -> None:
    for one in expected:
        about = [row for row in rows if one.is_about(row)]
        assert any(one.is_met_by(row) for row in about), f"expected {one}, found {about}"


def not_claimed(rows: Sequence[Reported], expected: Iterable[Expected]) -> list[Reported]:
    claims = list(expected)
    return [row for row in rows if not any(claim.is_met_by(row) for claim in claims)]


def assert_types(planted: Planted[Any], said: list[str]) -> None:
    if planted.types:
        assert any(planted.types in text for text in said), said
    else:
        assert said == []


@pytest.mark.parametrize("planted", named(SERVER))
def test_a_change_of_the_server_is_reported(planted: Planted[Any], server_world: World) -> None:
    assert_reported(planted.schema, server_world.schema)
    assert_reported(planted.generated, server_world.generated)
    assert_types(planted, said_in(server_world.types, SERVER_CALLS, planted.name))


@pytest.mark.parametrize("planted", named(HANDWRITTEN))
def test_a_change_of_our_code_is_reported(planted: Planted[Any], handwritten_world: World) -> None:
    assert_reported(planted.handwritten, handwritten_world.handwritten)
    assert_types(planted, said_in(handwritten_world.types, HANDWRITTEN_CALLS, planted.name))


def test_nothing_else_is_reported_about_the_server(server_world: World) -> None:
    assert not_claimed(server_world.schema, (one for planted in SERVER for one in planted.schema)) == []
    claimed = (*FOLLOWING, *(one for planted in SERVER for one in planted.generated))
    assert not_claimed(server_world.generated, claimed) == []


def test_nothing_else_is_reported_about_our_code(handwritten_world: World) -> None:
    claimed = (one for planted in HANDWRITTEN for one in planted.handwritten)
    assert not_claimed(handwritten_world.handwritten, claimed) == []
    assert handwritten_world.generated == []


def test_nothing_is_reported_about_the_same_code(unchanged: World) -> None:
    for package in PACKAGES:
        assert compare(unchanged.tree, unchanged.tree, package) == []
    assert unchanged.types == []


def test_more_for_callers_breaks_none_of_them(server_world: World, handwritten_world: World) -> None:
    found = [*server_world.schema, *server_world.generated, *handwritten_world.handwritten]
    additive = [planted for planted in ALL if planted.additive]
    assert len(additive) >= 14
    for planted in additive:
        told = [row for row in found if any(one.is_about(row) and one.is_met_by(row) for one in planted.rows)]
        assert {row.severity for row in told} <= {"added", "changed"}, planted.name
        assert not planted.types


def test_the_table_is_complete() -> None:
    assert len(ALL) >= 24
    for calls, table in ((SERVER_CALLS, SERVER), (HANDWRITTEN_CALLS, HANDWRITTEN)):
        assert list(lines_of(calls)) == [planted.name for planted in table]
    assert all(planted.rows for planted in ALL)
    assert not [planted.name for planted in HANDWRITTEN if planted.schema or planted.generated]
    assert not [planted.name for planted in SERVER if planted.handwritten]
