"""Documents and requests are taken apart into the same paths."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recording_server import Request

from .accepted import Operation, Shape, read_document, read_operations
from .taken_apart import operation_of, values_of

OPERATIONS = read_operations(read_document())

_NAMES = st.sampled_from(["a", "b", "type"])
_SHAPES = st.recursive(
    st.just(Shape(is_leaf=True)),
    lambda inner: st.builds(
        lambda fields, items, values, is_leaf: Shape(
            fields=fields, items=items if items and _counts(items) else None, values=values, is_leaf=is_leaf
        ),
        st.dictionaries(_NAMES, inner, min_size=1, max_size=2),
        st.none() | inner,
        st.none() | inner,
        st.booleans(),
    ),
    max_leaves=6,
)


def _counts(shape: Shape) -> bool:
    return shape.has_fields


def examples(shape: Shape) -> Iterator[Any]:
    """Values that together have everything a shape may hold."""
    if shape.is_leaf:
        yield 1
    for name, inner in shape.fields.items():
        yield from ({name: value} for value in examples(inner))
    if shape.items is not None:
        yield from ([value] for value in examples(shape.items))
    if shape.values is not None:
        yield from ({"of a free name": value} for value in examples(shape.values))


def paths_of(body: Any, shape: Shape) -> set[str]:
    request = Request("POST", "/a", {}, {"content-type": "application/json"}, json.dumps(body).encode(), 0)
    return set(values_of(request, Operation("POST /a", frozenset(), shape), {}))


@given(_SHAPES)
def test_a_body_with_everything_has_every_path(shape: Shape) -> None:
    assert {path for body in examples(shape) for path in paths_of(body, shape)} == set(shape.leaves("body"))


@pytest.mark.parametrize("key", [key for key, operation in OPERATIONS.items() if operation.body.has_fields])
def test_a_request_with_everything_has_every_path_of_the_document(key: str) -> None:
    operation = OPERATIONS[key]
    sent = {path for body in examples(operation.body) for path in paths_of(body, operation.body)}
    assert sent == {path for path in operation.accepted if path.startswith("body")}


def test_what_the_document_does_not_have_keeps_its_whole_path() -> None:
    shape = OPERATIONS["POST /sam2/segment_image"].body
    body = {"prompts": {"prompts": [{"points": [{"x": 1, "z": 2}]}]}, "new": {"of": [{"a": 1}, {"b": [1]}]}, "no": None}
    assert paths_of(body, shape) == {
        "body.prompts.prompts[].points[].x",
        "body.prompts.prompts[].points[].z",
        "body.new.of[].a",
        "body.new.of[].b",
    }


def test_an_object_of_any_content_is_one_path() -> None:
    shape = OPERATIONS["POST /workflows/run"].body
    assert paths_of({"specification": {"steps": [{"a": 1}]}, "inputs": {}}, shape) == {
        "body.specification",
        "body.inputs",
    }


def test_every_part_of_a_request_has_a_path() -> None:
    head = {"host": "a", "authorization": "Bearer KEY", "content-type": "multipart/form-data; boundary=b"}
    form = b'--b\r\nContent-Disposition: form-data; name="file"; filename="i"\r\n\r\n\x00\xff\r\n--b--\r\n'
    request = Request("POST", "/a/1", {"confidence": "0.3"}, head, form, 0)
    key, in_path = operation_of(request, (), OPERATIONS)
    assert values_of(request, OPERATIONS[key], in_path) == {
        "path.dataset_id": ["a"],
        "path.version_id": ["1"],
        "query.confidence": ["0.3"],
        "header.authorization": ["Bearer KEY"],
        "form.file": [b"\x00\xff"],
    }
    request.headers["content-type"] = "application/x-www-form-urlencoded"
    assert values_of(request, OPERATIONS[key], in_path)["body"] == [form]


@pytest.mark.parametrize(
    ("request_line", "key", "in_path"),
    [
        ("POST /clip/compare", "POST /clip/compare", {}),
        ("POST /infer/lmm/some/model", "POST /infer/lmm/{model_id}", {"model_id": "some/model"}),
        ("POST /a/workflows/b", "POST /{workspace_name}/workflows/{workflow_id}", {"workspace_name": "a"}),
        ("POST /infer/workflows/a/b", "POST /infer/workflows/{workspace_name}/{workflow_id}", {"workflow_id": "b"}),
        ("POST /llm/cogvlm", "POST /llm/cogvlm", {}),
        ("POST /model/add", "POST /model/add", {}),
        ("POST /llm/other", "POST /{dataset_id}/{version_id}", {"dataset_id": "llm", "version_id": "other"}),
        ("GET /inference_pipelines/list", "GET /inference_pipelines/list", {}),
    ],
)
def test_a_request_is_of_the_most_exact_operation(request_line: str, key: str, in_path: dict[str, str]) -> None:
    method, path = request_line.split()
    own = ["POST /llm/cogvlm", "POST /{dataset_id}/{version_id}"]
    found, values = operation_of(Request(method, path, {}, {}, b"", 0), own, OPERATIONS)
    assert found == key
    assert in_path.items() <= values.items()


def test_a_request_of_no_operation_is_an_error() -> None:
    with pytest.raises(AssertionError, match="PUT /a is no operation"):
        operation_of(Request("PUT", "/a", {}, {}, b"", 0), (), OPERATIONS)
