"""Whatever an answer holds, using its typed result gives something or an error of this package."""

from __future__ import annotations

import csv
from collections.abc import Callable, Generator
from contextlib import contextmanager
from copy import deepcopy
from io import StringIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inference_ext import HTTPClientError, ResultTable
from inference_ext.json_types import is_array, is_object
from inference_ext.results.table import table_rows, table_task
from tests.results.samples import ANSWERS, HEIGHT, WIDTH

IMAGE = np.zeros((HEIGHT, WIDTH, 3), np.uint8)

any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 1e308, -1e308, float("nan"), float("inf"), 0, -1])
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)

USES: dict[str, Callable[[Any], Any]] = {
    "json": lambda result: result.to_json(),
    "rows": lambda result: result.to_rows(),
    "csv": lambda result: list(csv.reader(StringIO(result.to_csv(), newline=""), strict=True)),
    "frame": lambda result: result.to_pandas(),
    "supervision": lambda result: result.to_supervision(),
    "annotate": lambda result: result.annotate(IMAGE),
    "crops": lambda result: result.crops(IMAGE, padding=2) if hasattr(result, "crops") else None,
    "list": lambda result: (list(result), len(result), bool(result), result[:1]),
    "filter": lambda result: result.filter(classes="cat"),
    "limits": lambda result: result.filter(min_confidence=0.5),
    "area": lambda result: result.filter(min_area=3) if hasattr(result, "crops") else None,
    "heat map": lambda result: result.heat_map() if hasattr(result, "heat_map") else None,
}


@contextmanager
def only_our_errors() -> Generator[None]:
    try:
        yield
    except HTTPClientError as error:
        message = str(error)
        if len(message) > 2_000:
            raise AssertionError(f"a message of {len(message)} characters") from error


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all values inside."""
    found = [path] if path else []
    if is_object(value):
        return found + [place for key, inner in value.items() for place in places(inner, (*path, key))]
    if is_array(value):
        return found + [place for at, inner in enumerate(value) for place in places(inner, (*path, at))]
    return found


def spoil(answer: dict[str, Any], path: tuple[Any, ...], value: Any, *, leave_out: bool) -> dict[str, Any]:
    spoiled: Any = deepcopy(answer)
    inner = spoiled
    for key in path[:-1]:
        inner = inner[key]
    if leave_out:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return spoiled  # type: ignore[no-any-return]  # still an object


@pytest.mark.parametrize("kind", ANSWERS)
@settings(max_examples=60, deadline=None)
@given(data=st.data(), value=any_json, leave_out=st.booleans())
def test_only_errors_of_this_package_come_out(kind: str, data: st.DataObject, value: Any, leave_out: bool) -> None:
    strategy, read = ANSWERS[kind]
    answer = data.draw(strategy)
    spoiled = spoil(answer, data.draw(st.sampled_from(places(answer))), value, leave_out=leave_out)
    for use in (table_task, table_rows, lambda it: ResultTable(StringIO()).add("a.jpg", it)):
        with only_our_errors():
            use(spoiled)
    try:
        result = read(spoiled)
    except HTTPClientError:
        return
    # These two never fail.
    assert len(repr(result)) < 1_000
    assert result._repr_html_().endswith("</div>")
    for use in USES.values():
        with only_our_errors():
            use(result)
