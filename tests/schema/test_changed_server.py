"""A correction that no longer applies stops the build and names the row to edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from schema_project import Document, SchemaProject


def schemas(document: Document) -> dict[str, Any]:
    return document["components"]["schemas"]


def test_a_new_route_asks_for_a_row(project: SchemaProject) -> None:
    def add(document: Document) -> None:
        document["paths"]["/infer/pose"] = {"post": {"operationId": "pose", "responses": {}}}

    project.change_server(add)
    with pytest.raises(SchemaError, match=r"openapi/operations\.yaml: .*add a row for each:\n  POST /infer/pose"):
        project.build()


def test_a_removed_route_asks_to_delete_its_row(project: SchemaProject) -> None:
    project.change_server(lambda document: document["paths"].pop("/notebook/start"))
    with pytest.raises(SchemaError, match=r"openapi/operations\.yaml: .*delete them:\n  GET /notebook/start"):
        project.build()


def test_two_operations_cannot_have_one_name(project: SchemaProject) -> None:
    project.edit(project.layout.operations, lambda table: table.update({"GET /logs": ["server", "get_info"]}))
    with pytest.raises(SchemaError, match=r"rows 'GET /info' and 'GET /logs' both have the name 'get_info'"):
        project.build()


def test_a_schema_that_is_gone_leaves_its_rename_stale(project: SchemaProject) -> None:
    project.edit(project.layout.normalise, lambda table: table["rename_schemas"].update(Point_3D="Point3D"))
    with pytest.raises(SchemaError, match=r"openapi/normalise\.yaml: rename_schemas row 'Point_3D' matches nothing"):
        project.build()


def test_a_rename_to_a_taken_name_is_refused(project: SchemaProject) -> None:
    project.edit(project.layout.normalise, lambda table: table["rename_schemas"].update(BaseModel="Box"))
    with pytest.raises(SchemaError, match="rename_schemas row 'BaseModel': the name 'Box' is taken"):
        project.build()


def test_a_server_name_that_is_no_class_name_asks_for_a_rename(project: SchemaProject) -> None:
    project.change_server(lambda document: schemas(document).update({"Answer[int]": {"type": "object"}}))
    with pytest.raises(SchemaError, match=r"add a rename_schemas row for each .*: \['Answer\[int\]'\]"):
        project.build()


def test_a_field_the_server_no_longer_requires_leaves_its_row_stale(project: SchemaProject) -> None:
    def fix(document: Document) -> None:
        for schema in schemas(document).values():
            if "id" in schema.get("required", []):
                schema["required"].remove("id")

    project.change_server(fix)
    with pytest.raises(SchemaError, match=r"normalise\.yaml: server_filled row 'id' changes nothing"):
        project.build()


def test_an_enum_with_other_values_leaves_its_row_stale(project: SchemaProject) -> None:
    def extend(document: Document) -> None:
        status = schemas(document)["SecureGatewayHealthResponse"]["properties"]["status"]
        status["enum"].append("new")

    project.change_server(extend)
    with pytest.raises(SchemaError, match=r"normalise\.yaml: enums row 'GatewayStatus' matches nothing"):
        project.build()


def test_an_enum_name_the_server_uses_itself_is_refused(project: SchemaProject) -> None:
    project.change_server(lambda document: schemas(document).update(MaskFormat={"type": "string"}))
    with pytest.raises(SchemaError, match="enums row 'MaskFormat': the server has a schema of that name"):
        project.build()


def test_an_answer_the_server_has_fixed_leaves_its_overlay_stale(project: SchemaProject) -> None:
    def fix(document: Document) -> None:
        content = document["paths"]["/logs"]["get"]["responses"]["200"]["content"]
        content["application/json"]["schema"] = {"$ref": "#/components/schemas/LogsResponse"}
        schemas(document)["LogsResponse"] = {"type": "object"}

    project.change_server(fix)
    with pytest.raises(
        SchemaError, match=r"openapi/overlays/30-responses\.yaml: action \d+ \(\$\.paths\['/logs'\].*: changes nothing"
    ):
        project.build()


def test_a_schema_the_server_adds_under_a_name_of_ours_is_noticed(project: SchemaProject) -> None:
    own = {"type": "object", "properties": {"status": {"type": "string"}, "since": {"type": "number"}}}
    project.change_server(lambda document: schemas(document).update(ReadinessStatus=own))
    with pytest.raises(SchemaError, match=r"30-responses\.yaml: action \d+ .*: ReadinessStatus: type: changes nothing"):
        project.build()


def test_a_parameter_the_server_declares_itself_is_noticed(project: SchemaProject) -> None:
    def declare(document: Document) -> None:
        row = {"name": "countinference", "in": "query", "required": False, "schema": {"type": "integer"}}
        document["paths"]["/{dataset_id}/{version_id}"]["get"]["parameters"].append(row)

    project.change_server(declare)
    with pytest.raises(SchemaError, match=r"the server now declares \['countinference'\] itself"):
        project.build()


def test_an_answer_that_is_gone_leaves_its_overlay_without_target(project: SchemaProject) -> None:
    project.change_server(lambda document: document["paths"]["/metrics"]["get"]["responses"]["200"].pop("content"))
    with pytest.raises(SchemaError, match=r"30-responses\.yaml: action 1 .*: matches nothing"):
        project.build()


def test_a_schema_in_requests_and_responses_asks_for_a_decision(project: SchemaProject) -> None:
    def share(document: Document) -> None:
        field = {"$ref": "#/components/schemas/InferenceRequestImage"}
        schemas(document)["ObjectDetectionInferenceResponse"]["properties"]["input"] = field

    project.change_server(share)
    with pytest.raises(SchemaError, match=r"in requests and in responses: \['InferenceRequestImage'\]"):
        project.build()


def test_a_rule_without_work_is_noticed(project: SchemaProject) -> None:
    def single_prompts(document: Document) -> None:
        for name in ("ClipCompareRequest", "PerceptionEncoderCompareRequest"):
            schemas(document)[name]["properties"]["prompt"] = {"type": "string"}

    project.change_server(single_prompts)
    with pytest.raises(SchemaError, match=r"unions\.py: merge_array_arms changes nothing any more, delete it"):
        project.build()


def test_a_status_without_a_text_asks_for_one(project: SchemaProject) -> None:
    project.change_server(
        lambda document: document["paths"]["/info"]["get"]["responses"].update({"418": {"description": ""}})
    )
    with pytest.raises(SchemaError, match=r"normalise\.yaml: add a responses row for status 418, used by GET /info"):
        project.build()


def test_an_overlay_that_points_nowhere_is_refused(project: SchemaProject) -> None:
    def misspell(overlay: dict[str, Any]) -> None:
        content = {"text/x": {"schema": {"$ref": "#/components/schemas/Nothing"}}}
        update = {"200": {"content": content}}
        overlay["actions"].append({"target": "$.paths['/info'].get.responses", "update": update})

    project.edit(project.layout.overlays[-1], misspell)
    with pytest.raises(SchemaError, match=r"a \$ref leads to 'Nothing'"):
        project.build()
