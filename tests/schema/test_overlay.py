"""The overlay reader: the specification's merge, and no action without effect."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schema_tools.errors import SchemaError
from schema_tools.overlay import apply_overlay
from schema_tools.problems import Problems

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
KEYS = st.sampled_from("abc")
OBJECTS = st.recursive(SCALARS, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=6)


def apply(document: dict[str, Any], *actions: dict[str, Any], version: str = "1.1.0") -> int:
    problems = Problems()
    count = apply_overlay(document, {"overlay": version, "actions": list(actions)}, "overlays/test.yaml", problems)
    problems.raise_noted()
    return count


def test_objects_merge_arrays_grow_and_values_are_replaced() -> None:
    document = {"a": {"keep": 1, "replace": 2, "list": [1]}}
    count = apply(document, {"target": "$.a", "update": {"replace": 3, "list": [2], "new": {"b": 1}}})
    assert count == 1
    assert document == {"a": {"keep": 1, "replace": 3, "list": [1, 2], "new": {"b": 1}}}


def test_an_action_on_several_nodes_changes_each_on_its_own() -> None:
    document: dict[str, Any] = {"a": {}, "b": {}}
    apply(document, {"target": "$['a','b']", "update": {"x": {"y": 1}}})
    document["a"]["x"]["y"] = 2
    assert document["b"] == {"x": {"y": 1}}


def test_an_update_of_the_root() -> None:
    document: dict[str, Any] = {"a": 1}
    apply(document, {"target": "$", "update": {"security": []}})
    assert document == {"a": 1, "security": []}


def test_removing_from_an_array_removes_what_was_matched() -> None:
    document = {"list": [1, 2, 3, 4]}
    apply(document, {"target": "$.list[?@ < 3]", "remove": True})
    assert document == {"list": [3, 4]}


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ({"target": "$.gone", "update": {"x": 1}}, r"action 1 \(\$\.gone\): matches nothing"),
        ({"target": "$.gone", "remove": True}, "matches nothing"),
        ({"target": "$.a", "update": {"one": 1}}, r"action 1 \(\$\.a\): one: changes nothing"),
        ({"target": "$.a", "update": {"one": 2, "inner": {"two": 2}}}, "inner: two: changes nothing"),
        ({"target": "$.a", "update": {}}, "changes nothing"),
        ({"target": "$.a.list", "update": "x"}, "changes nothing"),
        ({"target": "$.a", "copy": "$.b"}, "needs a target and either"),
        ({"target": "$.a", "update": {"x": 1}, "remove": True}, "needs a target and either"),
        ({"target": "$..[", "remove": True}, "the target is not a JSONPath"),
    ],
)
def test_an_action_without_effect_is_an_error(action: dict[str, Any], message: str) -> None:
    document: dict[str, Any] = {"a": {"one": 1, "list": ["x"], "inner": {"two": 2}}}
    with pytest.raises(SchemaError, match=message):
        apply(document, action)


def test_every_action_without_effect_is_told_and_the_others_are_applied() -> None:
    document: dict[str, Any] = {"a": {"one": 1}}
    actions = [
        {"target": "$.gone", "remove": True},
        {"target": "$.a", "update": {"two": 2}},
        {"target": "$.a", "update": {"one": 1}},
    ]
    with pytest.raises(SchemaError) as caught:
        apply(document, *actions)
    assert [line.split(":")[1].split()[1] for line in str(caught.value).splitlines()] == ["1", "3"]
    assert document == {"a": {"one": 1, "two": 2}}


def test_another_kind_of_document_is_refused() -> None:
    with pytest.raises(SchemaError, match=r"overlays/test\.yaml: `overlay` must be one of"):
        apply({}, version="2.0.0")


@given(st.dictionaries(KEYS, OBJECTS, max_size=3), st.dictionaries(KEYS, OBJECTS, min_size=1, max_size=3))
def test_an_update_can_be_applied_once_and_then_never_again(document: dict[str, Any], update: dict[str, Any]) -> None:
    action = {"target": "$", "update": update}
    try:
        apply(document, action)
    except SchemaError:
        return  # the document already had one of the values
    with pytest.raises(SchemaError, match="changes nothing"):
        apply(document, action)
