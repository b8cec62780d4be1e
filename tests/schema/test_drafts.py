"""A new server document: the script edits the rows it can, and leaves drafts with which nothing is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from schema_tools.draft_names import enum_name, operation_row, schema_name
from schema_tools.drafts import CONFIRM_NAME, WRITE_TEXT, Edit, draft_rows
from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from schema_project import Document, SchemaProject


def schemas(document: Document) -> dict[str, Any]:
    return document["components"]["schemas"]


def add_pose(document: Document) -> None:
    """A new operation with a request of its own, a query parameter, a status and values without a name."""
    schemas(document)["PoseRequest"] = {
        "type": "object",
        "required": ["model_id"],
        "properties": {
            "model_id": {"type": "string"},
            "limb_order": {"type": "string", "enum": ["top_down", "bottom_up"], "default": "top_down"},
        },
    }
    schemas(document)["Page[Pose]"] = {"type": "object", "properties": {"limb_count": {"type": "integer"}}}
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/PoseRequest"}}}
    answer = {"application/json": {"schema": {"$ref": "#/components/schemas/Page[Pose]"}}}
    document["paths"]["/infer/pose/{model_id}"] = {
        "post": {
            "operationId": "pose",
            "parameters": [{"name": "joint_limit", "in": "query", "required": False, "schema": {"type": "integer"}}],
            "requestBody": {"required": True, "content": content},
            "responses": {"200": {"description": "", "content": answer}, "418": {"description": ""}},
        }
    }


def by_row(edits: list[Edit]) -> dict[str, tuple[str, str | None]]:
    return {f"{edit.file.rpartition('/')[2]} {edit.row}": (edit.change, edit.todo) for edit in edits}


def write_the_texts(project: SchemaProject) -> None:
    for name in ("operations", "parameters", "schemas", "fields"):
        path = project.texts(name)
        path.write_text(path.read_text(encoding="utf-8").replace("TODO", "Written."), encoding="utf-8")


def test_a_new_operation_needs_its_texts_and_nothing_else(project: SchemaProject) -> None:
    project.change_server(add_pose)
    edits = draft_rows(project.layout)
    assert by_row(edits) == {
        "normalise.yaml Page[Pose]": ("added", CONFIRM_NAME),
        "normalise.yaml LimbOrder": ("added", CONFIRM_NAME),
        "normalise.yaml 418": ("added", None),
        "operations.yaml POST /infer/pose/{model_id}": ("added", CONFIRM_NAME),
        "operations.yaml infer_pose": ("added", WRITE_TEXT),
        "parameters.yaml joint_limit": ("added", WRITE_TEXT),
        "schemas.yaml PagePose": ("added", WRITE_TEXT),
        "schemas.yaml PoseRequest": ("added", WRITE_TEXT),
        "schemas.yaml LimbOrder": ("added", WRITE_TEXT),
        "fields.yaml limb_order": ("added", WRITE_TEXT),
        "fields.yaml limb_count": ("added", WRITE_TEXT),
    }
    for edit in edits:
        assert edit.line is not None
        line = (project.layout.root / edit.file).read_text(encoding="utf-8").splitlines()[edit.line - 1]
        assert edit.row in line

    with pytest.raises(SchemaError) as caught:
        project.build()
    message = str(caught.value)
    assert "openapi/descriptions/fields.yaml: 2 rows are drafts, write their texts:" in message
    assert "openapi/descriptions/operations.yaml: 1 rows are drafts, write their texts:\n  infer_pose" in message

    write_the_texts(project)
    built = project.build()
    operation = built.document["paths"]["/infer/pose/{model_id}"]["post"]
    assert (operation["tags"], operation["operationId"]) == (["infer"], "infer_pose")
    assert operation["responses"]["418"]["description"] == "I'm a Teapot."


def test_a_second_run_has_nothing_to_do(project: SchemaProject) -> None:
    project.change_server(add_pose)
    draft_rows(project.layout)
    texts = {path: path.read_bytes() for path in project.layout.openapi.rglob("*.yaml")}
    assert draft_rows(project.layout) == []
    assert {path: path.read_bytes() for path in project.layout.openapi.rglob("*.yaml")} == texts


def test_our_own_document_needs_no_edit(project: SchemaProject) -> None:
    assert draft_rows(project.layout) == []


def test_what_is_gone_takes_its_rows_along(project: SchemaProject) -> None:
    def drop(document: Document) -> None:
        del document["paths"]["/notebook/start"]
        del schemas(document)["InferenceRequestImage"]["properties"]["type"]
        status = schemas(document)["SecureGatewayHealthResponse"]["properties"]["status"]
        status["enum"].append("starting")

    project.change_server(drop)
    edits = by_row(draft_rows(project.layout))
    assert edits["operations.yaml GET /notebook/start"] == ("deleted", None)
    assert edits["operations.yaml start_notebook"] == ("deleted", None)
    assert edits["fields.yaml InferenceRequestImage.type"] == ("deleted", None)
    assert edits["normalise.yaml GatewayStatus"] == ("changed", None)
    values = project.layout.load(project.layout.normalise)["enums"]["GatewayStatus"]
    assert values == ["healthy", "unhealthy", "not_configured", "starting"]
    # an overlay corrects a route that is gone: whether it moved or vanished is for a person to say
    with pytest.raises(SchemaError, match=r"30-responses\.yaml: action \d+ \(\$\.paths\['/notebook/start'\]"):
        project.build()


def test_every_problem_is_told_in_one_run(project: SchemaProject) -> None:
    def change(document: Document) -> None:
        del document["paths"]["/metrics"]["get"]["responses"]["200"]["content"]
        del document["paths"]["/logs"]["get"]["responses"]["200"]["content"]
        document["paths"]["/info"]["get"]["responses"]["418"] = {"description": ""}

    project.change_server(change)
    with pytest.raises(SchemaError) as caught:
        project.build()
    message = str(caught.value)
    assert "($.paths['/metrics']" in message
    assert "($.paths['/logs']" in message
    assert "add a responses row for status 418" in message


def test_an_answer_without_a_type_asks_for_an_overlay(project: SchemaProject) -> None:
    def answer_anything(document: Document) -> None:
        content = document["paths"]["/model/add"]["post"]["responses"]["200"]["content"]
        content["application/json"]["schema"] = {}

    project.change_server(answer_anything)
    draft_rows(project.layout)
    with pytest.raises(SchemaError, match=r"have no type.*\n  POST /model/add: 200: application/json"):
        project.build()


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("GET /device/fans", ("server", "get_device_fans")),
        ("POST /infer/lmm/{model_id}", ("infer", "infer_lmm_with_model_id")),
        ("DELETE /build/api/{workflow_id}", ("builder", "delete_build_api")),
        ("POST /new-thing/do.it", ("new_thing", "new_thing_do_it")),
        ("GET /{anything}", ("server", "get")),
        ("POST /infer/lmm/", ("infer", "infer_lmm2")),
    ],
)
def test_names_of_operations(key: str, expected: tuple[str, str]) -> None:
    rows = {
        "GET /info": ["server", "get_info"],
        "GET /device/stats": ["server", "get_device_stats"],
        "POST /infer/lmm": ["infer", "infer_lmm"],
        "GET /build/api": ["builder", "list_local_workflows"],
    }
    assert operation_row(key, rows) == expected


def test_names_of_schemas_and_values() -> None:
    assert schema_name("Discovery_ModelSummary_", ()) == "ModelSummaryDiscovery"
    assert schema_name("Page[Pose]", ()) == "PagePose"
    assert schema_name("Point-Input", ("PointInput",)) == "PointInput2"
    assert enum_name("mask_format", ()) == "MaskFormat"
    assert enum_name("mask_format", ("MaskFormat",)) == "MaskFormat2"
