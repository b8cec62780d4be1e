"""What changed between two servers, judged from the caller's side: operations, names of schemas, and the script."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from schema_tools.differences import SEVERITIES, Difference, compare, markdown
from schema_tools.layout import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

HISTORY = REPOSITORY / "openapi" / "history"
OLD = HISTORY / "0.58.3.json"
NEW = HISTORY / "1.7.4.json"


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def report_on(old: Path, new: Path) -> str:
    return markdown(load(old), load(new), compare(load(old), load(new)))


def example() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "Server", "version": "1"},
        "paths": {
            "/run": {
                "post": {
                    "parameters": [{"in": "query", "name": "q", "schema": {"type": "number", "default": 1}}],
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Ask"}}}},
                    "responses": {
                        "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Say"}}}}
                    },
                }
            }
        },
        "components": {
            "schemas": {
                "Ask": {"required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}},
                "Say": {"required": ["a"], "properties": {"a": {"type": "string"}, "e": {"enum": ["x", "y"]}}},
                "Kind": {"type": "string", "enum": ["x", "y"]},
            }
        },
    }


ASK = "components/schemas/Ask/properties"
SAY = "components/schemas/Say/properties"
RUN = "paths/~run/post"

#: (where to write, what to write or DELETE, the difference)
DELETE = object()
CHANGES: list[tuple[str, Any, Difference]] = [
    ("paths/~run", DELETE, Difference("breaking", "POST /run", "operation removed")),
    ("paths/~new", {"get": {"responses": {}}}, Difference("added", "GET /new", "operation added")),
    (f"{RUN}/parameters", [], Difference("breaking", "POST /run", "query parameter `q` removed")),
    (
        f"{RUN}/parameters/0/required",
        True,
        Difference("breaking", "POST /run", "query parameter `q` became required"),
    ),
    (
        f"{RUN}/parameters/0/schema/type",
        "integer",
        Difference("breaking", "POST /run", "query parameter `q` no longer takes number"),
    ),
    (
        f"{RUN}/parameters/0/schema/default",
        2,
        Difference("behaviour", "POST /run", "default of query parameter `q` 1 -> 2"),
    ),
    (f"{RUN}/requestBody", DELETE, Difference("breaking", "POST /run", "body removed")),
    (f"{RUN}/requestBody/required", True, Difference("breaking", "POST /run", "body became required")),
    (
        f"{RUN}/parameters/0/in",
        "header",
        Difference("breaking", "POST /run", "query parameter `q` moved to header"),
    ),
    (f"{RUN}/parameters/0/deprecated", True, Difference("changed", "POST /run", "query parameter `q` deprecated")),
    (
        f"{RUN}/parameters/0/explode",
        False,
        Difference("breaking", "POST /run", "query parameter `q` is written in another way: `explode` changed"),
    ),
    (
        f"{RUN}/parameters/1",
        {"in": "header", "name": "h", "required": True, "schema": {}},
        Difference("breaking", "POST /run", "header parameter `h` added (required)"),
    ),
    (
        f"{RUN}/parameters/1",
        {"in": "cookie", "name": "c", "schema": {}},
        Difference("added", "POST /run", "cookie parameter `c` added"),
    ),
    (
        f"{RUN}/requestBody/content",
        {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/Ask"}}},
        Difference("breaking", "POST /run", "body no longer taken as application/json"),
    ),
    (
        f"{RUN}/requestBody/content/text~plain",
        {},
        Difference("added", "POST /run", "body also taken as text/plain"),
    ),
    (f"{RUN}/responses/202", {}, Difference("breaking", "POST /run", "answer 202 added")),
    (f"{RUN}/responses/422", {}, Difference("changed", "POST /run", "answer 422 added")),
    (
        f"{RUN}/responses/200/content/text~plain",
        {},
        Difference("breaking", "POST /run", "answer may now be text/plain"),
    ),
    (
        f"{RUN}/responses/200/content",
        DELETE,
        Difference("breaking", "POST /run", "answer no longer has a declared content"),
    ),
    (
        f"{RUN}/responses/200/headers",
        {"X-Time": {"schema": {"type": "number"}}},
        Difference("added", "POST /run", "header `x-time` of answer added"),
    ),
    (f"{RUN}/callbacks", {"done": {}}, Difference("changed", "POST /run", "`callbacks` changed")),
    (
        f"{RUN}/security",
        [{"key": []}],
        Difference("breaking", "POST /run", "no longer opens with no key, but with key"),
    ),
    ("security", [{"key": []}], Difference("breaking", "POST /run", "no longer opens with no key, but with key")),
    ("servers", [{"url": "/v1"}], Difference("changed", "POST /run", "`servers` changed")),
    (f"{RUN}/deprecated", True, Difference("changed", "POST /run", "deprecated")),
    (f"{RUN}/responses", {"201": {}}, Difference("breaking", "POST /run", "success is 201, was 200")),
    ("components/schemas/Kind", DELETE, Difference("changed", "Kind", "schema removed")),
    ("components/schemas/Kind/enum", ["x"], Difference("changed", "Kind", "value is no longer 'y'")),
    ("components/schemas/Kind/enum", ["x", "y", "z"], Difference("changed", "Kind", "value may now be 'z'")),
    ("components/schemas/Ask/required", ["a", "b"], Difference("breaking", "Ask", "field `b` became required")),
    ("components/schemas/Say/required", [], Difference("breaking", "Say", "field `a` may now be missing")),
    (f"{ASK}/b", DELETE, Difference("breaking", "Ask", "field `b` removed")),
    (f"{ASK}/c", {"type": "string"}, Difference("added", "Ask", "field `c` added")),
    (f"{ASK}/b/type", "number", Difference("added", "Ask", "field `b` also takes number")),
    (f"{ASK}/b/type", "string", Difference("breaking", "Ask", "field `b` no longer takes integer")),
    (f"{SAY}/a", {}, Difference("breaking", "Say", "field `a` may now be any")),
    (f"{SAY}/e/enum", ["x"], Difference("changed", "Say", "field `e` is no longer 'y'")),
    (f"{SAY}/e/enum", ["x", "y", "z"], Difference("breaking", "Say", "field `e` may now be 'z'")),
]


def change(document: dict[str, Any], place: str, value: Any) -> None:
    *parents, last = (step.replace("~", "/") for step in place.split("/"))
    node: Any = document
    for step in parents:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if value is DELETE:
        del node[last]
    elif isinstance(node, list) and int(last) == len(node):
        node.append(value)
    elif isinstance(node, list):
        node[int(last)] = value
    else:
        node[last] = value


@pytest.mark.parametrize(("place", "value", "expected"), CHANGES, ids=lambda value: str(getattr(value, "change", "")))
def test_a_planted_change_is_reported(place: str, value: Any, expected: Difference) -> None:
    old, new = example(), example()
    change(new, place, value)
    assert expected in compare(old, new)
    assert compare(old, old) == compare(new, new) == []


def test_a_required_field_is_breaking_only_where_it_is_sent() -> None:
    new = example()
    for name in ("Ask", "Say"):
        schema = new["components"]["schemas"][name]
        schema["properties"]["c"] = {"type": "string"}
        schema["required"].append("c")
    assert compare(example(), new) == [
        Difference("breaking", "Ask", "field `c` added (required)"),
        Difference("added", "Say", "field `c` added"),
    ]


def test_a_wider_list_or_map_is_no_break_where_it_is_sent() -> None:
    old, new = example(), example()
    for document, items in ((old, {"type": "string"}), (new, {"anyOf": [{"type": "string"}, {"type": "null"}]})):
        fields = document["components"]["schemas"]["Ask"]["properties"]
        fields["a"] = {"type": "array", "items": items}
        fields["b"] = {"type": "object", "additionalProperties": items}
    assert {row.severity for row in compare(old, new)} == {"added"}
    assert {row.severity for row in compare(new, old)} == {"breaking"}


def test_the_way_back_from_a_wider_change_is_the_opposite() -> None:
    old, new = example(), example()
    old["paths"]["/run"]["post"]["requestBody"]["required"] = True
    old["paths"]["/run"]["post"]["parameters"][0]["required"] = True
    change(new, f"{RUN}/responses/422", {"content": {"application/json": {"schema": {"type": "string"}}}})
    change(new, f"{RUN}/security", [{}, {"key": []}])
    assert compare(old, new) == [
        Difference("added", "POST /run", "query parameter `q` is no longer required"),
        Difference("added", "POST /run", "body is no longer required"),
        Difference("changed", "POST /run", "answer 422 added"),
    ]
    assert compare(new, old) == [
        Difference("breaking", "POST /run", "query parameter `q` became required"),
        Difference("breaking", "POST /run", "body became required"),
        Difference("changed", "POST /run", "answer 422 no longer declared"),
    ]


def test_an_operation_that_came_with_the_same_shape_is_perhaps_the_one_that_is_gone() -> None:
    new = example()
    new["paths"]["/execute"] = new["paths"].pop("/run")
    new["paths"]["/other"] = {"post": {"responses": {"200": {}}}, "get": example()["paths"]["/run"]["post"]}
    assert compare(example(), new) == [
        Difference("added", "GET /other", "operation added"),
        Difference("added", "POST /execute", "operation added"),
        Difference("added", "POST /other", "operation added"),
        Difference("breaking", "POST /run", "operation removed, perhaps renamed to `POST /execute`"),
    ]


def test_an_operation_with_the_same_shape_is_told_even_if_its_schemas_have_other_names() -> None:
    new = json.loads(json.dumps(example()).replace("Ask", "Question").replace("/run", "/execute"))
    breaking = [row for row in compare(example(), new) if row.severity == "breaking"]
    assert breaking == [Difference("breaking", "POST /run", "operation removed, perhaps renamed to `POST /execute`")]


def by_path(*names: str) -> dict[str, Any]:
    document = example()
    operation = {
        "parameters": [{"in": "path", "name": name, "required": True, "schema": {"type": "string"}} for name in names],
        "responses": {"200": {}},
    }
    document["paths"]["/" + "/".join(f"{{{name}}}" for name in names)] = {"get": operation}
    return document


def test_another_name_of_a_path_parameter_is_the_same_operation() -> None:
    new = by_path("x", "y")
    new["paths"]["/{x}/{y}"]["get"]["parameters"][0]["schema"]["type"] = "integer"
    assert compare(by_path("a", "y"), new) == [
        Difference("changed", "GET /{a}/{y}", "path parameter `a` renamed to `x`"),
        Difference("breaking", "GET /{a}/{y}", "path parameter `a` no longer takes string"),
        Difference("added", "GET /{a}/{y}", "path parameter `a` also takes integer"),
    ]


def test_parameters_of_the_path_and_components_are_seen() -> None:
    old, new = example(), example()
    row = new["paths"]["/run"]["post"]["parameters"].pop()
    new["paths"]["/run"]["parameters"] = [{"$ref": "#/components/parameters/Q"}]
    new["components"]["parameters"] = {"Q": row}
    new["components"]["responses"] = {"Ok": new["paths"]["/run"]["post"]["responses"]["200"]}
    new["paths"]["/run"]["post"]["responses"]["200"] = {"$ref": "#/components/responses/Ok"}
    assert compare(old, new) == compare(new, old) == []
    row["required"] = True
    assert compare(old, new) == [Difference("breaking", "POST /run", "query parameter `q` became required")]


def test_capitals_in_the_name_of_a_header_do_not_matter() -> None:
    old, new = example(), example()
    for document, name in ((old, "X-Key"), (new, "x-key")):
        change(document, f"{RUN}/parameters/1", {"in": "header", "name": name, "schema": {}})
        change(document, f"{RUN}/responses/200/headers", {name: {"schema": {}}})
    assert compare(old, new) == []


def test_an_alternative_way_to_show_a_key() -> None:
    old, new = example(), example()
    change(old, f"{RUN}/security", [{"key": [], "user": []}])
    change(new, f"{RUN}/security", [{"key": []}, {"oauth": ["read"]}])
    assert compare(old, new) == [
        Difference("added", "POST /run", "also opens with key"),
        Difference("added", "POST /run", "also opens with oauth and oauth (read)"),
    ]
    assert [row.severity for row in compare(new, old)] == ["breaking", "breaking"]


def test_a_key_that_is_shown_in_another_way_is_breaking() -> None:
    old, new = example(), example()
    old["components"]["securitySchemes"] = {"key": {"type": "apiKey", "in": "query", "name": "api_key"}}
    new["components"]["securitySchemes"] = {"key": {"type": "apiKey", "in": "header", "name": "api_key"}}
    assert compare(old, new) == [Difference("breaking", "security scheme key", "a key is shown in another way")]


def test_from_the_oldest_supported_server_to_a_later_one() -> None:
    found = compare(load(OLD), load(NEW))
    count = {severity: sum(row.severity == severity for row in found) for severity in SEVERITIES}
    assert count == {"breaking": 17, "behaviour": 0, "changed": 10, "added": 218}
    breaking = {(row.place, row.change) for row in found if row.severity == "breaking"}
    assert ("POST /gaze/gaze_detection", "body removed") in breaking
    assert ("ObjectDetectionInferenceRequest", "field `confidence` no longer takes null") in breaking
    assert (
        "InstanceSegmentationInferenceResponse",
        "an item of field `predictions` may now be InstanceSegmentationRLEPrediction",
    ) in breaking


def test_the_report_has_a_section_for_each_severity() -> None:
    report = report_on(OLD, NEW)
    assert report.startswith("# Server 0.58.3 -> 1.7.4\n\n## breaking (17)\n\n- `")
    assert [line for line in report.splitlines() if line.startswith("## ")] == [
        "## breaking (17)",
        "## behaviour (0)",
        "## changed (10)",
        "## added (218)",
    ]


def test_the_script_reads_what_a_snapshot_leaves_out(tmp_path: Path) -> None:
    files = [tmp_path / "old.json", tmp_path / "new.json"]
    for file, security in zip(files, ([], [{"key": []}]), strict=True):
        file.write_text(json.dumps({**example(), "security": security}), encoding="utf-8")
    script = REPOSITORY / "scripts" / "schema_diff.py"
    done = subprocess.run([sys.executable, str(script), *map(str, files)], capture_output=True, text=True, check=False)
    assert "- `POST /run`: no longer opens with no key, but with key" in done.stdout.splitlines()


@pytest.mark.parametrize(("old", "new", "code"), [(OLD, NEW, 1), (NEW, NEW, 0)])
def test_the_script_can_fail_on_breaking_changes(old: Path, new: Path, code: int) -> None:
    script = REPOSITORY / "scripts" / "schema_diff.py"
    command = [sys.executable, str(script), str(old), str(new)]
    plain = subprocess.run(command, capture_output=True, text=True, check=False)
    strict = subprocess.run([*command, "--fail-on-breaking"], capture_output=True, text=True, check=False)
    assert (plain.returncode, strict.returncode) == (0, code)
    assert plain.stdout == strict.stdout == report_on(old, new)
