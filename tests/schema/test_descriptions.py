"""Our texts: none missing, none left over, the nearest one wins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from schema_tools.document import operations, schemas_of
from schema_tools.errors import SchemaError

if TYPE_CHECKING:
    from schema_project import SchemaProject


def test_all_missing_texts_are_listed_at_once(project: SchemaProject) -> None:
    project.edit(project.texts("operations"), lambda table: table.pop("get_info"))
    project.edit(project.texts("schemas"), lambda table: table.pop("ServerVersionInfo"))
    project.edit(project.texts("fields"), lambda table: table.pop("inference_id"))
    with pytest.raises(SchemaError) as caught:
        project.build()
    message = str(caught.value)
    assert "openapi/descriptions/operations.yaml: 1 rows missing:\n  get_info" in message
    assert "openapi/descriptions/schemas.yaml: 1 rows missing:\n  ServerVersionInfo" in message
    assert "\n  ObjectDetectionInferenceResponse.inference_id" in message


def test_texts_that_are_used_nowhere_are_listed(project: SchemaProject) -> None:
    project.edit(project.texts("fields"), lambda table: table.update({"Box.depth": "Depth.", "gone": "Gone."}))
    project.edit(project.texts("parameters"), lambda table: table.update({"get_info.verbose": "Verbose."}))
    with pytest.raises(SchemaError) as caught:
        project.build()
    assert "fields.yaml: 2 rows used nowhere, delete them:\n  Box.depth\n  gone" in str(caught.value)
    assert "parameters.yaml: 1 rows used nowhere, delete them:\n  get_info.verbose" in str(caught.value)


def test_a_text_for_one_place_wins_over_the_general_one(project: SchemaProject) -> None:
    project.edit(project.texts("parameters"), lambda table: table.update({"doctr_ocr.api_key": "Only here"}))
    project.edit(project.texts("fields"), lambda table: table.update({"ClipCompareRequest.api_key": "Only there"}))
    document = project.build().document
    parameters = {
        operation["operationId"]: {row["name"]: row["description"] for row in operation.get("parameters", [])}
        for _, operation in operations(document)
    }
    assert parameters["doctr_ocr"]["api_key"] == "Only here"
    assert parameters["easy_ocr_ocr"]["api_key"] != "Only here"
    schemas = schemas_of(document)
    assert schemas["ClipCompareRequest"]["properties"]["api_key"]["description"] == "Only there"
    assert schemas["DoctrOCRInferenceRequest"]["properties"]["api_key"]["description"] != "Only there"


def test_the_server_default_follows_the_text_as_a_sentence(project: SchemaProject) -> None:
    name = "ObjectDetectionInferenceRequest"
    project.edit(project.texts("fields"), lambda table: table.update({f"{name}.iou_threshold": "Overlap"}))
    field = schemas_of(project.build().document)[name]["properties"]["iou_threshold"]
    assert field["description"] == f"Overlap. Server default: {field['x-server-default']!r}."


@pytest.mark.parametrize("row", ["only text", {"summary": "One line"}, {"summary": "S", "description": " "}])
def test_an_operation_needs_summary_and_description(project: SchemaProject, row: object) -> None:
    project.edit(project.texts("operations"), lambda table: table.update(get_info=row))
    with pytest.raises(SchemaError, match=r"operations\.yaml: row 'get_info' must have the texts"):
        project.build()


def test_a_summary_is_one_line(project: SchemaProject) -> None:
    row = {"summary": "Two\nlines", "description": "Text."}
    project.edit(project.texts("operations"), lambda table: table.update(get_info=row))
    with pytest.raises(SchemaError, match="row 'get_info': the summary must be one line"):
        project.build()


def test_an_empty_text_is_refused(project: SchemaProject) -> None:
    project.edit(project.texts("fields"), lambda table: table.update({"ServerVersionInfo.uuid": "  "}))
    with pytest.raises(SchemaError, match=r"fields\.yaml: row 'ServerVersionInfo.uuid' must be a text"):
        project.build()


def test_a_row_given_twice_is_refused(project: SchemaProject) -> None:
    path = project.texts("fields")
    path.write_text(path.read_text(encoding="utf-8") + "\napi_key: Again.\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"openapi/descriptions/fields\.yaml: .*'api_key' appears twice"):
        project.build()


def test_a_missing_file_is_named(project: SchemaProject) -> None:
    project.texts("schemas").unlink()
    with pytest.raises(SchemaError, match=r"openapi/descriptions/schemas\.yaml: cannot be read"):
        project.build()
