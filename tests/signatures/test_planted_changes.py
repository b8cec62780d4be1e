"""The comparison fails for every kind of change, and its message says what to do."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from inference_ext.client.routes_of_calls import ROUTES_OF_CALLS

from .accepted import read_document, read_operations
from .exposure import Exposed, exposed_by_all
from .left_out import Row, findings, read_table

#: How messages end.
EXPOSE = (
    "expose it as an argument of {0} and pass it in tests/signatures/arguments.py, or add it to a [[left_out]] row of "
    "tests/signatures/left_out.toml with a reason"
)
STOP_SENDING = (
    "so the server may ignore it: stop sending it, declare it in openapi/overlays when the server reads it, or add it "
    "to an [[undeclared]] row of tests/signatures/left_out.toml with a reason"
)
NOT_NEEDED = "does not need it (every method sends it, or no operation accepts it any more): remove it"


@pytest.fixture
def document() -> dict[str, Any]:
    return copy.deepcopy(dict(read_document()))


def found_in(
    document: dict[str, Any] | None = None, *, exposed: dict[str, Exposed] | None = None, rows: list[Row] | None = None
) -> list[str]:
    operations = read_operations(read_document() if document is None else document)
    return findings(operations, ROUTES_OF_CALLS, exposed or exposed_by_all(), read_table() if rows is None else rows)


def fields_of(document: dict[str, Any], schema: str) -> dict[str, Any]:
    fields: dict[str, Any] = document["components"]["schemas"][schema]["properties"]
    return fields


def without(method: str, operation: str, *parameters: str) -> dict[str, Exposed]:
    """What all methods send, but for some parameters of one."""
    exposed = dict(exposed_by_all())
    sent = dict(exposed[method])
    assert set(parameters) <= sent[operation]
    exposed[method] = {**sent, operation: sent[operation] - set(parameters)}
    return exposed


# -- the server changes


def test_a_new_field_of_a_request(document: dict[str, Any]) -> None:
    fields_of(document, "DoctrOCRInferenceRequest")["reading_order"] = {"type": "string"}
    assert found_in(document) == [
        f"POST /doctr/ocr accepts body.reading_order, which ocr_image cannot send: {EXPOSE.format('ocr_image')}"
    ]


def test_a_new_field_within_a_request(document: dict[str, Any]) -> None:
    fields_of(document, "TrainBox")["weight"] = {"anyOf": [{"type": "number"}, {"type": "null"}]}
    assert found_in(document) == [
        "POST /owlv2/infer accepts body.training_data[].boxes[].weight, which infer_from_owlv2 cannot send: "
        + EXPOSE.format("infer_from_owlv2")
    ]


def test_a_field_that_becomes_an_object(document: dict[str, Any]) -> None:
    fields_of(document, "MemorySinkConfiguration")["type"] = {
        "type": "object",
        "properties": {"name": {"type": "string"}},
    }
    pipeline = "start_inference_pipeline_with_workflow"
    assert found_in(document) == [
        "POST /inference_pipelines/initialise accepts body.sink_configuration.type.name, which "
        f"{pipeline} cannot send: {EXPOSE.format(pipeline)}",
        f"{pipeline} sends body.sink_configuration.type, which the document of POST /inference_pipelines/initialise "
        f"does not have, {STOP_SENDING}",
    ]


def test_a_new_query_parameter(document: dict[str, Any]) -> None:
    parameters = document["paths"]["/infer/workflows"]["post"]["parameters"]
    parameters.append({"name": "priority", "in": "query", "schema": {"type": "integer"}})
    assert found_in(document) == [
        "POST /infer/workflows accepts query.priority, which infer_from_workflow cannot send: "
        + EXPOSE.format("infer_from_workflow")
    ]


def test_a_new_header_of_a_route_of_several_methods(document: dict[str, Any]) -> None:
    parameters = document["paths"]["/infer/action_recognition"]["post"]["parameters"]
    parameters.append({"name": "X-Priority", "in": "header", "schema": {"type": "integer"}})
    methods = "infer_on_video, infer_on_video_from_api_v1"
    assert found_in(document) == [
        f"POST /infer/action_recognition accepts header.x-priority, which {methods} cannot send: "
        + EXPOSE.format(methods)
    ]


def test_a_new_operation(document: dict[str, Any]) -> None:
    document["paths"]["/sam4/segment"] = {"post": {"responses": {}}}
    assert found_in(document) == [
        "POST /sam4/segment is used by no method: write one and name it in inference_ext/client/routes_of_calls.py, or "
        "add it to a [[not_called]] row of tests/signatures/left_out.toml with a reason"
    ]


def test_an_operation_that_is_gone(document: dict[str, Any]) -> None:
    del document["paths"]["/metrics"]
    assert found_in(document) == [
        "left_out.toml: [[not_called]] GET /metrics: the document has no such operation: remove it"
    ]


def test_a_parameter_that_the_server_no_longer_has(document: dict[str, Any]) -> None:
    del fields_of(document, "EasyOCRInferenceRequest")["quantize"]
    assert found_in(document) == [
        f"ocr_image sends body.quantize, which the document of POST /easy_ocr/ocr does not have, {STOP_SENDING}"
    ]


def test_a_parameter_in_the_table_that_the_server_no_longer_has(document: dict[str, Any]) -> None:
    del fields_of(document, "PPOCRInferenceRequest")["text_detection"]
    assert found_in(document) == [
        f"left_out.toml: [[left_out]] of POST /ocr/pp-ocr: body.text_detection: POST /ocr/pp-ocr {NOT_NEEDED}"
    ]


def test_a_parameter_that_is_declared_at_last(document: dict[str, Any]) -> None:
    fields_of(document, "WorkflowSpecificationInferenceRequest")["use_cache"] = {"type": "boolean"}
    reason = "does not need it (no method sends it, or the document has it now): remove the operation"
    assert found_in(document) == [
        f"left_out.toml: [[undeclared]] of POST /infer/workflows, ...: {operation} {reason}"
        for operation in ("POST /infer/workflows", "POST /workflows/run")
    ]


# -- a method changes


def test_a_method_that_no_longer_sends_a_parameter() -> None:
    operation = "POST /infer/object_detection"
    assert found_in(exposed=without("detect_objects", operation, "body.iou_threshold")) == [
        f"{operation} accepts body.iou_threshold, which detect_objects cannot send: {EXPOSE.format('detect_objects')}"
    ]


def test_a_method_that_no_longer_sends_a_field_within_its_prompts() -> None:
    lost = "body.prompts.prompts[].points[].positive"
    assert found_in(exposed=without("sam2_segment_image", "POST /sam2/segment_image", lost)) == [
        f"POST /sam2/segment_image accepts {lost}, which sam2_segment_image cannot send: "
        + EXPOSE.format("sam2_segment_image")
    ]


def test_a_method_that_no_longer_sends_the_key_in_one_of_two_places() -> None:
    operation = "POST /clip/compare"
    assert found_in(exposed=without("clip_compare", operation, "query.api_key")) == []
    assert found_in(exposed=without("clip_compare", operation, "query.api_key", "body.api_key")) == [
        f"{operation} accepts {place}.api_key, which clip_compare cannot send: {EXPOSE.format('clip_compare')}"
        for place in ("body", "query")
    ]


def test_a_method_that_can_send_what_the_table_leaves_out() -> None:
    exposed = dict(exposed_by_all())
    sent = exposed["ocr_image"]
    exposed["ocr_image"] = {**sent, "POST /ocr/pp-ocr": sent["POST /ocr/pp-ocr"] | {"body.text_detection", "body.id"}}
    assert found_in(exposed=exposed) == [
        "left_out.toml: [[left_out]] of *: body.id: ocr_image can send it: name the operations instead of '*'",
        f"left_out.toml: [[left_out]] of POST /ocr/pp-ocr: body.text_detection: POST /ocr/pp-ocr {NOT_NEEDED}",
    ]


def test_one_of_several_methods_that_can_send_what_the_table_leaves_out() -> None:
    operation = "POST /{dataset_id}/{version_id}"
    exposed = dict(exposed_by_all())
    for method, parameter in (("infer", "query.image_type"), ("classify", "query.include_candidates")):
        exposed[method] = {**exposed[method], operation: exposed[method][operation] | {parameter}}
    row = f"left_out.toml: [[left_out]] of {operation}"
    assert found_in(exposed=exposed) == [
        f"{row}: query.image_type of {operation}: infer sends it: name the methods that do not",
        f"{row}: query.include_candidates of {operation}: classify does not need it: remove the method",
    ]


# -- the table


def changed(kind: str, operation: str, **changes: Any) -> Iterable[Row]:
    """The table with a change in the first row of an operation."""
    rows = read_table()
    place = next(place for place, row in enumerate(rows) if row.kind == kind and operation in row.operations)
    rows[place] = evolve(rows[place], **changes)
    return rows


@pytest.mark.parametrize("kind", ["left_out", "undeclared", "not_called"])
def test_a_row_without_a_reason(kind: str) -> None:
    operation = {"left_out": "POST /ocr/pp-ocr", "undeclared": "POST /llm/cogvlm", "not_called": "GET /metrics"}[kind]
    place = next(row.operations for row in read_table() if row.kind == kind and operation in row.operations)
    shown = f"{place[0]}, ..." if len(place) > 1 else place[0]
    assert found_in(rows=list(changed(kind, operation, reason=""))) == [
        f"left_out.toml: [[{kind}]] of {shown}: has no reason: say why"
    ]


def test_a_row_that_is_said_twice() -> None:
    (row,) = (row for row in read_table() if row.parameters == ("body.embeddings_format",))
    assert found_in(rows=[*read_table(), row]) == [
        "left_out.toml: [[left_out]] of POST /sam/segment_image: body.embeddings_format of POST /sam/segment_image is "
        "in another row too: remove one"
    ]


def test_a_method_that_is_listed_as_uncalled() -> None:
    rows = [*read_table(), Row("not_called", ("POST /clip/compare",), "It is not.")]
    assert found_in(rows=rows) == ["left_out.toml: [[not_called]] POST /clip/compare: clip_compare uses it: remove it"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[left_aut]]\noperations = ["*"]\n', r"\[\[left_aut\]\] is none of left_out, undeclared, not_called"),
        ('[[left_out]]\noperations = ["*"]\nreason = "a"\n', r"number 1: wrong keys \['parameters'\]"),
        ('[[not_called]]\noperations = ["*"]\nwhy = "a"\n', r"number 1: wrong keys \['why'\]"),
    ],
)
def test_a_table_with_a_mistake(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "left_out.toml"
    path.write_text(text)
    with pytest.raises(ValueError, match=words):
        read_table(path)
