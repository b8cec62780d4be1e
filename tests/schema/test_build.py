"""The built document: complete, valid, ours."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import validate
from schema_tools import build
from schema_tools.document import operations, reachable_schemas, schemas_of, walk_keywords
from schema_tools.errors import SchemaError
from schema_tools.layout import Layout

if TYPE_CHECKING:
    from schema_project import SchemaProject

OURS = Layout()
SERVER_ENUMS = [name for name, schema in schemas_of(OURS.load(OURS.upstream)).items() if "enum" in schema]


@pytest.fixture(scope="module")
def built() -> build.Built:
    return build.build(OURS)


def test_every_operation_and_schema_of_the_server_is_kept(built: build.Built) -> None:
    upstream = OURS.load(OURS.upstream)
    renames = OURS.load(OURS.normalise)["rename_schemas"]
    assert [key for key, _ in operations(built.document)] == [key for key, _ in operations(upstream)]
    assert {renames.get(name, name) for name in schemas_of(upstream)} <= schemas_of(built.document).keys()
    lock = OURS.load(OURS.lock)
    assert built.statistics["operations"] == lock["operations"]
    assert built.statistics["server schemas"] == lock["schemas"]


def test_each_kind_of_correction_has_reached_every_place(built: build.Built) -> None:
    upstream = OURS.load(OURS.upstream)
    rules = OURS.load(OURS.normalise)
    operation_parameters = [operation.get("parameters", []) for _, operation in operations(upstream)]
    bodies = [operation.get("requestBody", {}) for _, operation in operations(upstream)]
    sent = {name: schemas_of(upstream)[name] for name in reachable_schemas(upstream, bodies)}
    defaults = [node for node in walk_keywords([*sent.values(), operation_parameters]) if "default" in node]
    assert built.statistics["request defaults held back"] == len(defaults) > 100
    with_key = [schema for schema in sent.values() if "api_key" in schema.get("properties", {})]
    filled = [schema for schema in with_key if set(rules["server_filled"]) & set(schema.get("required", []))]
    assert built.statistics["server-filled fields relaxed"] == len(filled) > 0
    enums = [node for node in walk_keywords([upstream["paths"], upstream["components"]]) if "enum" in node]
    assert built.statistics["inline enums named"] + len(SERVER_ENUMS) == len(enums)
    actions = [action for path in OURS.overlays for action in OURS.load(path)["actions"]]
    assert built.statistics["overlay actions"] == len(actions)
    for node in walk_keywords(built.document):
        arms = node.get("anyOf", [])
        assert {} not in arms or all(arm in ({}, {"type": "null"}) for arm in arms)
        assert sum(arm.get("type") == "array" for arm in arms) < 2


def test_the_document_is_valid_openapi(built: build.Built) -> None:
    validate(built.document)


def test_the_document_in_the_repository_is_current(built: build.Built) -> None:
    build.check(built, OURS)


def test_a_stale_document_is_noticed(project: SchemaProject) -> None:
    build.write(project.build(), project.layout)
    build.check(project.build(), project.layout)
    project.layout.document.write_text("{}\n", encoding="utf-8")
    with pytest.raises(SchemaError, match=r"openapi/openapi\.json: is stale, run scripts/build_schema\.py"):
        build.check(project.build(), project.layout)


def test_the_snapshot_holds_no_prose_of_the_server() -> None:
    for node in walk_keywords(OURS.load(OURS.upstream)["paths"], is_name_map=True):
        assert not node.keys() & {"summary", "example", "examples", "title"}
        assert node.get("description", "") == ""
    for node in walk_keywords(OURS.load(OURS.upstream)["components"]):
        assert not node.keys() & {"summary", "description", "example", "examples", "title"}


def test_every_operation_parameter_schema_and_field_has_a_text(built: build.Built) -> None:
    described: list[tuple[str, Any]] = []
    for key, operation in operations(built.document):
        described += [(key, operation["summary"]), (key, operation["description"])]
        described += [(f"{key} {row['name']}", row.get("description")) for row in operation.get("parameters", [])]
        described += [(f"{key} {code}", row["description"]) for code, row in operation["responses"].items()]
    for name, schema in schemas_of(built.document).items():
        described.append((name, schema.get("description")))
        fields = schema.get("properties", {})
        described += [(f"{name}.{field}", row.get("description")) for field, row in fields.items()]
    assert [place for place, text in described if not isinstance(text, str) or not text.strip()] == []
    assert len(described) > 1800


def test_no_request_schema_and_no_parameter_keeps_a_default(built: build.Built) -> None:
    bodies = [operation.get("requestBody", {}) for _, operation in operations(built.document)]
    schemas = schemas_of(built.document)
    roots: list[Any] = [schemas[name] for name in sorted(reachable_schemas(built.document, bodies))]
    roots += [operation.get("parameters", []) for _, operation in operations(built.document)]
    assert len(roots) > 150
    assert [node for root in roots for node in walk_keywords(root) if "default" in node] == []


def test_the_server_default_is_part_of_the_text(built: build.Built) -> None:
    field = schemas_of(built.document)["ObjectDetectionInferenceRequest"]["properties"]["iou_threshold"]
    assert field["description"].endswith(f" Server default: {field['x-server-default']!r}.")


def test_the_snapshot_cannot_be_edited_by_hand(project: SchemaProject) -> None:
    document = project.server_document()
    del document["paths"]["/info"]
    project.layout.upstream.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(SchemaError, match=r"upstream\.lock\.json: sha256 .* run scripts/pull_schema\.py"):
        project.build()
