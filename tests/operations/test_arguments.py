from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from inference_ext import InvalidParameterError
from inference_ext.operations.arguments import (
    checked_choice,
    checked_flag,
    checked_fraction,
    checked_json,
    checked_names,
    checked_objects,
    checked_positive,
    checked_text,
    optional_text,
)

NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
NOT_FINITE = st.sampled_from([math.nan, math.inf, -math.inf, np.float32("nan"), np.array([1.0, np.inf])])


@given(JSON)
def test_json_stays_what_it_is(value: Any) -> None:
    assert checked_json("x", value) == value
    assert json.loads(json.dumps(checked_json("x", value))) == value


@given(JSON)
def test_tuples_become_lists(value: Any) -> None:
    assert checked_json("x", (value, {"a": (value,)})) == [value, {"a": [value]}]


@given(
    st.sampled_from([np.bool_, np.uint8, np.int16, np.int64, np.float32, np.float64]).flatmap(
        lambda kind: arrays(kind, array_shapes(max_dims=3, max_side=4), elements={"allow_nan": False})
    )
)
def test_arrays_become_nested_lists_of_plain_numbers(array: np.ndarray[Any, Any]) -> None:
    if np.isfinite(array).all():
        sent = json.loads(json.dumps(checked_json("x", array[::-1])))
        np.testing.assert_array_equal(np.array(sent, array.dtype), array[::-1])
        first = array.ravel()[0]
        assert checked_json("x", first) == first
        assert type(checked_json("x", first)) in (bool, int, float)


@given(NOT_FINITE, st.text())
def test_number_that_is_not_finite_is_named_by_its_place(number: Any, key: str) -> None:
    with pytest.raises(InvalidParameterError, match="finite") as caught:
        checked_json("prompts", [{key: number}])
    assert str(caught.value).startswith(f"prompts[0][{key!r}]")


@pytest.mark.parametrize("value", [object(), b"bytes", bytearray(b"x"), memoryview(b"x"), {1, 2}, {1: 2}, 1j, iter([])])
def test_what_has_no_json_form_is_refused(value: object) -> None:
    with pytest.raises(InvalidParameterError, match=r"^x"):
        checked_json("x", value)


@given(st.floats(allow_nan=True) | st.integers())
def test_fraction_is_a_number_from_0_to_1(number: float) -> None:
    if 0 <= number <= 1:
        assert checked_fraction("confidence", number) == number
    else:
        with pytest.raises(InvalidParameterError, match="confidence: expected a number from 0 to 1"):
            checked_fraction("confidence", number)


@given(st.integers())
def test_positive_is_a_whole_number_from_1_on(number: int) -> None:
    if number >= 1:
        assert checked_positive("tokens", number) == number
    else:
        with pytest.raises(InvalidParameterError, match="tokens: expected a whole number from 1 on"):
            checked_positive("tokens", number)


def test_none_is_left_out() -> None:
    assert checked_fraction("x", None) is None
    assert checked_positive("x", None) is None
    assert optional_text("x", None) is None


def test_numpy_numbers_and_booleans_become_plain() -> None:
    assert type(checked_fraction("x", np.float32(0.5))) is float
    assert type(checked_positive("x", np.uint8(3))) is int
    assert checked_flag("x", np.array([True])[0]) is True
    assert checked_flag("x", value=False) is False


@pytest.mark.parametrize("value", [0, 1, "True", None, 1.0, np.int64(1)])
def test_only_booleans_are_flags(value: object) -> None:
    with pytest.raises(InvalidParameterError, match="x: expected True or False"):
        checked_flag("x", value)


@pytest.mark.parametrize("value", ["", "  ", None, 5, b"text"])
def test_text_is_not_empty(value: object) -> None:
    with pytest.raises(InvalidParameterError, match="x: expected text"):
        checked_text("x", value)


@pytest.mark.parametrize("value", ["d", "", None, ["a"], 5])
def test_choice_names_what_is_allowed(value: object) -> None:
    assert checked_choice("x", "b", ("a", "b")) == "b"
    with pytest.raises(InvalidParameterError, match="x: expected one of 'a', 'b'"):
        checked_choice("x", value, ("a", "b"))


def test_names_are_a_sequence_of_texts() -> None:
    assert checked_names("x", ("cat", "dog")) == ["cat", "dog"]
    for value in ("cat", [], None, {"cat"}, ["cat", ""]):
        with pytest.raises(InvalidParameterError, match=r"^x"):
            checked_names("x", value)


def test_objects_are_a_sequence_of_mappings() -> None:
    assert checked_objects("x", ({"a": (1,)},)) == [{"a": [1]}]
    assert checked_objects("x", []) == []
    for value in ({"a": 1}, "text", None, [1], [["a", 1]]):
        with pytest.raises(InvalidParameterError, match=r"^x"):
            checked_objects("x", value)
