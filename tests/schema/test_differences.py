"""What changed between two servers, judged from the caller's side."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schema_tools.differences import SEVERITIES, Difference, compare, markdown
from schema_tools.kinds import kinds, not_covered
from schema_tools.layout import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

HISTORY = REPOSITORY / "openapi" / "history"
OLD = HISTORY / "0.58.3.json"
NEW = REPOSITORY / "openapi" / "upstream.json"


def load(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


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
    (f"{RUN}/deprecated", True, Difference("changed", "POST /run", "deprecated")),
    (f"{RUN}/responses", {"201": {}}, Difference("breaking", "POST /run", "success is 201, was 200")),
    ("components/schemas/Kind", DELETE, Difference("breaking", "Kind", "schema removed")),
    ("components/schemas/Kind/enum", ["x"], Difference("changed", "Kind", "values removed: 'y'")),
    ("components/schemas/Kind/enum", ["x", "y", "z"], Difference("changed", "Kind", "values added: 'z'")),
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


def test_from_the_oldest_supported_server_to_ours() -> None:
    found = compare(load(OLD), load(NEW))
    count = {severity: sum(row.severity == severity for row in found) for severity in SEVERITIES}
    assert count == {"breaking": 22, "behaviour": 0, "changed": 1, "added": 216}
    breaking = {(row.place, row.change) for row in found if row.severity == "breaking"}
    assert ("GazeDetectionInferenceRequest", "schema removed") in breaking
    assert ("ObjectDetectionInferenceRequest", "field `confidence` no longer takes null") in breaking
    assert (
        "InstanceSegmentationInferenceResponse",
        "field `predictions` may now be list of InstanceSegmentationRLEPrediction",
    ) in breaking


def test_the_report_has_a_section_for_each_severity() -> None:
    report = markdown(load(OLD), load(NEW))
    assert report.startswith("# Server 0.58.3 -> 1.8.3\n\n## breaking (22)\n\n- `")
    assert [line for line in report.splitlines() if line.startswith("## ")] == [
        "## breaking (22)",
        "## behaviour (0)",
        "## changed (1)",
        "## added (216)",
    ]


@pytest.mark.parametrize(("old", "new", "code"), [(OLD, NEW, 1), (NEW, NEW, 0)])
def test_the_script_can_fail_on_breaking_changes(old: Path, new: Path, code: int) -> None:
    script = REPOSITORY / "scripts" / "schema_diff.py"
    command = [sys.executable, str(script), str(old), str(new)]
    plain = subprocess.run(command, capture_output=True, text=True, check=False)
    strict = subprocess.run([*command, "--fail-on-breaking"], capture_output=True, text=True, check=False)
    assert (plain.returncode, strict.returncode) == (0, code)
    assert plain.stdout == strict.stdout == markdown(load(old), load(new))


TYPES = st.sampled_from(
    [{}, {"type": "string"}, {"type": "integer"}, {"type": "number"}, {"const": "x"}, {"enum": [1, 2]}]
)
SCHEMAS = st.recursive(
    TYPES,
    lambda inner: st.one_of(
        st.builds(lambda arms: {"anyOf": arms}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda items: {"type": "array", "items": items}, inner),
        st.builds(lambda values: {"type": "object", "additionalProperties": values}, inner),
    ),
    max_leaves=5,
)


@given(SCHEMAS, SCHEMAS)
def test_a_union_covers_its_arms_and_everything_covers_itself(one: dict[str, Any], other: dict[str, Any]) -> None:
    both = kinds({"anyOf": [one, other]})
    assert not_covered(kinds(one), both) == not_covered(kinds(other), both) == []
    assert not_covered(kinds(one), kinds(one)) == []
    assert not_covered(kinds(one), kinds({})) == []
