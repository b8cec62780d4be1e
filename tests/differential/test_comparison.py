"""The comparison itself: equal trees are equal, and every change of one place is found there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from differential.comparison import compare_observations, differences
from differential.intended import read_rows

_LEAVES = st.none() | st.booleans() | st.integers(-5, 5) | st.text("abc", max_size=3)
_TREES = st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text("xyz", min_size=1), inner))


@given(_TREES)
def test_a_tree_is_equal_to_itself(tree: Any) -> None:
    assert list(differences(tree, tree)) == []


@given(_TREES, _TREES)
def test_trees_that_differ_show_a_difference(peer: Any, ours: Any) -> None:
    # `True == 1` to Python, but not on the wire.
    assume(repr(peer) != repr(ours))
    assume(peer != ours)
    assert list(differences(peer, ours))


@pytest.mark.parametrize(("peer", "ours"), [(True, 1), (1, True), (None, "None"), ("1", 1), ([], {}), ([1], [1, 2])])
def test_values_that_only_look_alike_differ(peer: Any, ours: Any) -> None:
    assert list(differences({"value": peer}, {"value": ours}))


def test_pictures_are_compared_by_value_and_say_how_far_apart_they_are() -> None:
    picture = np.full((4, 5, 3), 100, np.uint8)
    assert not list(differences(picture, picture.copy()))
    (found,) = differences({"pixels": picture}, {"pixels": picture + 2})
    assert found.at == "pixels"
    assert found.distance == 2
    (smaller,) = differences(picture, picture[:2])
    assert smaller.distance == 0


def test_a_route_that_only_one_of_them_uses_is_one_difference() -> None:
    peer = {"order": ["GET /a", "POST /b"], "requests": {"GET /a": [{}], "POST /b": [{}]}}
    ours = {"order": ["POST /b"], "requests": {"POST /b": [{}]}}
    assert [found.at for found in compare_observations(peer, ours)] == ["requests.GET /a"]


def test_the_order_of_routes_is_compared() -> None:
    peer = {"order": ["GET /a", "POST /b"], "requests": {}}
    ours = {"order": ["POST /b", "GET /a"], "requests": {}}
    assert {found.at for found in compare_observations(peer, ours)} == {"order.0", "order.1"}


def test_no_row_covers_everything() -> None:
    (found,) = differences({"outcomes": 1}, {"outcomes": 2})
    assert not [row.id for row in read_rows() if row.matches("infer/v1/path_png/sync", found)]
