"""One union covers another when each arm of the other has one of its own."""

from __future__ import annotations

import ast

import griffe
import pytest
from api_tools.trees import Tree
from api_tools.type_expressions import TypeReader, not_covered
from hypothesis import given
from hypothesis import strategies as st

#: None of them covers another.
ARMS = ("str", "bytes", "None", "Literal[1]", "list[str]", "dict[str, str]", "tuple[int, int]", "Path")
unions = st.sets(st.sampled_from(ARMS), min_size=1)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> TypeReader:
    folder = tmp_path_factory.mktemp("types")
    (folder / "inference_ext").mkdir()
    code = "from typing import Literal, Optional, Union\nfrom pathlib import Path\nclass B: ...\nclass C(B): ...\n"
    (folder / "inference_ext" / "__init__.py").write_text(f"{code}Alias = Literal[1, 2]\n")
    return TypeReader(Tree([folder], ["inference_ext"]), lambda path: path)


def missing(reader: TypeReader, narrow: str, wide: str) -> set[str]:
    module = reader.tree.packages["inference_ext"]
    mine, its = (
        reader.read(griffe.get_expression(ast.parse(text, mode="eval").body, module, parse_strings=True))
        for text in (narrow, wide)
    )
    return {arm.shown for arm in not_covered(mine, reader, its, reader)}


@given(narrow=unions, wide=unions)
def test_what_is_not_in_the_other_union_is_missing(reader: TypeReader, narrow: set[str], wide: set[str]) -> None:
    expected = {arm.removeprefix("Literal[").rstrip("]") if "Literal" in arm else arm for arm in narrow - wide}
    assert missing(reader, " | ".join(sorted(narrow)), " | ".join(sorted(wide, reverse=True))) == expected


@given(unions, st.sampled_from(["list[{}]", "dict[str, {}]", "tuple[{}, int]"]))
def test_a_union_covers_itself_inside_of_brackets(reader: TypeReader, arms: set[str], shape: str) -> None:
    text = shape.format(" | ".join(sorted(arms)))
    assert missing(reader, text, text) == set()
    assert missing(reader, text, shape.format("complex")) == {shape.format(" | ".join(sorted(arms)))}


@pytest.mark.parametrize(
    ("narrow", "wide", "expected"),
    [
        ("C", "B", set()),
        ("B", "C", {"B"}),
        ("Alias", "int", set()),
        ("Alias", "Literal[2, 1]", set()),
        ("Alias", "Literal[1]", {"Alias"}),
        ("Literal[1, 3]", "Alias", {"3"}),
        ("Optional[C]", "Union[B, None]", set()),
        ("bool", "float", set()),
        ("str", "object", set()),
        ("list[C]", "list[B]", set()),
        ("dict[str, B]", "dict[str, C]", {"dict[str, B]"}),
        ("list", "list[int]", set()),
    ],
)
def test_what_covers_what(reader: TypeReader, narrow: str, wide: str, expected: set[str]) -> None:
    assert missing(reader, narrow, wide) == expected
